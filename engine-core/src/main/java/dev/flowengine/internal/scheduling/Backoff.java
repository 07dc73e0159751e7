package dev.flowengine.internal.scheduling;

/**
 * Keeps a worker away from an execution for a moment whenever it finds another one deciding it (Anderson, <i>The
 * performance of spin lock alternatives for shared-memory multiprocessors</i>, 1990). Bodies so short that workers keep
 * meeting are run faster by one of them, whose cache has everything, than by several that take it from each other. The
 * pauses, some microseconds long, are nothing to bodies that are worth a second worker.
 *
 * <p>For one thread.
 */
final class Backoff {
    private static final int SHORTEST = 128;
    private static final int LONGEST = 2_048;

    private int next = SHORTEST;

    /** The worker met nobody. */
    void reset() {
        next = SHORTEST;
    }

    /** The worker met another: pauses, each time in a row twice as long, up to a limit. */
    void pause() {
        for (int i = 0; i < next; i++) {
            Thread.onSpinWait();
        }
        next = Math.min(LONGEST, 2 * next);
    }
}
