package dev.flowengine.http;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A client of the JDK, made when it is first used: types are also created where flows are only read. */
final class DefaultSender implements HttpSender {
    private final Duration connectLimit;
    private final Lock making = new ReentrantLock();
    private @Nullable HttpClient client;

    DefaultSender(Duration connectLimit) {
        this.connectLimit = connectLimit;
    }

    @Override
    public CompletableFuture<HttpResponse<byte[]>> send(HttpRequest request, HttpResponse.BodyHandler<byte[]> body) {
        return client().sendAsync(request, body);
    }

    private HttpClient client() {
        making.lock();
        try {
            HttpClient made = client;
            if (made == null) {
                made = HttpClient.newBuilder()
                        .connectTimeout(connectLimit)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .proxy(HttpClient.Builder.NO_PROXY)
                        .build();
                client = made;
            }
            return made;
        } finally {
            making.unlock();
        }
    }
}
