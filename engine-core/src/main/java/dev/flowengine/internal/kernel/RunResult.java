package dev.flowengine.internal.kernel;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSnapshot;
import dev.flowengine.flow.OptionalInput;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.Output;
import dev.flowengine.node.PortValues;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The end of an execution. */
final class RunResult implements ExecutionResult {
    private final RunSnapshot last;
    private final @Nullable FlowException failure;
    private volatile boolean exhausted;

    RunResult(RunSnapshot last, @Nullable FlowException failure) {
        this.last = last;
        this.failure = failure;
    }

    @Override
    public String executionId() {
        return last.executionId();
    }

    @Override
    public ExecutionStatus status() {
        return last.status();
    }

    @Override
    public ExecutionSnapshot snapshot() {
        return last;
    }

    @Override
    public Optional<FlowException> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // a handle's type is that of what its port emits
    public <T extends @Nullable Object> T output(Output<T> output) {
        if (output instanceof OptionalInput<?> optional) {
            return (T) ifFired(optional.source());
        }
        return (T) value(completed(output.nodeId()), output.port());
    }

    @Override
    public <T> @Nullable T output(String nodeId, Class<T> type) {
        int node = completed(nodeId);
        List<String> ports = last.layout().definition(node).shape().outputs();
        if (ports.isEmpty()) {
            throw refused(nodeId, "has no output port", "Read an output of another node.");
        }
        Object value = value(node, ports.get(0));
        if (value != null && !type.isInstance(value)) {
            throw refused(
                    nodeId,
                    "put out a value of " + value.getClass().getName() + ", not of " + type.getName(),
                    "Ask for the type the node puts out.");
        }
        return type.cast(value);
    }

    @Override
    public PortValues outputs(String nodeId) {
        return last.outputs(notReleased(completed(nodeId)));
    }

    private Optional<?> ifFired(Output<?> source) {
        int node = inScope(source.nodeId());
        int slot = last.layout().slot(node, source.port());
        return slot >= 0 && last.table().status(node) == NodeStatus.COMPLETED && notReleased(node) == node
                ? Optional.ofNullable(last.table().outputs().get(slot))
                : Optional.empty();
    }

    RunSnapshot last() {
        return last;
    }

    /** The engine redrives this execution no more, as it was the last of as many tries as there may be. */
    void exhausted() {
        exhausted = true;
    }

    boolean isExhausted() {
        return exhausted;
    }

    private int completed(String nodeId) {
        int node = inScope(nodeId);
        NodeStatus status = last.table().status(node);
        if (status != NodeStatus.COMPLETED) {
            throw refused(nodeId, "is " + status + detail(node) + ", so it has no output", last.explain(nodeId));
        }
        return node;
    }

    private int inScope(String nodeId) {
        int node = last.layout().numberOf(nodeId);
        if (node < 0 || node >= last.layout().size()) {
            throw refused(nodeId, "does not belong to the execution", "Read an output of a node that ran.");
        }
        return node;
    }

    private @Nullable Object value(int node, String port) {
        String nodeId = last.layout().definition(node).id();
        int slot = last.layout().slot(node, port);
        if (slot < 0) {
            throw refused(nodeId, "has no output port '" + port + "'", "Read one of its declared output ports.");
        }
        if (!last.table().outputs().isFired(slot)) {
            throw refused(nodeId, "completed without firing its port '" + port + "'", last.explain(nodeId));
        }
        notReleased(node);
        return last.table().outputs().get(slot);
    }

    private int notReleased(int node) {
        if (last.isReleased(node)) {
            throw refused(
                    last.layout().definition(node).id(),
                    "has let go of its outputs, as the flow says releaseOutputs() and every node that reads them has settled",
                    "Mark the node keep(), or read what it comes to from a node that no other one reads.");
        }
        return node;
    }

    private String detail(int node) {
        return switch (last.table().status(node)) {
            case SKIPPED -> "(" + last.table().skipReason(node) + ")";
            case FAILED ->
                Optional.ofNullable(last.table().failure(node))
                        .map(nodeFailure -> nodeFailure.error())
                        .map(FlowError::summary)
                        .map(summary -> " with " + summary)
                        .orElse("");
            default -> "";
        };
    }

    private FlowException refused(String nodeId, String what, String resolution) {
        return FlowException.of(
                        FailureKind.NOT_FOUND,
                        "execution " + executionId() + " of flow '" + last.flowId() + "': node '" + nodeId + "' "
                                + what)
                .affectedNodes(List.of(nodeId))
                .executionPath(executionPath())
                .suggestedResolution(resolution)
                .build();
    }
}
