package dev.flowengine.http;

import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.Cancellation;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A request with all redirects that follow from it, within the limits of one attempt. Used once. */
final class Exchange {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final HttpSender sender;
    private final AddressGuard guard;
    private final HttpLimits limits;
    private final Cancellation cancellation;
    private final long began = System.nanoTime();

    Exchange(HttpSender sender, AddressGuard guard, HttpLimits limits, Cancellation cancellation) {
        this.sender = sender;
        this.guard = guard;
        this.limits = limits;
        this.cancellation = cancellation;
    }

    /**
     * Sends the request, and what redirects ask for.
     *
     * @return the response that is no redirect, or the first one if none is to be followed
     */
    HttpResponse<byte[]> perform(Request first) throws InterruptedException {
        Request request = first;
        for (int followed = 0; ; followed++) {
            cancellation.throwIfRequested();
            HttpResponse<byte[]> response = exchange(request);
            URI target = limits.redirects() == 0 ? null : target(request, response);
            if (target == null) {
                return response;
            }
            if (followed == limits.redirects()) {
                throw new HttpLimitException(
                        first.shown() + " leads on after " + followed + " redirects, the last one to "
                                + Urls.shown(target),
                        "Request the URL it ends at, or allow more with 'redirects'.");
            }
            request = request.redirected(response.statusCode(), target);
        }
    }

    private HttpResponse<byte[]> exchange(Request request) throws InterruptedException {
        try {
            guard.check(request.url());
            return receive(request);
        } catch (BoundedBody.TooLargeException large) {
            throw new HttpLimitException(
                    request.shown() + " was answered with more than " + limits.responseBytes() + " bytes",
                    "Ask the server for less, or allow more with 'sizeLimit' or responseLimit(…).");
        } catch (IOException failed) {
            throw FlowException.of(FailureKind.NODE_EXECUTION_FAILED, request.shown() + " failed: " + reason(failed))
                    .cause(failed)
                    .suggestedResolution("See whether the server can be reached; a retry of the node may help.")
                    .build();
        }
    }

    private HttpResponse<byte[]> receive(Request request) throws IOException, InterruptedException {
        if (left() <= 0) {
            throw late();
        }
        // Judged again when the response begins, from the answer the client was given: see HttpNode.
        BoundedBody body = new BoundedBody(limits.responseBytes(), () -> guard.check(request.url()));
        CompletableFuture<HttpResponse<byte[]>> answer = sender.send(request.toSend(), body);
        try {
            HttpResponse<byte[]> response = answer.get(Math.max(0, left()), TimeUnit.NANOSECONDS);
            if (!body.hasBegun()) {
                // A sender of the host's may receive in a way of its own.
                guard.check(request.url());
            }
            return response;
        } catch (TimeoutException late) {
            throw late();
        } catch (ExecutionException failed) {
            throw asIo(failed.getCause());
        } finally {
            // Without effect on an answer that is complete.
            answer.cancel(true);
        }
    }

    private long left() {
        return limits.request().toNanos() - (System.nanoTime() - began);
    }

    private HttpTimeoutException late() {
        return new HttpTimeoutException("it took longer than " + limits.request());
    }

    private static IOException asIo(@Nullable Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof AddressRefusedException refused) {
                throw refused;
            }
            if (each instanceof BoundedBody.TooLargeException large) {
                return large;
            }
        }
        return cause instanceof IOException io ? io : new IOException(String.valueOf(cause), cause);
    }

    private static String reason(IOException failed) {
        if (failed instanceof UnknownHostException) {
            return "the host is unknown";
        }
        String message = failed.getMessage();
        return message == null ? failed.getClass().getSimpleName() : message;
    }

    /** Where a redirect leads to; null for a response that is none. */
    private static @Nullable URI target(Request request, HttpResponse<?> response) {
        String location = response.headers().firstValue("location").orElse(null);
        if (location == null || !REDIRECTS.contains(response.statusCode())) {
            return null;
        }
        URI relative = Urls.parse(location);
        if (relative == null) {
            throw new AddressRefusedException(
                    request.url(), "it redirects to what is no URL", "Ask whoever runs the server.");
        }
        URI target = Urls.parse(request.url().resolve(relative).toString());
        if (target == null) {
            throw new AddressRefusedException(
                    request.url(), "it redirects to what is no URL", "Ask whoever runs the server.");
        }
        if (Urls.isSecure(request.url()) && !Urls.isSecure(target)) {
            throw new AddressRefusedException(
                    target,
                    "it is not https, but " + Urls.shown(request.url()) + " redirects there",
                    "Ask whoever runs the server to redirect to https.");
        }
        return target;
    }
}
