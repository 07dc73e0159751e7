package dev.flowengine.internal.layout;

import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.CircularDependency;
import dev.flowengine.graph.DependencyResolver;
import dev.flowengine.graph.NodeKind;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.plan.ExecutionPlan;
import dev.flowengine.plan.UnfedPort;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The errors with which a start is refused before anything runs. */
final class Refusals {
    private static final int NAMED_AT_MOST = 20;

    private Refusals() {}

    static FlowException unknownTrigger(FlowIndex index, String id, boolean isNode) {
        String found = isNode ? "node '" + id + "' is no trigger" : "there is no trigger '" + id + "'";
        return FlowException.of(
                        FailureKind.NOT_FOUND,
                        "flow '" + index.flowId() + "': " + found + "; " + names(index, id, true))
                .affectedNodes(List.of(id))
                .suggestedResolution(
                        isNode ? "Start from a trigger, or use executeFromNode." : "Use one of the flow's triggers.")
                .build();
    }

    static FlowException unknownNode(FlowIndex index, String id) {
        return FlowException.of(
                        FailureKind.NOT_FOUND,
                        "flow '" + index.flowId() + "' has no node '" + id + "'; " + names(index, id, false))
                .affectedNodes(List.of(id))
                .suggestedResolution("Use the id of one of the flow's nodes.")
                .build();
    }

    static FlowException triggerInTheMiddle(FlowIndex index, String id) {
        return FlowException.of(
                        FailureKind.INVALID_DEFINITION,
                        "flow '" + index.flowId() + "': '" + id + "' is a trigger, which has no input ports to give "
                                + "an input to")
                .affectedNodes(List.of(id))
                .suggestedResolution("Use executeFromTrigger.")
                .build();
    }

    static FlowException nothingBefore(FlowIndex index, String start, String target) {
        return FlowException.of(
                        FailureKind.INVALID_DEFINITION,
                        "flow '" + index.flowId() + "': nothing runs from '" + start + "' before '" + target + "'")
                .affectedNodes(List.of(start, target))
                .suggestedResolution("Start from a node that '" + target + "' depends on, or run up to it with upTo.")
                .build();
    }

    static FlowException tooManyLanes(FlowIndex index, List<String> maps, int most) {
        return FlowException.of(
                        FailureKind.LIMIT_EXCEEDED,
                        "flow '" + index.flowId()
                                + "': the items its maps would have in work at once come to more than " + most
                                + " nodes: " + String.join(", ", maps))
                .affectedNodes(maps)
                .suggestedResolution("Give these maps a smaller concurrency: of nested ones the numbers multiply.")
                .build();
    }

    static FlowException loopAlone(FlowIndex index, String id) {
        return FlowException.of(
                        FailureKind.INVALID_DEFINITION,
                        "flow '" + index.flowId() + "': '" + id + "' is a loop, which cannot run without its body")
                .affectedNodes(List.of(id))
                .suggestedResolution("Use executeFromNode, with upTo(\"" + id + "\") if nothing is to follow it.")
                .build();
    }

    static FlowException disabled(FlowIndex index, String id, String consequence) {
        return FlowException.of(
                        FailureKind.INVALID_DEFINITION,
                        "flow '" + index.flowId() + "': node '" + id + "' is disabled, so " + consequence)
                .affectedNodes(List.of(id))
                .suggestedResolution("Enable the node, or choose another.")
                .build();
    }

    static FlowException tooManyDependencies(FlowIndex index, String id, int count) {
        return FlowException.of(
                        FailureKind.LIMIT_EXCEEDED,
                        "flow '" + index.flowId() + "': node '" + id + "' has " + count
                                + " dependencies, but can have at most " + ((1 << PlanLayout.COUNT_BITS) - 1))
                .affectedNodes(List.of(id))
                .suggestedResolution("Join them in groups.")
                .build();
    }

    static FlowException cyclic(FlowIndex index, CircularDependency cycle) {
        return FlowException.of(
                        FailureKind.CIRCULAR_DEPENDENCY,
                        "flow '" + index.flowId() + "': the nodes to run depend on each other in a circle: "
                                + cycle.pathText())
                .affectedNodes(cycle.nodes())
                .dependencyChain(cycle.path())
                .suggestedResolution("Remove one of the connections of the circle, or start where it is not reached.")
                .build();
    }

    static FlowException unfed(FlowIndex index, ExecutionPlan plan) {
        List<UnfedPort> unfed =
                plan.unfed().stream().filter(UnfedPort::required).toList();
        String ports = unfed.stream().map(Refusals::describe).collect(Collectors.joining("; "));
        return FlowException.of(
                        FailureKind.MISSING_DEPENDENCY,
                        "flow '" + index.flowId() + "' cannot start from '"
                                + plan.start().nodeId() + "': " + ports)
                .affectedNodes(unfed.stream().map(UnfedPort::nodeId).distinct().toList())
                .dependencyChain(unfed.stream()
                        .flatMap(port -> port.pruned().stream())
                        .map(connection -> connection.from())
                        .distinct()
                        .toList())
                .suggestedResolution("Pin an output of a missing source (RunOptions.pin), take it from an earlier "
                        + "execution (outputsFrom), stop before the node (upTo), or make the port optional.")
                .build();
    }

    private static String describe(UnfedPort port) {
        String sources = port.pruned().stream()
                .map(connection -> connection.from() + "." + connection.fromPort())
                .collect(Collectors.joining(", "));
        String why = port.pruned().isEmpty() ? "has no connection" : "is fed only by " + sources + ", out of scope";
        return "node '" + port.nodeId() + "' needs its port '" + port.port() + "', which " + why;
    }

    private static String names(FlowIndex index, String wrong, boolean triggersOnly) {
        List<String> ids = IntStream.range(0, index.size())
                .mapToObj(index::node)
                .filter(node -> !triggersOnly || node.shape().kind() == NodeKind.TRIGGER)
                .map(NodeDefinition::id)
                .limit(NAMED_AT_MOST + 1L)
                .toList();
        String what = triggersOnly ? "triggers" : "nodes";
        if (ids.isEmpty()) {
            return "it has no " + what;
        }
        String listed = String.join(", ", ids.subList(0, Math.min(ids.size(), NAMED_AT_MOST)));
        List<String> nearest = triggersOnly ? List.of() : nearest(index, wrong);
        return (nearest.isEmpty() ? "" : "the nearest are " + String.join(", ", nearest) + "; ") + "its " + what
                + " are " + listed + (ids.size() > NAMED_AT_MOST ? ", …" : "");
    }

    /** What a wrong id most likely stands for, where there are too many nodes to name them all. */
    private static List<String> nearest(FlowIndex index, String wrong) {
        return index.size() <= NAMED_AT_MOST
                ? List.of()
                : DependencyResolver.of(index.graph()).nearest(wrong);
    }
}
