package dev.flowengine.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Receives a response of bounded size: what is larger is given up, its connection closed; and so is one whose beginning is
 * refused.
 */
final class BoundedBody implements HttpResponse.BodyHandler<byte[]>, HttpResponse.BodySubscriber<byte[]> {
    private final long limit;
    private final CompletableFuture<byte[]> received = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Beginning beginning;
    private Flow.@Nullable Subscription subscription;

    private volatile boolean begun;

    BoundedBody(long limit, Beginning beginning) {
        this.limit = limit;
        this.beginning = beginning;
    }

    @Override
    public HttpResponse.BodySubscriber<byte[]> apply(HttpResponse.ResponseInfo head) {
        begun = true;
        try {
            beginning.check();
        } catch (IOException | RuntimeException refused) {
            received.completeExceptionally(refused);
        }
        return this;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return received;
    }

    @Override
    public void onSubscribe(Flow.Subscription granted) {
        if (received.isDone()) {
            granted.cancel();
            return;
        }
        subscription = granted;
        granted.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> item) {
        if (received.isDone()) {
            return;
        }
        for (ByteBuffer part : item) {
            if (bytes.size() + (long) part.remaining() > limit) {
                refuse();
                return;
            }
            // Copied: many small parts of large buffers would hold all of these.
            byte[] copy = new byte[part.remaining()];
            part.get(copy);
            bytes.write(copy, 0, copy.length);
        }
    }

    @Override
    public void onError(Throwable thrown) {
        bytes.reset();
        received.completeExceptionally(thrown);
    }

    @Override
    public void onComplete() {
        if (received.isDone()) {
            return;
        }
        received.complete(bytes.toByteArray());
    }

    /** Whether the beginning of the response was judged. */
    boolean hasBegun() {
        return begun;
    }

    private void refuse() {
        bytes.reset();
        if (subscription != null) {
            subscription.cancel();
        }
        received.completeExceptionally(new TooLargeException());
    }

    /** Is asked when a response begins. */
    @FunctionalInterface
    interface Beginning {
        void check() throws IOException;
    }

    /** The response was larger than allowed. */
    static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLargeException() {
            super("the response is too large");
        }
    }
}
