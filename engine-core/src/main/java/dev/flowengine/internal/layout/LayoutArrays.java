package dev.flowengine.internal.layout;

import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.GraphNode;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.graph.LoopRegion;
import dev.flowengine.graph.NodeKind;
import dev.flowengine.graph.Ports;
import dev.flowengine.internal.digraph.IntDigraph;
import dev.flowengine.node.TypeRef;
import dev.flowengine.node.ValueBody;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lays a scope out: counting sorts over its edges, linear in the size of the scope. */
final class LayoutArrays {
    private static final int FEW_PORTS = 8;

    private final FlowIndex index;
    private final Scope scope;
    private final int[] renumbered;
    private final BitSet inBodies = new BitSet();
    private final Map<Integer, Map<String, Integer>> inputPositions = new HashMap<>();
    private final Map<Integer, Map<String, Integer>> outputPositions = new HashMap<>();

    final NodeDefinition[] nodes;
    final Map<String, Integer> numbers;
    final int size;
    final int startNode;
    final int[] firstSlot;
    final int[] firstGate;
    final boolean[] gateRequired;
    final int[] firstIn;
    final int[] inSource;
    final int[] inSlot;
    final Connection[] inConnection;
    final int[] firstOrder;
    final int[] orderSource;
    final int[] firstOut;
    final int[] outTarget;
    final int[] outSlot;
    final JoinRule.Kind[] rules;
    final byte[] traits;
    final NodePolicy[] policies;
    final @Nullable ValueBody[] valueBodies;
    final @Nullable TypeRef<?>[] valueTypes;
    final FailureMode failureMode;
    final LoopLayout loops;
    final @Nullable CompensationLayout compensations;
    boolean joinsEarly;
    int queuedNodes;
    boolean bodyThreads;

    LayoutArrays(FlowIndex index, Scope scope) {
        this.index = index;
        this.scope = scope;
        this.size = scope.nodes().cardinality();
        int total = size + scope.supplied().cardinality();
        this.nodes = new NodeDefinition[total];
        this.policies = new NodePolicy[total];
        this.numbers = new HashMap<>(total * 4 / 3 + 1);
        this.renumbered = new int[index.size()];
        number(scope.nodes());
        number(scope.supplied());
        this.failureMode = index.failureMode();
        scope.nodes().stream().filter(n -> scope.repeats(n)).forEach(n -> inBodies.set(renumbered[n]));
        this.startNode = renumbered[scope.startNode()];
        this.firstSlot = new int[total + 1];
        this.firstGate = new int[total + 1];
        this.rules = new JoinRule.Kind[total];
        this.traits = new byte[total];
        this.valueBodies = new ValueBody[total];
        this.valueTypes = new TypeRef<?>[total];
        describeNodes();
        this.gateRequired = new boolean[firstGate[total]];
        this.firstIn = new int[firstGate[total] + 1];
        this.firstOrder = new int[total + 1];
        countEdges();
        requireCountable();
        this.inSource = new int[firstIn[firstGate[total]]];
        this.inSlot = new int[inSource.length];
        this.inConnection = new Connection[inSource.length];
        this.orderSource = new int[firstOrder[total]];
        fillIncoming();
        this.firstOut = new int[total + 1];
        this.outTarget = new int[inSource.length + orderSource.length];
        this.outSlot = new int[outTarget.length];
        fillOutgoing();
        markGates();
        this.loops = newLoops();
        this.compensations = CompensationLayout.of(index.compensation(), nodes, size);
    }

    private LoopLayout newLoops() {
        List<LoopLayout.Region> regions = new ArrayList<>();
        for (LoopRegion region : index.loops().regions()) {
            if (scope.nodes().get(index.numberOf(region.loop()))) {
                regions.add(region(region));
            }
        }
        return regions.isEmpty() ? LoopLayout.NONE : new LoopLayout(regions, size);
    }

