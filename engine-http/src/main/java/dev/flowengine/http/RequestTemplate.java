package dev.flowengine.http;

import dev.flowengine.extension.DataReader;
import dev.flowengine.node.NodeContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What a flow says about a request, and the requests it makes of inputs. */
final class RequestTemplate {
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    private static final String CONTENT_TYPE = "Content-Type";

    private final Request.Method method;
    private final UrlTemplate url;
    private final Map<String, Argument> headers;
    private final BodyTemplate body;
    private final boolean idempotencyKey;

    private RequestTemplate(
            Request.Method method,
            UrlTemplate url,
            Map<String, Argument> headers,
            BodyTemplate body,
            boolean idempotencyKey) {
        this.method = method;
        this.url = url;
        this.headers = headers;
        this.body = body;
        this.idempotencyKey = idempotencyKey;
    }

    static RequestTemplate read(DataReader parameters) {
        Request.Method method = parameters.has("method")
                ? parameters.choice("method", List.of(Request.Method.values()))
                : Request.Method.GET;
        UrlTemplate url = UrlTemplate.read(parameters);
        Map<String, Argument> headers = headers(parameters.optionalObject("headers"));
        boolean key = parameters.flag("idempotencyKey");
        if (key && headers.keySet().stream().anyMatch(IDEMPOTENCY_KEY::equalsIgnoreCase)) {
            parameters.problem("idempotencyKey", "cannot be given together with a header of that name");
        }
        return new RequestTemplate(method, url, headers, BodyTemplate.read(parameters, method), key);
    }

    private static Map<String, Argument> headers(DataReader given) {
        Map<String, Argument> headers = new LinkedHashMap<>();
        TreeSet<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : given.names()) {
            Argument value = Argument.read(given, name);
            String refusal = HeaderRules.refusal(name);
            if (refusal != null) {
                given.problem(name, refusal);
            } else if (!names.add(name)) {
                given.problem(name, "is there twice, as names of headers differ in more than case");
            } else if (value.literal() instanceof String text && !HeaderRules.isValue(text)) {
                // Not told with the value, which may be secret.
                given.problem(name, "should be " + HeaderRules.VALUE);
            }
            headers.put(name, value);
        }
        return headers;
    }

    Request make(NodeContext context) {
        Object input = context.input();
        byte[] bytes = body.bytes(input);
        Map<String, String> made = new LinkedHashMap<>();
        headers.forEach((name, argument) -> {
            List<String> values = argument.texts(input, "the header '" + name + "'");
            if (!values.isEmpty()) {
                made.put(name, checked(name, String.join(", ", values)));
            }
        });
        if (bytes != null && headers.keySet().stream().noneMatch(CONTENT_TYPE::equalsIgnoreCase)) {
            made.put(CONTENT_TYPE, body.contentType());
        }
        if (idempotencyKey) {
            made.put(IDEMPOTENCY_KEY, visible(context.idempotencyKey()));
        }
        return new Request(url.url(input), method, made, bytes);
    }

    private static String checked(String name, String value) {
        if (!HeaderRules.isValue(value)) {
            throw Argument.wrong("the header '" + name + "' should be " + HeaderRules.VALUE);
        }
        return value;
    }

    /** The key as a header can hold it: ids of nodes may be of any characters. */
    private static String visible(String key) {
        return key.chars().allMatch(c -> c > ' ' && c <= '~' && c != '%') ? key : UrlTemplate.encoded(key);
    }
}
