package dev.flowengine.internal.journal;

import dev.flowengine.model.ExecutionStatus;
import java.util.concurrent.CompletableFuture;

/**
 * What nodes that started before the last decision was written have to wait for when they do what must not be ahead of
 * it. Begun and ended by one thread at a time; waited for on any.
 */
final class RunAhead {
    private static final CompletableFuture<Void> NOTHING = CompletableFuture.completedFuture(null);

    private volatile CompletableFuture<Void> write = NOTHING;

    /** Whether nodes of an execution of a status may start ahead. */
    static boolean mayIn(ExecutionStatus status) {
        return status == ExecutionStatus.RUNNING || status == ExecutionStatus.WAITING;
    }

    /** Nodes start now that are ahead of what is about to be written. */
    void begin() {
        write = new CompletableFuture<>();
    }

    /** It is written, or there was nothing to write. */
    void written() {
        write.complete(null);
        write = NOTHING;
    }

    /** It will not be written. */
    void lost(Throwable why) {
        write.completeExceptionally(why);
    }

    /**
     * Waits until nothing is ahead.
     *
     * @throws Exception why it cannot be written; or because the thread is interrupted
     */
    void await() throws Exception {
        DoneSteps.await(write);
    }
}
