package dev.flowengine.internal.kernel;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.Message;
import dev.flowengine.persistence.MessageType;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.Standing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Executions that were let go of and are needed here, because somebody wants to do something to their nodes. A message has them
 * taken up again; if that is done elsewhere, nothing can be done to them here. Thread-safe.
 */
final class Recalls {
    /** Name of the message that has an execution taken up again. */
    static final String RECALL = "flowengine.recall";

    private final ExecutionStore store;
    private final String workerId;
    private final Map<String, List<Waiting>> waiting = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Recalls(ExecutionStore store, String workerId) {
        this.store = store;
        this.workerId = workerId;
    }

    /** Whether an execution is nobody's, or this engine's, so that there is a point in recalling it. */
    boolean mayRecall(RunRecord run) {
        return run.state().status() == ExecutionStatus.WAITING && !isElsewhere(run);
    }

    private boolean isElsewhere(RunRecord run) {
        return run.ownership().standing() instanceof Standing.Owned
                && run.ownership().workerId().filter(workerId::equals).isEmpty();
    }

    /**
     * Asks for an execution.
     *
     * @param executionId its id
     * @param here is given it
     * @param refused is told why it cannot be had
     */
    void recall(String executionId, Consumer<FlowRun> here, Consumer<FlowException> refused) {
        Waiting asking = new Waiting(here, refused);
        waiting.compute(executionId, (id, others) -> {
            List<Waiting> all = others == null ? new ArrayList<>() : new ArrayList<>(others);
            all.add(asking);
            return all;
        });
        try {
            store.post(
                    executionId,
                    new Message(UUID.randomUUID().toString(), MessageType.SIGNAL, RECALL, "", "", Optional.empty()));
        } catch (RuntimeException away) {
            waiting.computeIfPresent(executionId, (id, all) -> without(asking, all));
            throw away;
        }
        if (closed) {
            close();
        }
    }

    private static @Nullable List<Waiting> without(Waiting asking, List<Waiting> all) {
        List<Waiting> others = new ArrayList<>(all);
        others.remove(asking);
        return others.isEmpty() ? null : others;
    }

    /** An execution has read the message. */
    void readBy(FlowRun run) {
        remove(run.id()).forEach(asking -> asking.here().accept(run));
    }

    /** Looks for those that others have taken up, or nobody will. */
    void look() {
        if (waiting.isEmpty()) {
            return;
        }
        Set<String> missing = new HashSet<>(waiting.keySet());
        for (RunRecord run : store.find(Set.copyOf(missing))) {
            missing.remove(run.executionId());
            ExecutionStatus status = run.state().status();
            if (isElsewhere(run) || status.isTerminal() || status == ExecutionStatus.PARKED) {
                refuse(run.executionId(), elsewhere(run.executionId(), status));
            }
        }
        missing.forEach(id -> refuse(id, Lookup.notFound(id)));
    }

    /** Nothing is taken up any more. */
    void close() {
        closed = true;
        waiting.keySet().forEach(id -> refuse(id, EngineKernel.closed("the engine was closed")));
    }

    private void refuse(String executionId, FlowException why) {
        remove(executionId).forEach(asking -> asking.refused().accept(why));
    }

    private List<Waiting> remove(String executionId) {
        return Optional.ofNullable(waiting.remove(executionId)).orElse(List.of());
    }

    private static FlowException elsewhere(String executionId, ExecutionStatus status) {
        return FlowException.of(
                        FailureKind.INVALID_FLOW_STATE,
                        "execution " + executionId + " is " + status
                                + " and does not go on in this engine, where something"
                                + " was to be done to a node of it")
                .suggestedResolution("Ask the engine that owns the execution.")
                .build();
    }

    /** Somebody who wants to do something to a node. */
    private record Waiting(Consumer<FlowRun> here, Consumer<FlowException> refused) {}
}
