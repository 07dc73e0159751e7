package dev.flowengine.oracle;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A random acyclic flow: every connection and every order-only dependency leads from an earlier node to a later one. */
final class GraphDraft {
    private static final List<CaseJoin> JOINS = List.of(CaseJoin.values());
    /** In the order of the joins after DEFAULT. */
    private static final int[] JOIN_WEIGHTS = {3, 3, 3, 3, 4, 3, 3, 2, 1};

    private static final List<CaseJoin> ABOUT_FAILURE =
            List.of(CaseJoin.ALL_FAILED, CaseJoin.ALL_FAILED, CaseJoin.ANY_FAILED, CaseJoin.NONE_FAILED);

    private final CaseDice dice;
    private final CaseMood mood;
    private final List<CaseNode> nodes = new ArrayList<>();
    private final Set<CaseConnection> connections = new LinkedHashSet<>();
    private final List<CaseOrder> orders = new ArrayList<>();

    private GraphDraft(CaseDice dice, CaseMood mood) {
        this.dice = dice;
        this.mood = mood;
    }

    static GraphDraft of(CaseDice dice, CaseMood mood) {
        GraphDraft draft = new GraphDraft(dice, mood);
        int size = draft.size();
        int triggers = Math.min(1 + dice.weighted(55, 30, 15), size - 1);
        for (int i = 1; i <= size; i++) {
            draft.nodes.add(i <= triggers ? trigger("t" + i) : draft.node("n" + (i - triggers)));
        }
        return draft;
    }

    /** The nodes in topological order. */
    List<CaseNode> nodes() {
        return nodes;
    }

    /** The connections; in some cases one of them twice (S15). */
    List<CaseConnection> connections() {
        List<CaseConnection> all = new ArrayList<>(connections);
        if (!all.isEmpty() && dice.chance(0.05)) {
            all.add(dice.pick(all));
        }
        return all;
    }

    List<CaseOrder> orders() {
        return orders;
    }

    private int size() {
        return switch (dice.weighted(46, 39, 15)) {
            case 0 -> dice.between(2, 7);
            case 1 -> dice.between(8, 16);
            default -> dice.between(17, 40);
        };
    }

    private static CaseNode trigger(String id) {
        List<String> main = List.of("main");
        return new CaseNode(id, true, List.of(), main, CaseJoin.DEFAULT, 0, false, CaseBehaviour.fire(main));
    }

    private CaseNode node(String id) {
        List<CasePort> inputs = inputs();
        long before = connections.size();
        inputs.forEach(port -> connect(id, port.name()));
        int incoming = (int) (connections.size() - before);
        addOrders(id);
        List<String> outputs = names("main", "out", 1 + dice.weighted(55, 30, 15));
        CaseJoin join = join(id, incoming);
        int threshold = join == CaseJoin.AT_LEAST ? dice.between(1, incoming) : 0;
        return new CaseNode(id, false, inputs, outputs, join, threshold, false, behaviour(outputs));
    }

    private List<CasePort> inputs() {
        return names("main", "in", 1 + dice.weighted(60, 28, 12)).stream()
                .map(name -> new CasePort(name, !dice.chance(mood.optional()), dice.chance(0.25)))
                .toList();
    }

    private void connect(String id, String port) {
        int count = dice.weighted(3, 60, 24, 13);
        for (int i = 0; i < count; i++) {
            CaseNode from = source(id);
            connections.add(new CaseConnection(from.id(), dice.pick(from.outputs()), id, port));
        }
    }

    /** A recent node, any node, or again the source of the last connection into this node. */
    private CaseNode source(String id) {
        List<CaseConnection> into =
                connections.stream().filter(c -> c.to().equals(id)).toList();
        if (!into.isEmpty() && dice.chance(0.15)) {
            String last = into.get(into.size() - 1).from();
            return nodes.stream()
                    .filter(node -> node.id().equals(last))
                    .findFirst()
                    .orElseThrow();
        }
        return dice.chance(0.5)
                ? dice.pick(nodes)
                : dice.pick(nodes.subList(Math.max(0, nodes.size() - 4), nodes.size()));
    }

    private void addOrders(String id) {
        if (dice.chance(mood.order())) {
            int count = dice.between(1, Math.min(2, nodes.size()));
            dice.shuffled(nodes).subList(0, count).forEach(from -> orders.add(new CaseOrder(from.id(), id)));
        }
    }

    /** Any join; those that look at failures mostly where a source fails. */
    private CaseJoin join(String id, int incoming) {
        if (!dice.chance(mood.otherJoin())) {
            return CaseJoin.DEFAULT;
        }
        if (hasFailingSource(id) && dice.chance(0.7)) {
            return dice.pick(ABOUT_FAILURE);
        }
        CaseJoin join = JOINS.get(1 + dice.weighted(JOIN_WEIGHTS));
        return join == CaseJoin.AT_LEAST && incoming == 0 ? CaseJoin.ANY_SUCCESS : join;
    }

    private boolean hasFailingSource(String id) {
        List<String> failing = nodes.stream()
                .filter(node -> node.behaviour().fails())
                .map(CaseNode::id)
                .toList();
        return connections.stream().anyMatch(c -> c.to().equals(id) && failing.contains(c.from()));
    }

    /** Fails, or is a branch that fires one port, a router that fires some, or a node that fires all. */
    private CaseBehaviour behaviour(List<String> outputs) {
        if (dice.chance(mood.fail())) {
            return CaseBehaviour.FAIL;
        }
        if (outputs.size() == 1) {
            return CaseBehaviour.fire(dice.chance(0.08) ? List.of() : outputs);
        }
        return CaseBehaviour.fire(
                switch (dice.weighted(45, 35, 20)) {
                    case 0 -> List.of(dice.pick(outputs));
                    case 1 -> dice.subset(outputs);
                    default -> outputs;
                });
    }

    private static List<String> names(String only, String prefix, int count) {
        if (count == 1) {
            return List.of(only);
        }
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            names.add(prefix + i);
        }
        return names;
    }
}
