package dev.flowengine.internal.delivery;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A number that one thread at a time writes very often, and others read now and then. It stands in the middle of an array,
 * so that no word others need lies in the same line of a processor's cache: each write takes that line away from them.
 */
final class SingleWriterLong {
    /** Words on either side: two lines of 64 bytes, because some processors fetch them in pairs. */
    private static final int PADDING = 16;

    private final AtomicLongArray words = new AtomicLongArray(2 * PADDING + 1);

    long get() {
        return words.get(PADDING);
    }

    /** Seen by others soon, and never before what was written earlier. */
    void set(long value) {
        words.setRelease(PADDING, value);
    }
}
