package dev.flowengine.internal.attempt;

import dev.flowengine.flow.OptionalInput;
import dev.flowengine.graph.InputPort;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.Input;
import dev.flowengine.node.Inputs;
import dev.flowengine.node.Output;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The inputs of one attempt, read when asked for: what has arrived by the start of a node does not change. */
final class AttemptInputs implements Inputs {
    private final RunScope scope;
    private final int node;

    AttemptInputs(RunScope scope, int node) {
        this.scope = scope;
        this.node = node;
    }

    @Override
    public <T extends @Nullable Object> T get(Output<T> source) {
        Input<T> input = input(source);
        if (input.isPresent()) {
            return input.value();
        }
        throw FlowException.of(
                        FailureKind.INVALID_FLOW_STATE,
                        "node '" + id() + "' reads the value of '" + source.nodeId() + "', but none arrived: "
                                + input.error()
                                        .map(FlowError::summary)
                                        .orElseGet(() -> "" + input.absence().orElse(null)))
                .affectedNodes(List.of(id(), source.nodeId()))
                .suggestedResolution("Read it with input(…), or make it optional.")
                .build();
    }

    @Override
    @SuppressWarnings("unchecked") // the definition connects the port to an output of type T
    public <T extends @Nullable Object> Input<T> input(Output<T> source) {
        String port = scope.index().portFedBy(id(), source.nodeId(), source.port());
        if (port == null) {
            throw notAnInput(source);
        }
        Input<@Nullable Object> input = port(port);
        if (source instanceof OptionalInput<?>) {
            return (Input<T>) Input.<Object>present(Optional.ofNullable(input.valueOrNull()));
        }
        return (Input<T>) input;
    }

    @Override
    public Input<@Nullable Object> port(String port) {
        int position = scope.layout().definition(node).shape().inputIndex(port);
        if (position < 0) {
            throw FlowException.of(
                            FailureKind.NOT_FOUND,
                            "node '" + id() + "' has no input port '" + port + "'; it has "
                                    + String.join(", ", ports()))
                    .affectedNodes(List.of(id()))
                    .suggestedResolution("Read one of the declared input ports.")
                    .build();
        }
        return scope.reader().read(node, position);
    }

    @Override
    public List<String> ports() {
        return scope.layout().definition(node).shape().inputs().stream()
                .map(InputPort::name)
                .toList();
    }

    private FlowException notAnInput(Output<?> source) {
        return FlowException.of(
                        FailureKind.NOT_FOUND,
                        "node '" + id() + "' reads port '" + source.port() + "' of '" + source.nodeId()
                                + "', which is not one of its inputs")
                .affectedNodes(List.of(id(), source.nodeId()))
                .suggestedResolution("Name it among the node's inputs.")
                .build();
    }

    private String id() {
        return scope.nodeId(node);
    }
}
