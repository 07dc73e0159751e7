package dev.flowengine.internal.kernel;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The executions that go on in an engine, for as long as it takes any. Thread-safe. */
final class LiveRuns {
    private final Map<String, FlowRun> live = new ConcurrentHashMap<>();
    /** Those that somebody may wait for: a moment longer than they live. */
    private final Map<String, FlowRun> awaited = new ConcurrentHashMap<>();

    private final Object admission = new Object();
    private volatile boolean closing;

    /** Takes an execution, unless none is taken any more. */
    void admit(FlowRun run) {
        synchronized (admission) {
            requireOpen();
            live.put(run.id(), run);
            awaited.put(run.id(), run);
        }
    }

    void requireOpen() {
        if (closing) {
            throw EngineKernel.closed("the engine is closed and starts no execution");
        }
    }

    boolean isClosing() {
        return closing;
    }

    /** From now on none is taken; false if that was so already. */
    boolean close() {
        synchronized (admission) {
            boolean first = !closing;
            closing = true;
            return first;
        }
    }

    @Nullable
    FlowRun find(String executionId) {
        return live.get(executionId);
    }

    /** Those that go on, whoever else adds or removes some. */
    Collection<FlowRun> all() {
        return live.values();
    }

    /** An execution does not go on here any more. */
    void forget(String executionId) {
        live.remove(executionId);
    }

    /** An execution does not go on here any more as that; it may have been taken up again. */
    void forget(FlowRun run) {
        live.remove(run.id(), run);
    }

    /** Nobody waits any more for an execution that was let go of, or that somebody else has. */
    void left(FlowRun run) {
        awaited.remove(run.id(), run);
    }

    /** Nobody waits for an execution any more. */
    void left(String executionId) {
        awaited.remove(executionId);
    }

    /** Waits until every execution has ended or the time is over; false if the thread was interrupted meanwhile. */
    boolean awaitAll(Duration atMost) {
        long nanos = TimeUnit.NANOSECONDS.convert(atMost);
        long begin = System.nanoTime();
        try {
            for (FlowRun run : awaited.values()) {
                if (!run.awaitEnd(nanos - (System.nanoTime() - begin))) {
                    return true;
                }
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
