package dev.flowengine.http;

import dev.flowengine.extension.DataReader;
import dev.flowengine.json.JsonPointer;
import dev.flowengine.model.FlowException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes: a text in which {@code {/pointer}} stands for a part of the input, or a whole URL from there; and a query
 * to be added. A part of the input can only be a part of the path or the query: it is encoded, so that it cannot end one.
 */
final class UrlTemplate {
    private static final Pattern PLACE = Pattern.compile("\\{(/[^{}]*)\\}");
    private static final Pattern SERVER = Pattern.compile("(?i)https?://[^/?#{}@\\s]+(?=[/?#]|$)");
    /** Servers take such a step for a way to another place, even one that is encoded. */
    private static final Pattern WAY_UP = Pattern.compile("(^|[/\\\\])\\.\\.?($|[/\\\\;])");

    private static final String UNRESERVED = "-._~";

    private final String text;
    private final @Nullable Argument whole;
    private final Map<String, Argument> query;

    private UrlTemplate(String text, @Nullable Argument whole, Map<String, Argument> query) {
        this.text = text;
        this.whole = whole;
        this.query = query;
    }

    static UrlTemplate read(DataReader parameters) {
        Map<String, Argument> query = new LinkedHashMap<>();
        DataReader given = parameters.optionalObject("query");
        given.names().forEach(name -> query.put(name, Argument.read(given, name)));
        if (parameters.has("url") && parameters.value("url") instanceof Map) {
            return new UrlTemplate("", Argument.read(parameters, "url"), query);
        }
        String text = parameters.text("url");
        if (parameters.has("url") && parameters.value("url") instanceof String) {
            checkText(parameters, text);
        }
        return new UrlTemplate(text, null, query);
    }

    private static void checkText(DataReader parameters, String text) {
        Matcher places = PLACE.matcher(text);
        boolean pointers = places.results()
                .allMatch(place -> JsonPointer.parse(place.group(1)).isPresent());
        String sample = PLACE.matcher(text).replaceAll("x");
        if (!SERVER.matcher(text).lookingAt() || !pointers || Urls.parse(sample) == null) {
            // Not told with the text, in which there may be secrets.
            parameters.problem(
                    "url",
                    "should be a URL such as \"https://api.example.com/orders/{/order/id}\", with parts of the input only in"
                            + " its path and query, or an object with 'field'");
        }
    }

    URI url(@Nullable Object input) {
        StringBuilder url = new StringBuilder(whole == null ? filled(input) : given(whole, input));
        int fragment = url.indexOf("#");
        if (fragment >= 0) {
            url.setLength(fragment);
        }
        query.forEach((name, argument) -> {
            for (String value : argument.texts(input, "the value of the query's '" + name + "'")) {
                url.append(url.indexOf("?") < 0 ? '?' : '&')
                        .append(encoded(name))
                        .append('=')
                        .append(encoded(value));
            }
        });
        URI parsed = Urls.parse(url.toString());
        if (parsed == null || !parsed.isAbsolute()) {
            throw Argument.wrong("its URL is none");
        }
        return parsed;
    }

    private static String given(Argument whole, @Nullable Object input) {
        List<String> texts = whole.texts(input, "the URL");
        if (texts.size() != 1) {
            throw Argument.wrong("there is no URL in it");
        }
        return texts.get(0);
    }

    private String filled(@Nullable Object input) {
        int query = text.indexOf('?');
        return PLACE.matcher(text).replaceAll(place -> {
            String part = part(place.group(1), input);
            if ((query < 0 || place.start() < query) && WAY_UP.matcher(part).find()) {
                throw unfit(place.group(1));
            }
            return Matcher.quoteReplacement(encoded(part));
        });
    }

    private static String part(String pointer, @Nullable Object input) {
        Object value =
                JsonPointer.parse(pointer).map(place -> place.valueIn(input)).orElse("");
        if (value instanceof List || value instanceof Map || value.toString().isEmpty()) {
            throw unfit(pointer);
        }
        return value.toString();
    }

    private static FlowException unfit(String pointer) {
        return Argument.wrong("'" + pointer + "' should be a text or number that can be a part of the URL");
    }

    static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            if ((c >= '0' && c <= '9')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || UNRESERVED.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%')
                        .append(Character.toUpperCase(Character.forDigit(octet >> 4 & 0xf, 16)))
                        .append(Character.toUpperCase(Character.forDigit(octet & 0xf, 16)));
            }
        }
        return encoded.toString();
    }
}
