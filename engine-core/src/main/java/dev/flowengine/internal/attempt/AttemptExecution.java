package dev.flowengine.internal.attempt;

import dev.flowengine.flow.OptionalInput;
import dev.flowengine.internal.machine.NodeFailure;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.ExecutionContext;
import dev.flowengine.node.Input;
import dev.flowengine.node.Output;
import dev.flowengine.node.RunOptions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The execution as one of its nodes may see it. */
final class AttemptExecution implements ExecutionContext {
    private final RunScope scope;
    private final int node;

    AttemptExecution(RunScope scope, int node) {
        this.scope = scope;
        this.node = node;
    }

    @Override
    public String executionId() {
        return scope.executionId();
    }

    @Override
    public String flowId() {
        return scope.index().flowId();
    }

    @Override
    public String flowVersion() {
        return scope.flow().version();
    }

    @Override
    public Optional<String> userId() {
        return scope.options().userId();
    }

    @Override
    public String startNodeId() {
        return scope.nodeId(scope.layout().startNode());
    }

    @Override
    public @Nullable Object triggerData() {
        return scope.inputs().triggerData();
    }

    @Override
    public RunOptions options() {
        return scope.options();
    }

    @Override
    public Instant startedAt() {
        return scope.startedAt();
    }

    @Override
    public List<String> executionPath() {
        return Arrays.stream(scope.startLog().nodes()).mapToObj(scope::nodeId).toList();
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // a handle's type is that of what its port emits
    public <T extends @Nullable Object> Input<T> output(Output<T> source) {
        if (source instanceof OptionalInput<?> optional) {
            return (Input<T>) Input.<Object>present(
                    Optional.ofNullable(output(optional.source()).valueOrNull()));
        }
        if (!scope.index().mayRead(scope.nodeId(node), source.nodeId())) {
            throw notReadable(source);
        }
        int from = scope.layout().numberOf(source.nodeId());
        if (from < 0) {
            return Input.absent(Input.Absence.UNFED);
        }
        int slot = scope.layout().slot(from, source.port());
        if (slot < 0) {
            throw unknownPort(source, from);
        }
        if (!scope.reader().mayKnow(node, slot)) {
            return Input.absent(Input.Absence.NOT_DECIDED);
        }
        if (scope.nodes().outputs().isFired(slot)) {
            return Input.present((T) scope.nodes().outputs().get(slot));
        }
        NodeFailure failure = scope.nodes().rootFailure(from);
        if (failure != null) {
            return Input.failed(failure.error());
        }
        boolean settled = scope.nodes().status(from).isSettled();
        return Input.absent(settled ? Input.Absence.NOT_TAKEN : Input.Absence.NOT_DECIDED);
    }

    private FlowException notReadable(Output<?> source) {
        return FlowException.of(
                        FailureKind.NOT_FOUND,
                        "node '" + scope.nodeId(node) + "' may not read the outputs of '" + source.nodeId()
                                + "': it is neither one of its inputs, nor waited for with after, nor an ancestor marked keep()")
                .affectedNodes(List.of(scope.nodeId(node), source.nodeId()))
                .suggestedResolution("Make it an input, or mark it keep().")
                .build();
    }

    private FlowException unknownPort(Output<?> source, int from) {
        return FlowException.of(
                        FailureKind.NOT_FOUND,
                        "node '" + source.nodeId() + "' has no output port '" + source.port() + "'; it has "
                                + String.join(", ", scope.layout().ports(from)))
                .affectedNodes(List.of(source.nodeId()))
                .suggestedResolution("Read one of the declared output ports.")
                .build();
    }
}
