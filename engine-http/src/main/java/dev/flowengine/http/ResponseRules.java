package dev.flowengine.http;

import dev.flowengine.extension.DataReader;
import dev.flowengine.json.FlowJsonException;
import dev.flowengine.json.JsonData;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What becomes of a response: a failure of the node, or its output. */
final class ResponseRules {
    private static final Statuses FAILING = Statuses.between(400, 999);
    private static final Statuses PASSING = Statuses.of(408, 425, 429, 500, 502, 503, 504);
    private static final Pattern CHARSET = Pattern.compile("(?i);\\s*charset\\s*=\\s*\"?([^\";\\s]+)");
    private static final int LONGEST_EXCERPT = 200;

    private final Statuses failing;
    private final Statuses passing;
    private final Form form;

    private ResponseRules(Statuses failing, Statuses passing, Form form) {
        this.failing = failing;
        this.passing = passing;
        this.form = form;
    }

    /** What the body of a response becomes. */
    private enum Form {
        AUTO,
        JSON,
        TEXT,
        BASE64,
        NONE
    }

    static ResponseRules read(DataReader parameters) {
        return new ResponseRules(
                Statuses.read(parameters, "failOn", FAILING),
                Statuses.read(parameters, "retryOn", PASSING),
                parameters.has("response") ? parameters.choice("response", List.of(Form.values())) : Form.AUTO);
    }

    /** The output of the node. */
    Map<String, @Nullable Object> value(Request request, HttpResponse<byte[]> response) {
        if (failing.contain(response.statusCode())) {
            throw failure(request, response);
        }
        Map<String, @Nullable Object> value = new LinkedHashMap<>();
        value.put("status", response.statusCode());
        value.put("headers", headers(response.headers()));
        value.put("body", body(request, response));
        return Collections.unmodifiableMap(value);
    }

    private HttpStatusException failure(Request request, HttpResponse<byte[]> response) {
        int status = response.statusCode();
        String excerpt = isText(contentType(response)) ? excerpt(text(response)) : "";
        FlowException.Builder failure = FlowException.of(
                FailureKind.NODE_EXECUTION_FAILED, request.shown() + " was answered with status " + status + excerpt);
        if (passing.contain(status)) {
            failure.suggestedResolution("Try again later, as a retry of the node does.");
        } else {
            failure.permanent().suggestedResolution("Correct the request, or leave the status out of 'failOn'.");
        }
        return new HttpStatusException(failure, status);
    }

    private static String excerpt(String text) {
        String line = text.strip().replaceAll("[\\p{Cntrl}\\s]+", " ");
        return line.isEmpty()
                ? ""
                : ": " + (line.length() <= LONGEST_EXCERPT ? line : line.substring(0, LONGEST_EXCERPT) + "…");
    }

    /** Names in lower case; several values as one text, but for cookies, which may contain what separates them. */
    private static Map<String, @Nullable Object> headers(HttpHeaders headers) {
        Map<String, @Nullable Object> sorted = new TreeMap<>();
        headers.map().forEach((name, values) -> {
            String canonical = HeaderRules.canonical(name);
            if (!canonical.startsWith(":")) {
                sorted.put(canonical, canonical.equals("set-cookie") ? List.copyOf(values) : String.join(", ", values));
            }
        });
        return Collections.unmodifiableMap(new LinkedHashMap<>(sorted));
    }

    private @Nullable Object body(Request request, HttpResponse<byte[]> response) {
        if (response.body().length == 0 || form == Form.NONE) {
            return null;
        }
        return switch (form == Form.AUTO ? suited(contentType(response)) : form) {
            case JSON -> json(request, response);
            case TEXT -> text(response);
            case BASE64, AUTO, NONE -> Base64.getEncoder().encodeToString(response.body());
        };
    }

    private static Form suited(String contentType) {
        String type = mediaType(contentType);
        if (type.endsWith("/json") || type.endsWith("+json")) {
            return Form.JSON;
        }
        return isText(contentType) ? Form.TEXT : Form.BASE64;
    }

    private static boolean isText(String contentType) {
        String type = mediaType(contentType);
        return type.startsWith("text/")
                || type.endsWith("json")
                || type.endsWith("xml")
                || type.equals("application/javascript")
                || type.equals("application/x-www-form-urlencoded")
                || CHARSET.matcher(contentType).find();
    }

    private static String mediaType(String contentType) {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Object json(Request request, HttpResponse<byte[]> response) {
        try {
            // JSON is UTF-8, whatever a server says; a mark of the order of bytes is put up with.
            String text = new String(response.body(), StandardCharsets.UTF_8);
            return JsonData.read(text.startsWith("\ufeff") ? text.substring(1) : text);
        } catch (FlowJsonException wrong) {
            throw FlowException.of(
                            FailureKind.SERIALIZATION,
                            request.shown() + " was answered with what is no JSON: "
                                    + wrong.problems().get(0))
                    .cause(wrong)
                    .suggestedResolution("Take the response as TEXT or BASE64 with 'response'.")
                    .permanent()
                    .build();
        }
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), charset(contentType(response)));
    }

    private static Charset charset(String contentType) {
        Matcher matcher = CHARSET.matcher(contentType);
        try {
            return matcher.find() ? Charset.forName(matcher.group(1)) : StandardCharsets.UTF_8;
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            return StandardCharsets.UTF_8;
        }
    }

    private static String contentType(HttpResponse<?> response) {
        return response.headers().firstValue("content-type").orElse("");
    }
}
