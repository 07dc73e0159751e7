package dev.flowengine.examples;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.model.ExecutionStatus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Where one execution is paused, resumed and cancelled from: by the keyboard, or as planned. Requests may come before the
 * execution has started; they wait for that. Thread-safe.
 */
final class RemoteControl implements AutoCloseable {
    private final ControlPlan plan;
    private final CompletableFuture<FlowExecution> execution = new CompletableFuture<>();
    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "resume-later");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean unattended;

    RemoteControl(ControlPlan plan) {
        this.plan = plan;
    }

    /** Says what is controlled. */
    void connect(FlowExecution started) {
        execution.complete(started);
    }

    /** Returns the status the request met, as do the others. */
    ExecutionStatus pause() {
        return execution.join().pause();
    }

    ExecutionStatus resume() {
        return execution.join().resume();
    }

    ExecutionStatus cancel(String reason) {
        return execution.join().cancel(reason);
    }

    /** Cancels and does not wait for what runs: closing the engine without grace ends every execution at once. */
    ExecutionStatus quit(FlowEngine engine) {
        ExecutionStatus met = cancel("quit at the keyboard");
        engine.close(Duration.ZERO);
        return met;
    }

    /** The work of a node is done; the node completes right after this. */
    void workDone(String nodeId) {
        if (nodeId.equals(plan.pauseAfter())) {
            pause();
        }
        if (nodeId.equals(plan.cancelAfter())) {
            cancel("--cancel-after " + nodeId);
        }
    }

    /** The execution is paused. */
    void paused() {
        Duration delay = plan.resumeAfter();
        if (delay != null) {
            var unused = later.schedule(this::resume, delay.toMillis(), TimeUnit.MILLISECONDS);
        } else if (unattended) {
            resume();
        }
    }

    /** Nobody is at the keyboard any more: nothing may wait for a key. */
    void leaveUnattended() {
        unattended = true;
        if (plan.resumeAfter() == null) {
            resume();
        }
    }

    @Override
    public void close() {
        later.shutdownNow();
    }
}
