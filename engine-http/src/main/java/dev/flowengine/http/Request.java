package dev.flowengine.http;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One request. Immutable. */
final class Request {
    /** What tells a stranger nothing: everything else may be a credential. */
    private static final Set<String> FOR_ANYBODY = Set.of("accept", "accept-language", "content-type", "user-agent");

    private static final int MOVED_PERMANENTLY = 301;
    private static final int FOUND = 302;
    private static final int SEE_OTHER = 303;

    private final URI url;
    private final Method method;
    private final Map<String, String> headers;
    private final byte @Nullable [] body;

    /** Takes a URL without fragment, headers whose names differ in more than case, and null for no body. */
    Request(URI url, Method method, Map<String, String> headers, byte @Nullable [] body) {
        this.url = url;
        this.method = method;
        this.headers = headers;
        this.body = body;
    }

    /** How a request is made. */
    enum Method {
        GET,
        HEAD,
        POST,
        PUT,
        PATCH,
        DELETE,
        OPTIONS
    }

    URI url() {
        return url;
    }

    /** The request a redirect asks for: what may be secret does not go to another origin. */
    Request redirected(int status, URI target) {
        boolean toGet = (status == SEE_OTHER && method != Method.HEAD)
                || ((status == MOVED_PERMANENTLY || status == FOUND) && method == Method.POST);
        boolean elsewhere = !Urls.origin(url).equals(Urls.origin(target));
        Map<String, String> kept = new LinkedHashMap<>(headers);
        if (elsewhere) {
            kept.keySet().removeIf(name -> !FOR_ANYBODY.contains(HeaderRules.canonical(name)));
        }
        if (toGet) {
            kept.keySet().removeIf(name -> HeaderRules.canonical(name).startsWith("content-"));
        }
        return new Request(target, toGet ? Method.GET : method, kept, toGet ? null : body);
    }

    HttpRequest toSend() {
        HttpRequest.BodyPublisher publisher =
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body);
        // Without TLS the client would ask for version 2 with a header that not every server bears.
        HttpClient.Version version = Urls.isSecure(url) ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1;
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(url).version(version).method(method.name(), publisher);
        headers.forEach(builder::setHeader);
        return builder.build();
    }

    /** The request in messages. */
    String shown() {
        return method + " " + Urls.shown(url);
    }
}
