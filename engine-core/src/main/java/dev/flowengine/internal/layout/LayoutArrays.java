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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lays a scope out: counting sorts over its edges, linear in the size of the scope. */
final class LayoutArrays {
    private static final int FEW_PORTS = 8;

    private final FlowIndex index;
    private final Scope scope;
    private final int[] renumbered;
    private final Lanes lanes;
    private final BitSet inBodies = new BitSet();
    private final BitSet heads = new BitSet();
    private final Map<Integer, Map<String, Integer>> inputPositions = new HashMap<>();
    private final Map<Integer, Map<String, Integer>> outputPositions = new HashMap<>();

    final NodeDefinition[] nodes;
    final Map<String, Integer> numbers;
    final int size;
    /** How many nodes have a number of their own: those after them are laid out again, for lanes. */
    final int declared;

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
        this.declared = scope.nodes().cardinality();
        this.lanes = new Lanes(index, scope);
        this.size = lanes.laidOut();
        int total = size + scope.supplied().cardinality();
        this.nodes = new NodeDefinition[total];
        this.policies = new NodePolicy[total];
        this.numbers = new HashMap<>(total * 4 / 3 + 1);
        this.renumbered = new int[index.size()];
        numberAll();
        this.failureMode = index.failureMode();
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
        this.compensations = CompensationLayout.of(index.compensation(), nodes, declared);
    }

    private void numberAll() {
        number(scope.nodes(), 0);
        layOutLanes();
        number(scope.supplied(), size);
        scope.nodes().stream().filter(scope::repeats).forEach(n -> inBodies.set(renumbered[n]));
        inBodies.set(declared, size);
    }

    /** Describes the nodes of lanes: by the definitions they are copies of, and heads by those of their maps. */
    private void layOutLanes() {
        for (int n = scope.nodes().nextSetBit(0);
                !lanes.isEmpty() && n >= 0;
                n = scope.nodes().nextSetBit(n + 1)) {
            for (int copy = 1; copy < lanes.times(n); copy++) {
                describe(lanes.copy(n, renumbered[n], copy), n);
            }
            for (int lane = 0; lane < lanes.times(n) * lanes.width(n); lane++) {
                describe(lanes.head(n, lane), n);
                heads.set(lanes.head(n, lane));
            }
        }
    }

    private void describe(int node, int numberInFlow) {
        nodes[node] = index.node(numberInFlow);
        policies[node] = index.policy(numberInFlow);
    }

    private LoopLayout newLoops() {
        List<LoopLayout.Region> regions = new ArrayList<>();
        LayoutRegions parts = new LayoutRegions(this, index, lanes, renumbered);
        for (LoopRegion region : index.loops().regions()) {
            if (scope.nodes().get(index.numberOf(region.loop()))) {
                parts.add(region, regions);
            }
        }
        return regions.isEmpty() ? LoopLayout.NONE : new LoopLayout(regions, size, parts.copies());
    }

    /** The slot of an output port of a node that has it. */
    int slotOf(int node, String port) {
        return firstSlot[node] + outputPosition(node, port);
    }

    boolean runs(int numberInFlow) {
        return scope.nodes().get(numberInFlow);
    }

    private void number(BitSet numbersInFlow, int first) {
        int next = first;
        for (int n = numbersInFlow.nextSetBit(0); n >= 0; n = numbersInFlow.nextSetBit(n + 1)) {
            renumbered[n] = next;
            describe(next, n);
            numbers.put(index.node(n).id(), next++);
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
            for (int copy = 0; copy < lanes.times(edges.target(edge)); copy++) {
                if (index.isConnection(edge)) {
                    firstIn[gate(edge, copy) + 1]++;
                } else {
                    firstOrder[target(edge, copy) + 1]++;
                }
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
            for (int copy = 0; scope.counts(edge) && copy < lanes.times(edges.target(edge)); copy++) {
                int source = source(edge, copy);
                if (index.isConnection(edge)) {
                    Connection connection = index.connections().get(edge);
                    int in = nextIn[gate(edge, copy)]++;
                    inSource[in] = source;
                    inSlot[in] = slotOf(source, connection.fromPort());
                    inConnection[in] = connection;
                } else {
                    orderSource[nextOrder[target(edge, copy)]++] = source;
                }
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
                if (gateRequired[gate] && node != startNode && !heads.get(node) && firstIn[gate] == firstIn[gate + 1]) {
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

    private int target(int edge, int copy) {
        int target = index.edges().target(edge);
        return lanes.copy(target, renumbered[target], copy);
    }

    /** What feeds a copy of the target of an edge: what lies in the same lanes, or their head. */
    private int source(int edge, int copy) {
        int source = index.edges().source(edge);
        int target = index.edges().target(edge);
        boolean fromHead = lanes.width(source) > 0
                && index.isConnection(edge)
                && index.connections().get(edge).fromPort().equals(Ports.LOOP);
        return fromHead
                ? lanes.heading(source, target, copy)
                : lanes.copy(source, renumbered[source], lanes.feeding(source, target, copy));
    }

    private int gate(int edge, int copy) {
        int target = target(edge, copy);
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
