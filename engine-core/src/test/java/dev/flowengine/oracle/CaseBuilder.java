package dev.flowengine.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Cases by hand. An end of a connection is {@code node.port}, or {@code node} for its port {@code main}; an input port is
 * written {@code in}, {@code in?} if optional, {@code in[]} if collecting. What follows {@code node} changes that node.
 */
public final class CaseBuilder {
    private final List<CaseNode> nodes = new ArrayList<>();
    private final List<CaseConnection> connections = new ArrayList<>();
    private final List<CaseOrder> orders = new ArrayList<>();
    private final Map<String, Map<String, String>> pins = new LinkedHashMap<>();
    private CaseSettings settings = CaseSettings.DEFAULT;
    private boolean skipDependencyCheck;
    private @Nullable String target;

    /** Adds a trigger. */
    public CaseBuilder trigger(String id) {
        return add(id, true, List.of());
    }

    /** Adds a node that fires {@code main}; without input ports it has the required port {@code main}. */
    public CaseBuilder node(String id, String... inputs) {
        List<String> ports = inputs.length == 0 ? List.of("main") : List.of(inputs);
        return add(id, false, ports.stream().map(CaseBuilder::port).toList());
    }

    /** The join of the last node. */
    public CaseBuilder join(CaseJoin join, int threshold) {
        return change(node -> node.withJoin(join, threshold));
    }

    /** The join of the last node, which is not AT_LEAST. */
    public CaseBuilder join(CaseJoin join) {
        return join(join, 0);
    }

    /** The output ports of the last node, which fires them all unless told otherwise. */
    public CaseBuilder outputs(String... outputs) {
        List<String> ports = List.of(outputs);
        return change(node -> CaseNode.plain(node.id(), node.trigger(), node.inputs(), ports)
                .withJoin(node.join(), node.threshold())
                .withPolicy(node.policy()));
    }

    /** The last node fires these ports only. */
    public CaseBuilder fires(String... ports) {
        return behaves(CaseBehaviour.fire(Arrays.asList(ports)));
    }

    /** The last node always fails. */
    public CaseBuilder fails() {
        return behaves(CaseBehaviour.FAIL);
    }

    /** The first attempts of the last node fail. */
    public CaseBuilder failsFirst(int attempts) {
        return change(node -> node.withBehaviour(node.behaviour().failingFirst(attempts)));
    }

    /** The last node throws errors, not exceptions. */
    public CaseBuilder throwsErrors() {
        return change(node -> node.withBehaviour(node.behaviour().throwingErrors()));
    }

    /** The attempts of the last node. */
    public CaseBuilder retry(int maxAttempts) {
        return change(node ->
                node.withPolicy(new CasePolicy(maxAttempts, false, node.policy().onError())));
    }

    /** What becomes of a failure of the last node. */
    public CaseBuilder onError(CaseOnError handling) {
        return change(node -> node.withPolicy(
                new CasePolicy(node.policy().maxAttempts(), node.policy().pauses(), handling)));
    }

    /** What is said about the flow as a whole. */
    public CaseBuilder settings(CaseFailureMode failureMode, int maxAttempts) {
        settings = new CaseSettings(failureMode, maxAttempts);
        return this;
    }

    /** The last node is disabled. */
    public CaseBuilder disabled() {
        return change(CaseNode::asDisabled);
    }

    /** Connects an output to an input. */
    public CaseBuilder connect(String from, String to) {
        connections.add(new CaseConnection(nodeOf(from), portOf(from), nodeOf(to), portOf(to)));
        return this;
    }

    /** Makes a node wait for another one, without data. */
    public CaseBuilder after(String to, String from) {
        orders.add(new CaseOrder(from, to));
        return this;
    }

    /** Pins a port to a value. */
    public CaseBuilder pin(String output, String value) {
        pins.computeIfAbsent(nodeOf(output), node -> new LinkedHashMap<>()).put(portOf(output), value);
        return this;
    }

    /** Lets the run start with unfed ports. */
    public CaseBuilder skipDependencyCheck() {
        skipDependencyCheck = true;
        return this;
    }

    /** Cuts the scope to the ancestors of a node. */
    public CaseBuilder upTo(String node) {
        target = node;
        return this;
    }

    /** The case started from a trigger with the value {@code data}. */
    public GraphCase fromTrigger(String trigger) {
        return start(CaseStart.Kind.TRIGGER, trigger, Map.of(CaseStart.TRIGGER_DATA, "data"));
    }

    /** The case started from a node. */
    public GraphCase fromNode(String node, Map<String, String> input) {
        return start(CaseStart.Kind.NODE, node, input);
    }

    /** The case of one node alone. */
    public GraphCase single(String node, Map<String, String> input) {
        return start(CaseStart.Kind.SINGLE, node, input);
    }

    private GraphCase start(CaseStart.Kind kind, String node, Map<String, String> input) {
        CaseStart start = new CaseStart(kind, node, input, target);
        return new GraphCase(0, settings, nodes, connections, orders, start, pins, skipDependencyCheck);
    }

    private CaseBuilder add(String id, boolean trigger, List<CasePort> inputs) {
        nodes.add(CaseNode.plain(id, trigger, inputs, List.of("main")));
        return this;
    }

    private CaseBuilder behaves(CaseBehaviour behaviour) {
        return change(node -> node.withBehaviour(behaviour));
    }

    private CaseBuilder change(UnaryOperator<CaseNode> change) {
        int last = nodes.size() - 1;
        nodes.set(last, change.apply(nodes.get(last)));
        return this;
    }

    private static CasePort port(String text) {
        String name = text.replace("?", "").replace("[]", "");
        return new CasePort(name, !text.contains("?"), text.contains("[]"));
    }

    private static String nodeOf(String end) {
        int dot = end.indexOf('.');
        return dot < 0 ? end : end.substring(0, dot);
    }

    private static String portOf(String end) {
        int dot = end.indexOf('.');
        return dot < 0 ? "main" : end.substring(dot + 1);
    }
}
