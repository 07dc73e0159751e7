package dev.flowengine.internal.kernel;

import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeControl;
import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.TypeRef;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What somebody does by hand to one node of a live execution. */
final class NodeInterventions implements NodeControl {
    private final FlowRun run;
    private final int node;

    NodeInterventions(FlowRun run, int node) {
        this.run = run;
        this.node = node;
    }

    @Override
    public CompletionStage<Void> retryNow() {
        return ask(
                machine -> machine.interventions().retryNow(node),
                "does not wait for another attempt",
                NodeControl::retryNow);
    }

    @Override
    public CompletionStage<Void> skip(String reason) {
        Objects.requireNonNull(reason, "reason");
        return ask(
                machine -> machine.interventions().skip(node, reason),
                "cannot be skipped",
                elsewhere -> elsewhere.skip(reason));
    }

    @Override
    public CompletionStage<Void> complete(@Nullable Object value) {
        TypeRef<?> type = run.scope().layout().valueType(node);
        if (type != null && !type.accepts(value)) {
            String found =
                    value == null ? "null" : "a value of " + value.getClass().getName();
            throw FlowException.of(
                            FailureKind.INVALID_DEFINITION,
                            "node '" + nodeId() + "' cannot be completed with " + found + ": it puts out " + type)
                    .affectedNodes(List.of(nodeId()))
                    .suggestedResolution("Give a value of the declared type.")
                    .build();
        }
        Runnable keep = run.journal().encode(node, value, false, true);
        return ask(
                machine -> {
                    boolean completed = machine.interventions().complete(node, value);
                    if (completed && keep != null) {
                        keep.run();
                    }
                    return completed;
                },
                "cannot be completed",
                elsewhere -> elsewhere.complete(value));
    }

    @Override
    public CompletionStage<Void> extendTimeout(Duration more) {
        requirePositive(more);
        return ask(
                machine -> {
                    boolean extended = run.extend(node, more);
                    if (extended) {
                        machine.interventions().extended(node);
                    }
                    return extended;
                },
                "has no timeout that is running",
                elsewhere -> elsewhere.extendTimeout(more));
    }

    static void requirePositive(Duration more) {
        if (more.isNegative() || more.isZero()) {
            throw new IllegalArgumentException("the time to add is " + more + ", but must be positive");
        }
    }

    static FlowException notFound(FlowExecution run, String nodeId) {
        return FlowException.of(
                        FailureKind.NOT_FOUND,
                        "execution " + run.id() + " of flow '" + run.flowId() + "' has no node '" + nodeId + "'")
                .affectedNodes(List.of(nodeId))
                .suggestedResolution("Name a node that belongs to the execution; plan() lists them.")
                .build();
    }

    static FlowException ended(FlowExecution run, String nodeId) {
        return FlowException.of(
                        FailureKind.INVALID_FLOW_STATE,
                        "execution " + run.id() + " of flow '" + run.flowId() + "' has ended " + run.status()
                                + ": nothing can be done to its node '" + nodeId + "' any more")
                .affectedNodes(List.of(nodeId))
                .suggestedResolution("Redrive the execution.")
                .build();
    }

    /** Asks, or asks the same elsewhere if the execution is let go of before it hears of it. */
    private CompletionStage<Void> ask(
            Predicate<ExecutionMachine> intervention,
            String refusal,
            Function<NodeControl, CompletionStage<Void>> again) {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        run.control()
                .ask(
                        machine -> {
                            try {
                                FlowException refused = intervention.test(machine) ? null : refused(machine, refusal);
                                answer(answer, refused);
                            } catch (RuntimeException | Error defect) {
                                answer(answer, defect);
                                throw defect;
                            }
                        },
                        () -> RecalledNode.forward(
                                () -> again.apply(run.control().elsewhere().node(nodeId())), answer, run::runAside));
        return answer.minimalCompletionStage();
    }

    private void answer(CompletableFuture<Void> answer, @Nullable Throwable refusal) {
        Runnable told = () -> run.runAside(() -> {
            if (refusal == null) {
                answer.complete(null);
            } else {
                answer.completeExceptionally(refusal);
            }
        });
        // In a later turn: by then what was decided in this one has been carried out. There is none if it is let go of
        // next.
        run.control().ask(later -> told.run(), told);
    }

    private FlowException refused(ExecutionMachine machine, String refusal) {
        NodeStatus status = machine.nodes().status(node);
        boolean onWorker =
                run.scope().layout().isCpuBound(node) && (status == NodeStatus.QUEUED || status == NodeStatus.RUNNING);
        String where = onWorker ? " and belongs to an engine worker" : "";
        return FlowException.of(
                        FailureKind.INVALID_FLOW_STATE,
                        "node '" + nodeId() + "' of execution " + run.id() + " " + refusal + ": it is " + status
                                + where)
                .affectedNodes(List.of(nodeId()))
                .suggestedResolution("See explain(\"" + nodeId() + "\") for its state.")
                .build();
    }

    private String nodeId() {
        return run.scope().nodeId(node);
    }
}
