package dev.flowengine.testing;

import dev.flowengine.FlowEngine;
import dev.flowengine.FlowEngineBuilder;
import java.time.Duration;

/**
 * Engines for tests, which look for executions that stand still only if a test asks for it: what they schedule to do so is
 * in the way of tests that count timers. What starts engines of this class also runs with one worker and one body thread: the
 * system properties {@code flowengine.test.workers} and {@code flowengine.test.bodyThreads} overrule what a test asks for.
 */
public final class Engines {
    private static final Integer WORKERS = Integer.getInteger("flowengine.test.workers");
    private static final Integer BODY_THREADS = Integer.getInteger("flowengine.test.bodyThreads");

    private Engines() {}

    /** An engine with the defaults. */
    public static FlowEngine create() {
        return builder().build();
    }

    /** A builder holding the defaults. */
    public static FlowEngineBuilder builder() {
        return limited(FlowEngine.builder());
    }

    /** An engine with so many workers and body threads, unless the suite runs with one of each. */
    public static FlowEngine withThreads(int threads) {
        return builder(threads).build();
    }

    /** A builder with so many workers and body threads, unless the suite runs with one of each. */
    public static FlowEngineBuilder builder(int threads) {
        return limited(FlowEngine.builder().workers(threads).bodyThreads(threads));
    }

    /** The numbers of threads a test tries: 1, 2 and 8, or 1 alone where every engine has one worker anyway. */
    public static int[] threadCounts() {
        return areSingleThreaded() ? new int[] {1} : new int[] {1, 2, 8};
    }

    /** Whether the suite runs with one thread of each kind. */
    static boolean areSingleThreaded() {
        return WORKERS != null && WORKERS == 1;
    }

    private static FlowEngineBuilder limited(FlowEngineBuilder builder) {
        builder.stuckAfter(Duration.ZERO);
        if (WORKERS != null) {
            builder.workers(WORKERS);
        }
        if (BODY_THREADS != null) {
            builder.bodyThreads(BODY_THREADS);
        }
        return builder;
    }
}
