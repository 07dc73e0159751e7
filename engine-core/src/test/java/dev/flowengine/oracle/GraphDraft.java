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

    /** How failures are handled, and how they are not in spite of it. */
    private static final List<CaseOnError> HANDLINGS = List.of(
            CaseOnError.CONTINUE,
            CaseOnError.ERROR_OUTPUT,
            CaseOnError.ERROR_OUTPUT,
            CaseOnError.ERROR_OUTPUT,
            CaseOnError.FALLBACK,
            CaseOnError.FALLBACK_TO_NULL,
            CaseOnError.RECOVER,
            CaseOnError.FAILING_RECOVERY);

    private final CaseDice dice;
    private final CaseMood mood;
    private final CaseSettings settings;
    private final List<CaseNode> nodes = new ArrayList<>();
    private final Set<CaseConnection> connections = new LinkedHashSet<>();
    private final List<CaseOrder> orders = new ArrayList<>();

    private GraphDraft(CaseDice dice, CaseMood mood, CaseSettings settings) {
        this.dice = dice;
        this.mood = mood;
        this.settings = settings;
    }

    static GraphDraft of(CaseDice dice, CaseMood mood, CaseSettings settings) {
        GraphDraft draft = new GraphDraft(dice, mood, settings);
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
        if (!all.isEmpty() && dice.chance(0.06)) {
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
        return CaseNode.plain(id, true, List.of(), List.of("main"));
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
        CaseNode plain = CaseNode.plain(id, false, inputs, outputs)
                .withJoin(join, threshold)
                .withPolicy(policy());
        return plain.withBehaviour(behaviour(plain));
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
            connections.add(new CaseConnection(from.id(), output(from), id, port));
        }
    }

    /** S21: any output port; {@code error} often where it may fire. */
    private String output(CaseNode from) {
        return mayEmitError(from) && dice.chance(0.7) ? CaseNode.ERROR : dice.pick(from.connectable());
    }

    private static boolean mayEmitError(CaseNode node) {
        return node.behaviour().fails() && node.policy().onError() == CaseOnError.ERROR_OUTPUT;
    }

    /** A recent node, any node, one that may emit its failure, or again the source of the last connection into this node. */
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
        List<CaseNode> emitErrors =
                nodes.stream().filter(GraphDraft::mayEmitError).toList();
        if (!emitErrors.isEmpty() && dice.chance(0.3)) {
            return dice.pick(emitErrors);
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
        boolean isolates = settings.failureMode() == CaseFailureMode.ISOLATE_BRANCH;
        if (hasFailingSource(id) && dice.chance(isolates ? 0.95 : 0.4)) {
            return dice.pick(ABOUT_FAILURE);
        }
        CaseJoin join = JOINS.get(1 + dice.weighted(JOIN_WEIGHTS));
        return join == CaseJoin.AT_LEAST && incoming == 0 ? CaseJoin.ANY_SUCCESS : join;
    }

    private boolean hasFailingSource(String id) {
        List<String> failing =
                nodes.stream().filter(this::failsInTheEnd).map(CaseNode::id).toList();
        return connections.stream().anyMatch(c -> c.to().equals(id) && failing.contains(c.from()));
    }

    private boolean failsInTheEnd(CaseNode node) {
        boolean exhausted = node.behaviour().throwsError() || node.behaviour().failures() >= settings.attemptsOf(node);
        return node.behaviour().fails() && exhausted && !node.policy().onError().handles();
    }

    /** S20, S21: of nodes that fail and of nodes that do not. */
    private CasePolicy policy() {
        int maxAttempts = dice.chance(mood.retry()) ? 1 + dice.weighted(20, 45, 35) : 0;
        CaseOnError onError = dice.chance(mood.handle()) ? dice.pick(HANDLINGS) : CaseOnError.FAIL;
        return new CasePolicy(maxAttempts, dice.chance(0.5), onError);
    }

    /** Fires its ports, at once or after failures fewer than, as many as or more than its attempts; or never. */
    private CaseBehaviour behaviour(CaseNode node) {
        CaseBehaviour firing = firing(node.outputs());
        boolean handles = node.policy().onError() != CaseOnError.FAIL;
        if (!dice.chance(handles ? Math.max(mood.fail(), 0.4) : mood.fail())) {
            return firing;
        }
        CaseBehaviour failing = dice.chance(0.45)
                ? firing.failing()
                : firing.failingFirst(dice.between(1, settings.attemptsOf(node) + 1));
        return dice.chance(0.1) ? failing.throwingErrors() : failing;
    }

    /** A branch that fires one port, a router that fires some, or a node that fires all. */
    private CaseBehaviour firing(List<String> outputs) {
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
