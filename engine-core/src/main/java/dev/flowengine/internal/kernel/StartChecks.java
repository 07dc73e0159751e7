package dev.flowengine.internal.kernel;

import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.DependencyResolver;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.NodeKind;
import dev.flowengine.graph.Ports;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.TypeRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Refuses what a start is given if it does not fit the flow. */
final class StartChecks {
    private final Flow flow;

    StartChecks(Flow flow) {
        this.flow = flow;
    }

    /** The one value of a node with one input port, as values by port. */
    PortValues onlyPort(String nodeId, @Nullable Object value) {
        Optional<NodeDefinition> node = flow.node(nodeId);
        if (node.isEmpty()) {
            // Named when the plan is compiled, together with the nodes there are.
            return PortValues.of(Ports.MAIN, value);
        }
        boolean loop = node.get().shape().kind() == NodeKind.LOOP;
        // Its body alone can tell a loop to end.
        List<InputPort> inputs = node.get().shape().inputs().stream()
                .filter(port -> !(loop && port.name().equals(Ports.BREAK)))
                .toList();
        if (inputs.size() != 1) {
            throw refused(nodeId, "is given one value, but has " + inputs.size() + " input ports: " + names(inputs))
                    .suggestedResolution("Give PortValues with a value for each of its input ports.")
                    .build();
        }
        return PortValues.of(inputs.get(0).name(), value);
    }

    void checkTriggerData(String triggerId, @Nullable Object data) {
        NodeDefinition trigger = flow.node(triggerId).orElseThrow();
        trigger.outputType(Ports.MAIN).ifPresent(type -> requireType(triggerId, "is fired with", type, data));
    }

    /** What begins with the loop around a node cannot be given what the node receives. */
    void checkMoved(String nodeId, String entry, PortValues input) {
        if (!nodeId.equals(entry) && !input.asMap().isEmpty()) {
            throw refused(
                            nodeId,
                            "lies in the body of loop '" + entry
                                    + "', so that the execution begins with the loop, and the node cannot be given an"
                                    + " input")
                    .affectedNodes(List.of(nodeId, entry))
                    .suggestedResolution("Give no input (PortValues.none()) and take that of the loop from an earlier"
                            + " execution (outputsFrom) or a pin; or start from '" + entry + "'; or run the node alone"
                            + " with executeNode.")
                    .build();
        }
    }

    void checkInput(String nodeId, PortValues input, boolean dependencyCheck) {
        NodeDefinition node = flow.node(nodeId).orElseThrow();
        List<InputPort> inputs = node.shape().inputs();
        input.asMap().forEach((port, value) -> {
            int position = node.shape().inputIndex(port);
            if (position < 0) {
                throw refused(nodeId, "has no input port '" + port + "'; it has " + names(inputs))
                        .suggestedResolution("Give values for the node's input ports.")
                        .build();
            }
            checkPort(node, inputs.get(position), value);
        });
        inputs.stream()
                .filter(port ->
                        dependencyCheck && port.required() && !input.asMap().containsKey(port.name()))
                .findFirst()
                .ifPresent(port -> {
                    throw FlowException.of(
                                    FailureKind.MISSING_DEPENDENCY,
                                    prefix(nodeId) + "needs a value on its input port '" + port.name()
                                            + "', and none is given")
                            .affectedNodes(List.of(nodeId))
                            .suggestedResolution("Give the value, take it from an earlier execution (outputsFrom), or"
                                    + " make the port optional.")
                            .build();
                });
    }

    void checkPins(Map<String, PortValues> pins) {
        pins.forEach((nodeId, values) -> {
            NodeDefinition node = flow.node(nodeId)
                    .orElseThrow(() -> FlowException.of(
                                    FailureKind.NOT_FOUND,
                                    "flow '" + flow.id() + "' has no node '" + nodeId + "' to pin an output of"
                                            + nearest(nodeId))
                            .affectedNodes(List.of(nodeId))
                            .suggestedResolution("Pin an output of one of the flow's nodes.")
                            .build());
            values.asMap().forEach((port, value) -> checkPin(node, port, value));
        });
    }

    private void checkPin(NodeDefinition node, String port, @Nullable Object value) {
        boolean error = port.equals(Ports.ERROR) && node.errorHandling().equals(ErrorHandling.ERROR_OUTPUT);
        if (!error && !node.shape().outputs().contains(port)) {
            throw refused(
                            node.id(),
                            "has no output port '" + port + "' to pin; it has "
                                    + String.join(", ", node.shape().outputs()))
                    .suggestedResolution("Pin one of the declared output ports.")
                    .build();
        }
        if (node.shape().kind() == NodeKind.LOOP && port.equals(Ports.LOOP)) {
            throw refused(
                            node.id(),
                            "is a loop, whose port '" + port + "' fires in each iteration, and cannot be pinned")
                    .suggestedResolution("Pin its port '" + Ports.DONE + "', or a node of its body.")
                    .build();
        }
        node.outputType(port)
                .ifPresent(type -> requireType(node.id(), "has its port '" + port + "' pinned to", type, value));
    }

    private void checkPort(NodeDefinition node, InputPort port, @Nullable Object value) {
        if (port.collecting() && !(value instanceof List<?>)) {
            throw refused(
                            node.id(),
                            "is given " + className(value) + " on its collecting port '" + port.name()
                                    + "', which takes a list")
                    .suggestedResolution("Give a List with the values.")
                    .build();
        }
        node.inputType(port.name())
                .ifPresent(type -> requireType(node.id(), "is given on its port '" + port.name() + "'", type, value));
    }

    private void requireType(String nodeId, String what, TypeRef<?> type, @Nullable Object value) {
        if (!type.accepts(value)) {
            throw refused(nodeId, what + " a value of " + className(value) + ", but is declared to take " + type)
                    .suggestedResolution("Give a value of the declared type.")
                    .build();
        }
    }

    private FlowException.Builder refused(String nodeId, String what) {
        return FlowException.of(FailureKind.INVALID_DEFINITION, prefix(nodeId) + what)
                .affectedNodes(List.of(nodeId));
    }

    private String prefix(String nodeId) {
        return "flow '" + flow.id() + "': node '" + nodeId + "' ";
    }

    private String nearest(String wrong) {
        List<String> nearest = DependencyResolver.of(flow.graph()).nearest(wrong);
        return nearest.isEmpty() ? "" : "; the nearest are " + String.join(", ", nearest);
    }

    private static String names(List<InputPort> ports) {
        return ports.isEmpty()
                ? "none"
                : String.join(", ", ports.stream().map(InputPort::name).toList());
    }

    private static String className(@Nullable Object value) {
        return value == null ? "null" : value.getClass().getName();
    }
}
