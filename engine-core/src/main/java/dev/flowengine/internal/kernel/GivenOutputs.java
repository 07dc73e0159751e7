package dev.flowengine.internal.kernel;

import dev.flowengine.execution.CompensationState;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.InputPort;
import dev.flowengine.internal.layout.CompiledPlan;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Outputs that are given to an execution instead of computed.
 *
 * @param flow the flow
 * @param pins those that are pinned, by node
 * @param byNode all of them: those of an earlier execution, and over them the pins
 * @param released nodes that have completed in the earlier execution, and whose outputs are gone
 */
record GivenOutputs(Flow flow, Map<String, PortValues> pins, Map<String, PortValues> byNode, Set<String> released) {

    /** Reads what options give, or refuses what does not fit the flow. */
    static GivenOutputs of(Flow flow, RunOptions options, Function<String, RunResult> finished) {
        new StartChecks(flow).checkPins(options.pins());
        if (options.outputsFrom().isEmpty()) {
            return new GivenOutputs(flow, options.pins(), options.pins(), Set.of());
        }
        RunSnapshot earlier = finished.apply(options.outputsFrom().get()).last();
        Map<String, PortValues> given = new HashMap<>(outputsOf(flow, earlier));
        given.putAll(options.pins());
        Set<String> released = IntStream.range(0, earlier.layout().declared())
                .filter(node -> earlier.table().status(node) == NodeStatus.COMPLETED && earlier.isReleased(node))
                .mapToObj(node -> idOf(earlier, node))
                .filter(id -> !given.containsKey(id))
                .collect(Collectors.toSet());
        return new GivenOutputs(flow, options.pins(), Map.copyOf(given), released);
    }

    private static Map<String, PortValues> outputsOf(Flow flow, RunSnapshot earlier) {
        if (!earlier.flowId().equals(flow.id())) {
            throw FlowException.of(
                            FailureKind.INVALID_DEFINITION,
                            "flow '" + flow.id() + "' cannot take outputs from execution " + earlier.executionId()
                                    + ", which is one of flow '" + earlier.flowId() + "'")
                    .suggestedResolution("Name an execution of the same flow.")
                    .build();
        }
        Map<String, PortValues> outputs = new HashMap<>();
        // What that one was given itself comes first: so one part of a flow after another can be run.
        earlier.scope().inputs().supplied().forEach((node, values) -> outputs.put(idOf(earlier, node), values));
        // What was undone is no output any more.
        Set<String> undone =
                earlier.compensations().stream().map(CompensationState::nodeId).collect(Collectors.toSet());
        for (int node = 0; node < earlier.layout().declared(); node++) {
            boolean kept = earlier.table().status(node) == NodeStatus.COMPLETED && !earlier.isReleased(node);
            if (kept && !undone.contains(idOf(earlier, node))) {
                outputs.put(idOf(earlier, node), earlier.outputs(node));
            }
        }
        // A newer version of the flow may do without the node.
        outputs.keySet().removeIf(id -> flow.node(id).isEmpty());
        new StartChecks(flow).checkPins(outputs);
        return outputs;
    }

    private static String idOf(RunSnapshot earlier, int node) {
        return earlier.layout().definition(node).id();
    }

    /** Refuses a plan that lacks an output which the earlier execution has let go of. */
    void requireKept(CompiledPlan plan) {
        if (released.isEmpty()) {
            return;
        }
        PlanLayout layout = plan.layout();
        List<String> missing = flow.graph().connections().stream()
                .filter(connection -> released.contains(connection.from()))
                .filter(connection -> runs(layout, connection.to()) && !runs(layout, connection.from()))
                .map(Connection::from)
                .distinct()
                .toList();
        if (!missing.isEmpty()) {
            throw FlowException.of(
                            FailureKind.INVALID_FLOW_STATE,
                            "flow '" + flow.id() + "' cannot start from '"
                                    + plan.start().nodeId()
                                    + "' with outputs of an execution that has let go of them, as"
                                    + " it says releaseOutputs(): those of " + String.join(", ", missing))
                    .affectedNodes(missing)
                    .suggestedResolution("Pin them, mark the nodes keep(), or start further up.")
                    .build();
        }
    }

    private static boolean runs(PlanLayout layout, String nodeId) {
        int node = layout.numberOf(nodeId);
        return node >= 0 && node < layout.size();
    }

    Set<String> nodes() {
        return byNode.keySet();
    }

    /** Those of nodes outside the scope, by number. */
    Map<Integer, PortValues> supplied(PlanLayout layout) {
        Map<Integer, PortValues> supplied = new HashMap<>();
        byNode.forEach((id, values) -> {
            int node = layout.numberOf(id);
            if (node >= layout.size()) {
                supplied.put(node, values);
            }
        });
        return Map.copyOf(supplied);
    }

    /** Those that are pinned of nodes in the scope, by number. */
    Map<Integer, PortValues> pinned(PlanLayout layout) {
        Map<Integer, PortValues> pinned = new HashMap<>();
        pins.forEach((id, values) -> {
            int node = layout.numberOf(id);
            if (node >= 0 && node < layout.size()) {
                pinned.put(node, values);
            }
        });
        return Map.copyOf(pinned);
    }

    /** What the first node receives: what it is given by hand and, at its other ports, what supplied nodes put out. */
    PortValues startInput(PlanLayout layout, PortValues byHand) {
        NodeDefinition first = layout.definition(layout.startNode());
        PortValues input = byHand;
        for (InputPort port : first.shape().inputs()) {
            if (!byHand.asMap().containsKey(port.name())) {
                input = with(input, port, arriving(layout, first.id(), port.name()));
            }
        }
        return input;
    }

    private static PortValues with(PortValues input, InputPort port, List<@Nullable Object> arriving) {
        if (arriving.isEmpty()) {
            return input;
        }
        return input.and(port.name(), port.collecting() ? Collections.unmodifiableList(arriving) : arriving.get(0));
    }

    private List<@Nullable Object> arriving(PlanLayout layout, String nodeId, String port) {
        List<@Nullable Object> arriving = new ArrayList<>();
        for (Connection connection :
                byNode.isEmpty() ? List.<Connection>of() : flow.graph().connections()) {
            PortValues source = byNode.get(connection.from());
            if (connection.to().equals(nodeId)
                    && connection.toPort().equals(port)
                    && !runs(layout, connection.from())
                    && source != null
                    && source.asMap().containsKey(connection.fromPort())) {
                arriving.add(source.asMap().get(connection.fromPort()));
            }
        }
        return arriving;
    }
}
