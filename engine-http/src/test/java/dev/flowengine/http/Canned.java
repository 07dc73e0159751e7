package dev.flowengine.http;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLSession;

/** A response without a body that no server sent. */
record Canned(HttpRequest request, int statusCode, HttpHeaders headers) implements HttpResponse<byte[]> {

    static CompletableFuture<HttpResponse<byte[]>> response(
            HttpRequest request, int status, Map<String, List<String>> headers) {
        return CompletableFuture.completedFuture(
                new Canned(request, status, HttpHeaders.of(headers, (name, value) -> true)));
    }

    @Override
    public byte[] body() {
        return new byte[0];
    }

    @Override
    public Optional<HttpResponse<byte[]>> previousResponse() {
        return Optional.empty();
    }

    @Override
    public Optional<SSLSession> sslSession() {
        return Optional.empty();
    }

    @Override
    public URI uri() {
        return request.uri();
    }

    @Override
    public HttpClient.Version version() {
        return HttpClient.Version.HTTP_2;
    }
}
