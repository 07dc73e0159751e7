package dev.flowengine.oracle;

import dev.flowengine.oracle.Repeated.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Random cases with loops and maps, in each other and beside each other, and waits: those of {@link CaseGenerator}, in which
 * nodes are replaced by ones that repeat a smaller case.
 */
public final class NestedGenerator {
    private static final int DEEPEST = 2;
    private static final int SMALLEST_BODY = 3;
    private static final int LARGEST_BODY = 8;
    private static final int LARGEST = 20;
    /** How many loops and maps there are in one graph, not counting those in their bodies. */
    private static final int MOST = 3;

    private final CaseDice dice;

    private NestedGenerator(long seed) {
        dice = new CaseDice(seed);
    }

    /** The case of this seed, always the same. */
    public static NestedCase generate(long seed) {
        NestedGenerator generator = new NestedGenerator(~seed);
        long graph = seed * 1_000;
        GraphCase outer = withoutTarget(CaseGenerator.generate(graph));
        while (outer.nodes().size() > LARGEST || running(outer).isEmpty()) {
            graph++;
            outer = withoutTarget(CaseGenerator.generate(graph));
        }
        return generator.nested(outer, 0);
    }

    /** A failure that stops everything leaves too much open, and what a body has of a target nothing to compare with. */
    private static GraphCase withoutTarget(GraphCase graph) {
        CaseStart start = graph.start();
        CaseFailureMode mode = graph.settings().failureMode() == CaseFailureMode.FAIL_FAST
                ? CaseFailureMode.ISOLATE_BRANCH
                : graph.settings().failureMode();
        return new GraphCase(
                graph.seed(),
                new CaseSettings(mode, graph.settings().maxAttempts()),
                graph.nodes(),
                graph.connections(),
                graph.orders(),
                new CaseStart(start.kind(), start.nodeId(), start.input(), null),
                graph.pins(),
                graph.skipDependencyCheck());
    }

    private NestedCase nested(GraphCase graph, int depth) {
        Map<String, Repeated> repeated = new HashMap<>();
        Set<String> waiting = new HashSet<>();
        Set<String> running = running(graph);
        for (CaseNode node : candidates(graph)) {
            boolean runs = running.contains(node.id());
            boolean first = depth == 0 && runs && repeated.isEmpty();
            if (depth <= DEEPEST && repeated.size() < MOST && (first || dice.chance(runs ? 0.5 : 0.2))) {
                repeated.put(node.id(), repeated(node.id(), graph.settings(), depth));
            } else if (node.policy().onError() == CaseOnError.FAIL && dice.chance(0.5)) {
                waiting.add(node.id());
            }
        }
        return new NestedCase(graph, repeated, waiting);
    }

    /** Those of the candidates that would run if they were no more than bodies. */
    private static Set<String> running(GraphCase graph) {
        Set<String> running = new HashSet<>();
        List<CaseNode> candidates = candidates(graph);
        if (!candidates.isEmpty() && SettlementOracle.solve(graph) instanceof OracleResult.Settled settled) {
            candidates.stream()
                    .map(CaseNode::id)
                    .filter(id -> !settled.outcome(id).isSkipped())
                    .forEach(running::add);
        }
        return running;
    }

    /** Nodes with one plain input and one output, which are not the start. */
    private static List<CaseNode> candidates(GraphCase graph) {
        CaseScope scope = CaseScope.of(graph);
        return graph.nodes().stream()
                .filter(node ->
                        scope.contains(node.id()) && !scope.incoming(node.id()).isEmpty())
                .filter(node -> !node.trigger() && !node.disabled() && node.join() == CaseJoin.DEFAULT)
                .filter(node -> !graph.pins().containsKey(node.id()))
                .filter(node -> !node.id().equals(graph.start().nodeId()))
                .filter(node -> node.inputs().equals(List.of(new CasePort("main", true, false))))
                .filter(node -> node.outputs().equals(List.of("main")))
                .toList();
    }

