package dev.flowengine.oracle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Random cases: valid acyclic flows of 2 to 40 nodes, each with one start. */
public final class CaseGenerator {
    private static final List<CaseFailureMode> MODES = List.of(CaseFailureMode.values());

    private final long seed;
    private final CaseDice dice;
    private final CaseMood mood;

    private CaseGenerator(long seed) {
        this.seed = seed;
        this.dice = new CaseDice(seed);
        this.mood = CaseMood.of(dice);
    }

    /** The case of this seed, always the same. */
    public static GraphCase generate(long seed) {
        return new CaseGenerator(seed).generate();
    }

    private GraphCase generate() {
        CaseSettings settings = settings();
        GraphDraft draft = GraphDraft.of(dice, mood, settings);
        List<CaseNode> nodes = dice.chance(0.6) ? dice.shuffled(draft.nodes()) : draft.nodes();
        List<CaseConnection> connections = draft.connections();
        GraphCase plain = new GraphCase(
                seed,
                settings,
                nodes,
                dice.chance(0.7) ? dice.shuffled(connections) : connections,
                draft.orders(),
                start(nodes),
                Map.of(),
                dice.chance(0.15));
        return withRemedies(withPins(withDisabledNodes(withTarget(plain))));
    }

    /** S20, S22. */
    private CaseSettings settings() {
        CaseFailureMode mode = MODES.get(dice.weighted(62, 20, 18));
        return new CaseSettings(mode, 1 + dice.weighted(75, 15, 10));
    }

    private CaseStart start(List<CaseNode> nodes) {
        if (dice.chance(0.65)) {
            CaseNode trigger =
                    dice.pick(nodes.stream().filter(CaseNode::trigger).toList());
            Map<String, String> data = Map.of(CaseStart.TRIGGER_DATA, "data-" + trigger.id());
            return new CaseStart(CaseStart.Kind.TRIGGER, trigger.id(), data, null);
        }
        CaseNode node = dice.pick(nodes.stream().filter(any -> !any.trigger()).toList());
        CaseStart.Kind kind = dice.chance(0.8) ? CaseStart.Kind.NODE : CaseStart.Kind.SINGLE;
        return new CaseStart(kind, node.id(), input(node), null);
    }

    /** A value for every required port, and for some of the optional ones. */
    private Map<String, String> input(CaseNode node) {
        Map<String, String> input = new LinkedHashMap<>();
        for (CasePort port : node.inputs()) {
            if (port.required() || dice.chance(0.6)) {
                input.put(port.name(), "given-" + port.name());
            }
        }
        return input;
    }

    /** S4. */
    private GraphCase withTarget(GraphCase graph) {
        CaseStart start = graph.start();
        if (start.kind() == CaseStart.Kind.SINGLE || !dice.chance(0.25)) {
            return graph;
        }
        CaseScope scope = CaseScope.of(graph);
        List<CaseNode> inScope =
                graph.nodes().stream().filter(node -> scope.contains(node.id())).toList();
        CaseStart cut = new CaseStart(
                start.kind(), start.nodeId(), start.input(), dice.pick(inScope).id());
        return change(graph, graph.nodes(), cut, graph.pins(), graph.skipDependencyCheck());
    }

    /** S17: any node but a trigger and the target. */
    private GraphCase withDisabledNodes(GraphCase graph) {
        List<CaseNode> nodes = new ArrayList<>();
        for (CaseNode node : graph.nodes()) {
            boolean allowed = !node.trigger() && !node.id().equals(graph.start().upTo());
            nodes.add(allowed && dice.chance(mood.disabled()) ? node.asDisabled() : node);
        }
        return change(graph, nodes, graph.start(), graph.pins(), graph.skipDependencyCheck());
    }

    /** S18: pins of some output ports, in and out of scope. */
    private GraphCase withPins(GraphCase graph) {
        Map<String, Map<String, String>> pins = new LinkedHashMap<>();
        for (CaseNode node : graph.nodes()) {
            if (dice.chance(mood.pin())) {
                pins.put(node.id(), pin(node.id(), dice.nonEmptySubset(node.outputs())));
            }
        }
        return change(graph, graph.nodes(), graph.start(), pins, graph.skipDependencyCheck());
    }

    /** S5: most starts that would be refused get the remedies the refusal would name. */
    private GraphCase withRemedies(GraphCase graph) {
        Set<UnfedPort> unfed = CaseScope.of(graph).unfedPorts();
        if (unfed.isEmpty() || graph.skipDependencyCheck() || dice.chance(0.2)) {
            return graph;
        }
        if (dice.chance(0.25)) {
            return change(graph, graph.nodes(), graph.start(), graph.pins(), true);
        }
        GraphCase remedied = graph;
        for (UnfedPort port : unfed) {
            remedied = withRemedy(remedied, port);
        }
        return remedied;
    }

    /** Pins the pruned source of the port, or makes the port optional. */
    private GraphCase withRemedy(GraphCase graph, UnfedPort unfed) {
        List<CaseConnection> pruned = graph.connections().stream()
                .filter(c -> c.to().equals(unfed.node()) && c.toPort().equals(unfed.port()))
                .toList();
        if (!pruned.isEmpty() && dice.chance(0.6)) {
            CaseNode source = graph.node(dice.pick(pruned).from());
            Map<String, Map<String, String>> pins = new LinkedHashMap<>(graph.pins());
            pins.putIfAbsent(source.id(), pin(source.id(), dice.nonEmptySubset(source.outputs())));
            return change(graph, graph.nodes(), graph.start(), pins, false);
        }
        List<CaseNode> nodes = graph.nodes().stream()
                .map(node -> node.id().equals(unfed.node()) ? withOptional(node, unfed.port()) : node)
                .toList();
        return change(graph, nodes, graph.start(), graph.pins(), false);
    }

    private static CaseNode withOptional(CaseNode node, String name) {
        return node.withInputs(node.inputs().stream()
                .map(port -> port.name().equals(name) ? new CasePort(name, false, port.collecting()) : port)
                .toList());
    }

    private static Map<String, String> pin(String node, List<String> ports) {
        Map<String, String> pin = new LinkedHashMap<>();
        ports.forEach(port -> pin.put(port, "pin-" + node + "." + port));
        return pin;
    }

    private static GraphCase change(
            GraphCase graph,
            List<CaseNode> nodes,
            CaseStart start,
            Map<String, Map<String, String>> pins,
            boolean skipDependencyCheck) {
        return new GraphCase(
                graph.seed(),
                graph.settings(),
                nodes,
                graph.connections(),
                graph.orders(),
                start,
                pins,
                skipDependencyCheck);
    }
}
