package dev.flowengine.internal.scheduling;

import java.util.concurrent.locks.LockSupport;

/**
 * Keeps a worker away from an execution for a moment whenever it finds another one deciding it (Anderson, <i>The
 * performance of spin lock alternatives for shared-memory multiprocessors</i>, 1990). Bodies so short that workers keep
 * meeting are run faster by one of them, whose cache has everything, than by several that take it from each other. A
 * worker that meets another again and again sleeps, so that its processor is free for somebody else. The pauses are
 * nothing to bodies that are worth a second worker: those hardly meet, let alone several times in a row.
 *
 * <p>For one thread.
 */
final class Backoff {
    /** Some microseconds, as a processor's own pause instruction measures them. */
    private static final int SPINS = 128;

    private static final int SHORTEST_SLEEP_NANOS = 16_000;
    private static final int LONGEST_SLEEP_NANOS = 256_000;

    private int sleep;

    /** The worker met nobody. */
    void reset() {
        sleep = 0;
    }

    /** The worker met another: pauses, each time in a row twice as long, up to a limit. */
    void pause() {
        if (sleep == 0) {
            for (int i = 0; i < SPINS; i++) {
                Thread.onSpinWait();
            }
            sleep = SHORTEST_SLEEP_NANOS;
        } else {
            LockSupport.parkNanos(this, sleep);
            sleep = Math.min(LONGEST_SLEEP_NANOS, 2 * sleep);
        }
    }
}