    private LoopLayout.Region region(LoopRegion region) {
        int loop = Objects.requireNonNull(numbers.get(region.loop()));
        List<LoopLayout.Back> back = new ArrayList<>();
        List<LoopLayout.Back> breaks = new ArrayList<>();
        for (Connection connection : region.back()) {
            Integer source = numbers.get(connection.from());
            if (source != null) {
                int slot = firstSlot[source] + outputPosition(source, connection.fromPort());
                (connection.toPort().equals(Ports.BREAK) ? breaks : back).add(new LoopLayout.Back(source, slot));
            }
        }
        return new LoopLayout.Region(
                loop,
                firstSlot[loop] + outputPosition(loop, Ports.LOOP),
                inScope(region.nodes().stream()),
                inScope(index.loops().inside(region)),
                List.copyOf(back),
                List.copyOf(breaks));
    }

    private int[] inScope(Stream<String> ids) {
        return ids.map(numbers::get)
                .filter(number -> number != null && number < size)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    private void number(BitSet numbersInFlow) {
        for (int n = numbersInFlow.nextSetBit(0); n >= 0; n = numbersInFlow.nextSetBit(n + 1)) {
            int next = numbers.size();
            renumbered[n] = next;
            nodes[next] = index.node(n);
            policies[next] = index.policy(n);
            numbers.put(index.node(n).id(), next);
        }
    }

    private void describeNodes() {
        for (int node = 0; node < nodes.length; node++) {
            GraphNode shape = nodes[node].shape();
            firstSlot[node + 1] = firstSlot[node] + shape.outputs().size() + (emitsErrors(node) ? 1 : 0);
            firstGate[node + 1] = firstGate[node] + shape.inputs().size();
            rules[node] = shape.join().kind();
            valueBodies[node] = nodes[node].body().orElse(null) instanceof ValueBody body ? body : null;
            valueTypes[node] = shape.outputs().isEmpty()
                    ? null
                    : nodes[node].outputType(shape.outputs().get(0)).orElse(null);
            joinsEarly |= shape.join().firesEarly() && node < size;
            bodyThreads |= needsBodyThread(node);
            queuedNodes += isQueued(node) && !nodes[node].isDisabled() && node < size ? 1 : 0;
        }
    }

    private void countEdges() {
        IntDigraph edges = index.edges();
        for (int edge = 0; edge < edges.edges(); edge++) {
            if (!scope.counts(edge)) {
                continue;
            }
            if (index.isConnection(edge)) {
                firstIn[gate(edge) + 1]++;
            } else {
                firstOrder[renumbered[edges.target(edge)] + 1]++;
            }
        }
        accumulate(firstIn);
        accumulate(firstOrder);
    }

    /** The machine counts the dependencies of a node in so many bits. */
    private void requireCountable() {
        for (int node = 0; node < nodes.length; node++) {
            int count =
                    firstIn[firstGate[node + 1]] - firstIn[firstGate[node]] + firstOrder[node + 1] - firstOrder[node];
            if (count >= 1 << PlanLayout.COUNT_BITS) {
                throw Refusals.tooManyDependencies(index, nodes[node].id(), count);
            }
        }
    }

    private void fillIncoming() {
        IntDigraph edges = index.edges();
        int[] nextIn = firstIn.clone();
        int[] nextOrder = firstOrder.clone();
        for (int edge = 0; edge < edges.edges(); edge++) {
            if (!scope.counts(edge)) {
                continue;
            }
            int source = renumbered[edges.source(edge)];
            if (index.isConnection(edge)) {
                Connection connection = index.connections().get(edge);
                int in = nextIn[gate(edge)]++;
                inSource[in] = source;
                inSlot[in] = firstSlot[source] + outputPosition(source, connection.fromPort());
                inConnection[in] = connection;
            } else {
                orderSource[nextOrder[renumbered[edges.target(edge)]]++] = source;
            }
        }
    }

    /** Walks the targets in order, so that the edges of each source come out grouped by target. */
    private void fillOutgoing() {
        for (int source : inSource) {
            firstOut[source + 1]++;
        }
        for (int source : orderSource) {
            firstOut[source + 1]++;
        }
        accumulate(firstOut);
        int[] next = firstOut.clone();
        for (int target = 0; target < size; target++) {
            for (int in = firstIn[firstGate[target]]; in < firstIn[firstGate[target + 1]]; in++) {
                outTarget[next[inSource[in]]] = target;
                outSlot[next[inSource[in]]++] = inSlot[in];
            }
            for (int order = firstOrder[target]; order < firstOrder[target + 1]; order++) {
                outTarget[next[orderSource[order]]] = target;
                outSlot[next[orderSource[order]]++] = PlanLayout.ORDER_ONLY;
            }
        }
    }

    private void markGates() {
        for (int node = 0; node < size; node++) {
            List<InputPort> inputs = nodes[node].shape().inputs();
            for (int i = 0; i < inputs.size(); i++) {
                int gate = firstGate[node] + i;
                gateRequired[gate] = inputs.get(i).required();
                if (gateRequired[gate] && node != startNode && firstIn[gate] == firstIn[gate + 1]) {
                    traits[node] |= PlanLayout.UNFED;
                }
            }
            markTraits(node);
        }
    }

    private void markTraits(int node) {
        NodeDefinition definition = nodes[node];
        List<InputPort> inputs = definition.shape().inputs();
        if (definition.isDisabled() || definition.body().isEmpty()) {
            traits[node] |= PlanLayout.NO_BODY;
        }
        if (definition.shape().join().firesEarly()) {
            traits[node] |= PlanLayout.JOINS_EARLY;
        }
        if (policies[node].nodeTimeout() != null) {
            traits[node] |= PlanLayout.LIMITED;
        }
        if (isQueued(node)) {
            traits[node] |= PlanLayout.CPU_BOUND;
        }
        markLoopTraits(node);
        if (definition.shape().join().equals(JoinRule.DEFAULT)
                && inputs.size() == 1
                && inputs.get(0).required()) {
            traits[node] |= PlanLayout.ONE_REQUIRED_GATE;
        }
    }

    private void markLoopTraits(int node) {
        if (inBodies.get(node)) {
            traits[node] |= PlanLayout.IN_BODY;
        }
        if (isLoop(node)) {
            traits[node] |= PlanLayout.LOOP;
        }
    }

    private boolean emitsErrors(int node) {
        return nodes[node].errorHandling().equals(ErrorHandling.ERROR_OUTPUT);
    }

    private boolean needsBodyThread(int node) {
        boolean hasBody = nodes[node].body().isPresent() && !nodes[node].isDisabled();
        boolean again = policies[node].retry().maxAttempts() > 1;
        return hasBody && node < size && (again || !isQueued(node));
    }

    /**
     * A body that may be cut short needs a thread that can be interrupted, and given up; one whose start is written first,
     * whose result is looked for in a cache, or put where there may be no place for it yet, a thread that can wait for that. The queue holds each node once, and so none that starts again and again.
     */
    private boolean isQueued(int node) {
        return nodes[node].isCpuBound()
                && !index.areOutputsAwaited()
                && !policies[node].isTimed()
                && !policies[node].atMostOnce()
                && nodes[node].cache().isEmpty()
                && !inBodies.get(node)
                && !isLoop(node);
    }

    private boolean isLoop(int node) {
        return nodes[node].shape().kind() == NodeKind.LOOP && node < size;
    }

    private int gate(int edge) {
        int target = renumbered[index.edges().target(edge)];
        return firstGate[target]
                + inputPosition(target, index.connections().get(edge).toPort());
    }

    /** The many ports of a node are not looked through for each connection, but once. */
    private int inputPosition(int node, String port) {
        GraphNode shape = nodes[node].shape();
        if (shape.inputs().size() <= FEW_PORTS) {
            return shape.inputIndex(port);
        }
        return inputPositions
                .computeIfAbsent(node, many -> positions(shape.inputs().stream().map(InputPort::name)))
                .getOrDefault(port, -1);
    }

    private int outputPosition(int node, String port) {
        GraphNode shape = nodes[node].shape();
        if (shape.outputs().size() <= FEW_PORTS) {
            return shape.outputIndex(port);
        }
        return outputPositions
                .computeIfAbsent(
                        node, many -> positions(Stream.concat(shape.outputs().stream(), Stream.of(Ports.ERROR))))
                .getOrDefault(port, -1);
    }

    private static Map<String, Integer> positions(Stream<String> ports) {
        Map<String, Integer> positions = new HashMap<>();
        ports.forEach(port -> positions.putIfAbsent(port, positions.size()));
        return positions;
    }

    private static void accumulate(int[] counts) {
        for (int i = 1; i < counts.length; i++) {
            counts[i] += counts[i - 1];
        }
    }
}
