package dev.flowengine.internal.delivery;

import dev.flowengine.extension.TimeSource;
import java.util.concurrent.TimeUnit;

/** Lets so many warnings be written in a while: what fails for each of a million events must not fill a disk. */
final class WarningLimit {
    static final int MOST = 100;

    private static final long WHILE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final TimeSource time;
    private long since;
    private int asked;

    WarningLimit(TimeSource time) {
        this.time = time;
    }

    /** Asks whether one more warning may be written. */
    Turn next() {
        return next(time.nanoTime());
    }

    private synchronized Turn next(long now) {
        int keptBack = 0;
        if (asked == 0 || now - since >= WHILE_NANOS) {
            keptBack = Math.max(0, asked - MOST);
            since = now;
            asked = 0;
        }
        // Once it is past the limit it counts what is kept back, and does not run over.
        asked = asked == Integer.MAX_VALUE ? asked : asked + 1;
        return new Turn(asked <= MOST, asked == MOST, keptBack);
    }

    /**
     * An answer.
     *
     * @param granted whether the warning may be written
     * @param last whether the next ones are kept back for a while
     * @param keptBack how many were kept back before, if this is the first since
     */
    record Turn(boolean granted, boolean last, int keptBack) {}
}
