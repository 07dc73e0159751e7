package dev.flowengine.internal.kernel;

import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.journal.KeyConflict;
import dev.flowengine.internal.layout.Target;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.plan.Start;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys of executions in memory: of any number of starts with one key, one begins an execution, and the others are told
 * which. A key is taken until its execution is {@linkplain #free forgotten}. Thread-safe.
 */
final class RunKeys {
    private final Map<RunKey, Holder> holders = new HashMap<>();

    /**
     * The execution that has the key of a start.
     *
     * @return its id; empty if there is none, or the start has no key
     * @throws dev.flowengine.model.FlowException of kind {@code KEY_CONFLICT} if it was begun with another input
     */
    Optional<String> find(StartRequest request) {
        return request.options().key().flatMap(key -> sameInput(holder(RunKey.of(request, key)), request));
    }

    /**
     * Has an execution admitted and gives it the key of its start, unless another one has that.
     *
     * @param admission admits it; if that fails, nothing is taken
     * @return the id of the other one; empty if the execution was admitted
     * @throws dev.flowengine.model.FlowException of kind {@code KEY_CONFLICT} if that was begun with another input
     */
    Optional<String> claim(StartRequest request, FlowRun run, Runnable admission) {
        Optional<String> key = request.options().key();
        if (key.isEmpty()) {
            admission.run();
            return Optional.empty();
        }
        return sameInput(claim(RunKey.of(request, key.get()), request, run, admission), request);
    }

    private synchronized @Nullable Holder claim(RunKey key, StartRequest request, FlowRun run, Runnable admission) {
        Holder other = holders.get(key);
        if (other == null) {
            admission.run();
            holders.put(key, new Holder(run.id(), Given.of(request)));
        }
        return other;
    }

    private synchronized @Nullable Holder holder(RunKey key) {
        return holders.get(key);
    }

    /** An execution cannot be found any more: its key can be used again. */
    void free(RunScope scope) {
        scope.options().key().ifPresent(key -> free(new RunKey(scope.flow().id(), key), scope.executionId()));
    }

    private synchronized void free(RunKey key, String executionId) {
        holders.computeIfPresent(key, (any, holder) -> holder.executionId().equals(executionId) ? null : holder);
    }

    /** Outside of the lock: what is compared is the host's. */
    private static Optional<String> sameInput(@Nullable Holder holder, StartRequest request) {
        if (holder == null) {
            return Optional.empty();
        }
        if (!holder.given().equals(Given.of(request))) {
            throw KeyConflict.of(request.flow().id(), request.options().key().orElseThrow(), holder.executionId());
        }
        return Optional.of(holder.executionId());
    }

    /** What a key is unique in. */
    private record RunKey(String flowId, String key) {
        static RunKey of(StartRequest request, String key) {
            return new RunKey(request.flow().id(), key);
        }
    }

    /** Who has a key. */
    private record Holder(String executionId, Given given) {}

    /** Where a start begins and what it is given: two that are equal in this ask for the same thing. */
    private record Given(
            Start start,
            @Nullable Object triggerData,
            @Nullable PortValues input,
            Map<String, PortValues> pins,
            @Nullable Target target,
            Optional<String> outputsFrom) {
        static Given of(StartRequest request) {
            RunOptions options = request.options();
            return new Given(
                    request.start(),
                    request.triggerData(),
                    request.input(),
                    options.pins(),
                    Target.of(options),
                    options.outputsFrom());
        }
    }
}
