package dev.flowengine.http;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;

/**
 * Sends single requests: what a host replaces to use a client of its own, or to add to requests what no flow should know,
 * such as credentials. It is also given the requests that redirects ask for, whoever redirects, so that what it adds has to
 * depend on scheme, host and port of the URL.
 *
 * <pre>{@code
 * HttpSender plain = HttpSender.of(HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build());
 * HttpSender withToken = (request, body) -> request.uri().toString().startsWith("https://api.example.com/")
 *         ? plain.send(HttpRequest.newBuilder(request, (name, value) -> true).header("Authorization", token()).build(), body)
 *         : plain.send(request, body);
 * }</pre>
 *
 * <p>Thread-safe.
 */
@FunctionalInterface
public interface HttpSender {

    /**
     * Begins to send a request to exactly the URL it names. A redirect is a response like any other and must not be
     * followed: where it leads has not been judged.
     *
     * @param request what to send
     * @param body receives the response as it arrives, so that it can end what becomes too large
     * @return completes with the whole response, or with an {@link java.io.IOException}; cancelling it with interruption ends
     *     the request, if that is possible
     */
    CompletableFuture<HttpResponse<byte[]>> send(HttpRequest request, HttpResponse.BodyHandler<byte[]> body);

    /**
     * Sends with a client of the JDK. One that uses a proxy leaves it to the proxy to resolve names: that these lead to the
     * addresses that were judged is then for the proxy to see to.
     *
     * @param client a client that follows no redirects
     * @return a sender
     * @throws IllegalArgumentException if the client follows redirects
     */
    static HttpSender of(HttpClient client) {
        if (client.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException(
                    "the client follows redirects (" + client.followRedirects() + "), but must never do so");
        }
        return client::sendAsync;
    }
}
