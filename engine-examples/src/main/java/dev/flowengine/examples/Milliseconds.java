package dev.flowengine.examples;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Times as the examples show them. */
final class Milliseconds {
    private static final double NANOS = 1_000_000;

    private Milliseconds() {}

    static double ofNanos(long nanos) {
        return nanos / NANOS;
    }

    static double between(Instant start, Instant end) {
        return ofNanos(Duration.between(start, end).toNanos());
    }

    /** Rounded to the places a machine should read. */
    static double rounded(double value, int places) {
        return BigDecimal.valueOf(value).setScale(places, RoundingMode.HALF_UP).doubleValue();
    }

    /** For a person. */
    static String text(double milliseconds) {
        return String.format(Locale.ROOT, "%,.1f ms", milliseconds);
    }
}
