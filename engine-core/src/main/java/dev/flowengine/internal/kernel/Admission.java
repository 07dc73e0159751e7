package dev.flowengine.internal.kernel;

import dev.flowengine.execution.FlowExecution;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Lets executions begin, each once under its key.
 *
 * @param starter prepares them
 * @param live those that go on here
 * @param keys in memory, what was started under which key
 * @param durable where they are kept; null if they are not
 * @param stuck looks whether they stand still
 * @param owner is told what becomes of them
 * @param lookup finds those that were started before
 */
record Admission(
        Starter starter,
        LiveRuns live,
        RunKeys keys,
        @Nullable DurableRuns durable,
        StuckWatch stuck,
        RunOwner owner,
        Lookup lookup) {

    /** Begins an execution, or finds the one that was started under the same key before. */
    FlowExecution execute(StartRequest request) {
        Optional<FlowExecution> execution = Optional.empty();
        while (execution.isEmpty()) {
            // None if its key was taken by one that has been forgotten since.
            execution = durable == null ? executeInMemory(request) : executeKept(request, durable);
        }
        return execution.get();
    }

    private Optional<FlowExecution> executeInMemory(StartRequest request) {
        Optional<String> other = keys.find(request);
        if (other.isEmpty()) {
            FlowRun run = starter.prepare(request, owner);
            // Begun before anybody else is given it: a pause must find it begun.
            other = keys.claim(request, run, () -> {
                live.admit(run);
                begin(run);
            });
            if (other.isEmpty()) {
                return Optional.of(run);
            }
        }
        return other.flatMap(lookup::find);
    }

    private Optional<FlowExecution> executeKept(StartRequest request, DurableRuns runs) {
        FlowRun run = starter.prepare(request, owner);
        Optional<String> other = startKept(run, runs);
        return other.isPresent()
                ? other.flatMap(lookup::find)
                : Optional.of(run.control().handle());
    }

    /** Begins an execution without a key. */
    FlowExecution start(FlowRun run) {
        if (durable == null) {
            live.admit(run);
            begin(run);
        } else {
            startKept(run, durable);
        }
        return run.control().handle();
    }

    /** The id of the execution that is there instead, if one is. */
    private Optional<String> startKept(FlowRun run, DurableRuns runs) {
        live.admit(run);
        // Before it starts: it may be gone soon after.
        Optional<DurableRun> kept = runs.find(run.id());
        begin(run);
        return kept.flatMap(DurableRun::awaitCreated);
    }

    /** Begins an execution that a node of another one starts. */
    StartedChild admit(ChildStart child) {
        live.requireOpen();
        FlowRun run = starter.prepare(child, owner);
        live.admit(run);
        Optional<DurableRun> kept = durable == null ? Optional.empty() : durable.find(run.id());
        begin(run);
        return new StartedChild(
                run.control().handle(),
                kept.<CompletionStage<?>>map(DurableRun::created).orElse(CompletableFuture.completedFuture(null)));
    }

    private void begin(FlowRun run) {
        stuck.admitted();
        run.start();
    }
}
