package dev.flowengine.races;

import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/**
 * How much is tried. The model checker switches threads at each shared access, but knows one order of memory only, the
 * sequential one: what a missing fence does is seen by the tests of engine-core on real threads, if at all. A scenario
 * that fails prints itself.
 */
public final class Races {
    private static final int THREADS = 3;
    private static final int SCENARIOS = 50;
    private static final int INTERLEAVINGS = 100;
    /** A scenario that is written out is the only one of its test. */
    private static final int INTERLEAVINGS_OF_ONE = 2000;

    private Races() {}

    /** Random scenarios of the operations of a class: each result must be one its sequential specification allows. */
    public static void modelCheck(Class<?> operations, Class<?> specification) {
        modelCheck(operations, specification, THREADS);
    }

    /**
     * The same with so many threads. Those that wait in one queue for a lock of {@code java.util.concurrent} go round in a loop,
     * which the model checker takes for hanging once there are two of them.
     */
    public static void modelCheck(Class<?> operations, Class<?> specification, int threads) {
        new ModelCheckingOptions()
                .threads(threads)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(3)
                .iterations(SCENARIOS)
                .invocationsPerIteration(INTERLEAVINGS)
                .sequentialSpecification(specification)
                .check(operations);
    }

    /** One scenario, written out; it fails by throwing, not through AssertJ, whose assertions cannot be interleaved. */
    public static void interleave(Runnable scenario) {
        Lincheck.runConcurrentTest(INTERLEAVINGS_OF_ONE, scenario);
    }

    /** Fails the scenario unless the fact holds. */
    public static void require(boolean fact, String otherwise) {
        if (!fact) {
            throw new AssertionError(otherwise);
        }
    }

    /** Waits for threads to end. */
    public static void join(Iterable<Thread> threads) {
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
