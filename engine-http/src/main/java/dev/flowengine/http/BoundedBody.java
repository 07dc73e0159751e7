package dev.flowengine.http;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Receives a response of bounded size: what is larger is given up, its connection closed. */
final class BoundedBody implements HttpResponse.BodyHandler<byte[]>, HttpResponse.BodySubscriber<byte[]> {
    private final long limit;
    private final CompletableFuture<byte[]> received = new CompletableFuture<>();
    private final List<ByteBuffer> parts = new ArrayList<>();
    private Flow.@Nullable Subscription subscription;
    private long size;

    BoundedBody(long limit) {
        this.limit = limit;
    }

    @Override
    public HttpResponse.BodySubscriber<byte[]> apply(HttpResponse.ResponseInfo head) {
        return this;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return received;
    }

    @Override
    public void onSubscribe(Flow.Subscription granted) {
        subscription = granted;
        granted.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> item) {
        if (received.isDone()) {
            return;
        }
        for (ByteBuffer part : item) {
            size += part.remaining();
            parts.add(part);
        }
        if (size > limit) {
            parts.clear();
            if (subscription != null) {
                subscription.cancel();
            }
            received.completeExceptionally(new TooLargeException());
        }
    }

    @Override
    public void onError(Throwable thrown) {
        parts.clear();
        received.completeExceptionally(thrown);
    }

    @Override
    public void onComplete() {
        if (received.isDone()) {
            return;
        }
        byte[] bytes = new byte[(int) size];
        ByteBuffer whole = ByteBuffer.wrap(bytes);
        parts.forEach(whole::put);
        parts.clear();
        received.complete(bytes);
    }

    /** The response was larger than allowed. */
    static final class TooLargeException extends java.io.IOException {
        private static final long serialVersionUID = 1L;

        TooLargeException() {
            super("the response is too large");
        }
    }
}
