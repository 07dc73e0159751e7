package dev.flowengine.flow;

import dev.flowengine.graph.DependencyResolver;
import dev.flowengine.graph.LoopRegion;
import dev.flowengine.graph.NodeKind;
import dev.flowengine.graph.Problem;
import dev.flowengine.graph.Severity;
import dev.flowengine.node.MapBody;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What can be wrong with nodes that have a compensation. */
final class CompensationChecks {
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, String> loopAround = new HashMap<>();
    private final Set<String> maps = new HashSet<>();

    private CompensationChecks() {}

    static List<Problem> check(List<NodeDefinition> nodes, DependencyResolver resolver, CompensationPolicy policy) {
        List<NodeDefinition> undoable =
                nodes.stream().filter(node -> node.compensation().isPresent()).toList();
        if (undoable.isEmpty()) {
            return List.of();
        }
        CompensationChecks checks = new CompensationChecks();
        nodes.stream().filter(CompensationChecks::isMap).map(NodeDefinition::id).forEach(checks.maps::add);
        for (LoopRegion region : resolver.loops()) {
            region.nodes().forEach(inside -> checks.loopAround.put(inside, region.loop()));
        }
        undoable.forEach(checks::check);
        if (policy.isNone()) {
            List<String> ids = undoable.stream().map(NodeDefinition::id).toList();
            checks.problems.add(new Problem(
                    Problem.Code.INVALID_NODE,
                    Severity.WARNING,
                    "the flow never compensates, so what undoes " + String.join(", ", ids) + " is never called",
                    ids,
                    "ask for it with compensate(CompensationPolicy…)"));
        }
        return checks.problems;
    }

    private static boolean isMap(NodeDefinition node) {
        return node.body().orElse(null) instanceof MapBody;
    }

    private void check(NodeDefinition node) {
        String loop = loopAround.get(node.id());
        if (node.shape().kind() == NodeKind.LOOP) {
            report(
                    node,
                    "is a " + (isMap(node) ? "map" : "loop") + ", which itself does nothing that could be undone",
                    "");
        } else if (loop != null) {
            boolean map = maps.contains(loop);
            report(
                    node,
                    "lies in the body of " + (map ? "map '" : "loop '") + loop + "', whose "
                            + (map ? "items" : "iterations") + " leave nothing behind to undo them with",
                    ", and undo what was done there in a node behind the " + (map ? "map" : "loop")
                            + ", which receives all that was brought back");
        }
        if (node.body().isEmpty()) {
            report(node, "has no body that could do something to be undone", "");
        }
        if (node.cache().isPresent()) {
            report(node, "has a cache, so that several executions share what one of them would undo", ", or the cache");
        }
    }

    private void report(NodeDefinition node, String finding, String alternative) {
        problems.add(new Problem(
                Problem.Code.INVALID_NODE,
                Severity.ERROR,
                "node '" + node.id() + "' has a compensation, but " + finding,
                List.of(node.id()),
                "leave out the compensation" + alternative));
    }
}
