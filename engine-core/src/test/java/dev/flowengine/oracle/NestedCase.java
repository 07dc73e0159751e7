package dev.flowengine.oracle;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A case some of whose nodes repeat a case of their own, as loops or maps, and some wait for a time. In the graph of the case
 * these are nodes with one input and one output: {@code main} of a repeating node is its port {@code done}.
 */
public record NestedCase(GraphCase graph, Map<String, Repeated> repeated, Set<String> waiting) {

    /** Copies the collections. */
    public NestedCase {
        repeated = Map.copyOf(repeated);
        waiting = Set.copyOf(waiting);
    }

    /** A node as it is in one iteration: some failures do not happen there, and nodes with several outputs choose another. */
    public CaseNode node(String id, String path) {
        CaseNode node = graph.node(id);
        if (path.isEmpty() || node.trigger()) {
            return node;
        }
        SplittableRandom dice = dice(graph.seed(), id, path);
        CaseBehaviour behaviour = node.behaviour();
        if (behaviour.fails() && dice.nextInt(3) > 0) {
            behaviour = CaseBehaviour.fire(behaviour.fires());
        }
        if (behaviour.fires().size() < node.outputs().size() && node.outputs().size() > 1) {
            String port = node.outputs().get(dice.nextInt(node.outputs().size()));
            behaviour = new CaseBehaviour(behaviour.failures(), behaviour.throwsError(), List.of(port));
        }
        return node.withBehaviour(behaviour);
    }

    static SplittableRandom dice(long seed, String node, String path) {
        return new SplittableRandom(31 * (31 * seed + node.hashCode()) + path.hashCode());
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(graph.toString());
        text.append("  waiting ").append(waiting).append('\n');
        repeated.forEach((id, body) ->
                text.append("  ").append(id).append(" is ").append(body).append('\n'));
        return text.toString();
    }
}