    private Repeated repeated(String id, CaseSettings settings, int depth) {
        GraphCase graph = body(id, settings);
        NestedCase body = nested(graph, depth + 1);
        boolean map = dice.chance(0.5);
        int tolerated = dice.pick(List.of(0, 1, 2, Repeated.ALL));
        Source sign = !map && dice.chance(0.4) ? source(graph) : null;
        return new Repeated(
                map ? dice.between(1, 3) : 0,
                map ? tolerated : 0,
                body,
                graph.start().nodeId(),
                source(graph),
                sign);
    }

    private Source source(GraphCase body) {
        CaseNode node =
                dice.pick(body.nodes().stream().filter(any -> !any.trigger()).toList());
        boolean fires = !node.behaviour().fires().isEmpty();
        return new Source(node.id(), dice.pick(fires ? node.behaviour().fires() : node.outputs()));
    }

    private GraphCase body(String id, CaseSettings settings) {
        while (true) {
            GraphCase any = CaseGenerator.generate(dice.between(0, Integer.MAX_VALUE - 1));
            GraphCase body = reached(any, id, settings);
            int size = body.nodes().size();
            if (size >= SMALLEST_BODY && size <= LARGEST_BODY) {
                return body;
            }
        }
    }

    /** What the first trigger of a case reaches by connections: nothing else would belong to a body. */
    private GraphCase reached(GraphCase any, String owner, CaseSettings settings) {
        CaseNode trigger =
                any.nodes().stream().filter(CaseNode::trigger).findFirst().orElseThrow();
        Set<String> reached = new HashSet<>(Set.of(trigger.id()));
        while (any.connections().stream().anyMatch(wire -> reached.contains(wire.from()) && reached.add(wire.to()))) {
            // Until nothing is added any more.
        }
        List<CaseConnection> connections = any.connections().stream()
                .filter(wire -> reached.contains(wire.from()) && reached.contains(wire.to()))
                .map(wire -> new CaseConnection(
                        inside(owner, wire.from()), wire.fromPort(), inside(owner, wire.to()), wire.toPort()))
                .toList();
        List<CaseOrder> orders = any.orders().stream()
                .filter(order -> reached.contains(order.from()) && reached.contains(order.to()))
                .filter(order -> !order.from().equals(trigger.id()))
                .map(order -> new CaseOrder(inside(owner, order.from()), inside(owner, order.to())))
                .toList();
        List<CaseNode> nodes = new ArrayList<>();
        for (CaseNode node : any.nodes()) {
            if (reached.contains(node.id())) {
                nodes.add(fed(renamed(node, inside(owner, node.id())), connections));
            }
        }
        CaseStart start = new CaseStart(
                CaseStart.Kind.TRIGGER, inside(owner, trigger.id()), Map.of(CaseStart.TRIGGER_DATA, "item"), null);
        return new GraphCase(any.seed(), settings, nodes, connections, orders, start, Map.of(), false);
    }

    /** The id of a node in a body. */
    static String inside(String owner, String id) {
        return owner + "-" + id;
    }

    private static CaseNode renamed(CaseNode node, String id) {
        return new CaseNode(
                id,
                node.trigger(),
                node.inputs(),
                node.outputs(),
                node.join(),
                node.threshold(),
                node.disabled(),
                node.behaviour(),
                node.policy());
    }

    /** With ports that nothing leads to any more made optional, and no more asked for than can come. */
    private static CaseNode fed(CaseNode node, List<CaseConnection> connections) {
        List<CaseConnection> into =
                connections.stream().filter(wire -> wire.to().equals(node.id())).toList();
        List<CasePort> inputs = node.inputs().stream()
                .map(port -> new CasePort(
                        port.name(),
                        port.required()
                                && into.stream().anyMatch(wire -> wire.toPort().equals(port.name())),
                        port.collecting()))
                .toList();
        int most = new LinkedHashSet<>(into).size();
        return node.withInputs(inputs).withJoin(node.join(), Math.min(node.threshold(), most));
    }
}
