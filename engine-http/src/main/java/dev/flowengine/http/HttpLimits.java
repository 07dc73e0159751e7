package dev.flowengine.http;

import java.time.Duration;

/**
 * What one request may take.
 *
 * @param connect for one connection
 * @param request for the whole of it, with all redirects and the response
 * @param responseBytes size of a response's body
 * @param redirects how many may be followed
 */
record HttpLimits(Duration connect, Duration request, int responseBytes, int redirects) {
    /** What holds unless the host says otherwise. */
    static final HttpLimits DEFAULT = new HttpLimits(Duration.ofSeconds(10), Duration.ofMinutes(1), 10 << 20, 5);

    HttpLimits withConnect(Duration limit) {
        return new HttpLimits(limit, request, responseBytes, redirects);
    }

    HttpLimits withRequest(Duration limit) {
        return new HttpLimits(connect, limit, responseBytes, redirects);
    }

    HttpLimits withResponseBytes(int limit) {
        return new HttpLimits(connect, request, limit, redirects);
    }

    HttpLimits withRedirects(int limit) {
        return new HttpLimits(connect, request, responseBytes, limit);
    }
}
