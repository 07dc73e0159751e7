package dev.flowengine.internal.layout;

import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.graph.Ports;
import dev.flowengine.node.TypeRef;
import dev.flowengine.node.ValueBody;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The scope of one kind of start in int-indexed arrays. Immutable; shared by all executions of that kind.
 *
 * <p>Nodes are numbered anew: those that run from 0 to {@code size() - 1} in declaration order, then those that only
 * supply outputs, up to {@code total()}. Every declared output port is a <i>slot</i>, every input port a <i>gate</i>;
 * both are numbered through, node by node. The edges that leave a node are grouped by target, so that all connections
 * between two nodes are decided together; those that enter it are grouped by gate, in declaration order.
 */
public final class PlanLayout {
    /** The slot of an edge that only orders and carries no value. */
    public static final int ORDER_ONLY = -1;

    /** How many bits a count of dependencies may take: a node has fewer than 2 to the power of it. */
    public static final int COUNT_BITS = 21;

    static final byte NO_BODY = 1;
    static final byte JOINS_EARLY = 2;
    static final byte CPU_BOUND = 4;
    static final byte UNFED = 8;
    static final byte ONE_REQUIRED_GATE = 16;
    static final byte LIMITED = 32;
    static final byte IN_BODY = 64;
    static final byte LOOP = -128;

    private final LayoutArrays arrays;
    private final NodeDefinition[] nodes;
    private volatile String @Nullable [] ids;
    private volatile long @Nullable [] joinsOpen;
    private final int[] firstSlot;
    private final int[] firstGate;
    private final int[] firstOut;
    private final int[] outTarget;
    private final int[] outSlot;
    private final int[] firstIn;
    private final JoinRule.Kind[] rules;
    private final byte[] traits;
    private final FailureMode failureMode;
    private final @Nullable ValueBody[] valueBodies;

    PlanLayout(LayoutArrays arrays) {
        this.arrays = arrays;
        this.nodes = arrays.nodes;
        this.firstSlot = arrays.firstSlot;
        this.firstGate = arrays.firstGate;
        this.firstOut = arrays.firstOut;
        this.outTarget = arrays.outTarget;
        this.outSlot = arrays.outSlot;
        this.firstIn = arrays.firstIn;
        this.rules = arrays.rules;
        this.traits = arrays.traits;
        this.failureMode = arrays.failureMode;
        this.valueBodies = arrays.valueBodies;
    }

    /**
     * How many nodes run.
     *
     * @return the size of the scope
     */
    public int size() {
        return arrays.size;
    }

    /** How many of them there are in the flow: the numbers after these are for lanes of maps. */
    public int declared() {
        return arrays.declared;
    }

    /**
     * How many nodes there are, those that only supply outputs included.
     *
     * @return at least {@code size()}
     */
    public int total() {
        return nodes.length;
    }

    /** The number of the node the execution begins with. */
    public int startNode() {
        return arrays.startNode;
    }

    /**
     * A node by number.
     *
     * @param node its number
     * @return its definition
     */
    public NodeDefinition definition(int node) {
        return nodes[node];
    }

    /**
     * The ids of all nodes, for whoever outlives the execution and must not keep the flow.
     *
     * @return an id for each number; the same array every time, not to be changed
     */
    public String[] nodeIds() {
        String[] known = ids;
        if (known == null) {
            known = Stream.of(nodes).map(NodeDefinition::id).toArray(String[]::new);
            ids = known;
        }
        return known;
    }

    /**
     * What the joins of an execution start from, counted once for all executions.
     *
     * @return a new array: of each node that runs the number of its dependencies, with the sign bit if its join may fire
     *     early
     */
    public long[] joinsOpen() {
        long[] known = joinsOpen;
        if (known == null) {
            known = new long[size()];
            for (int node = 0; node < known.length; node++) {
                known[node] = dependencies(node) | (joinsEarly(node) ? Long.MIN_VALUE : 0);
            }
            joinsOpen = known;
        }
        return known.clone();
    }

    /**
     * The number of a node.
     *
     * @param nodeId its id
     * @return its number, or -1 if it neither runs nor supplies
     */
    public int numberOf(String nodeId) {
        return arrays.numbers.getOrDefault(nodeId, -1);
    }

    /**
     * The first slot of a node; its slots end where those of the next node begin.
     *
     * @param node its number, up to {@code total()}
     * @return the slot of its first declared output port
     */
    public int firstSlot(int node) {
        return firstSlot[node];
    }

    /**
     * The first gate of a node; its gates end where those of the next node begin.
     *
     * @param node its number, up to {@code total()}
     * @return the gate of its first input port
     */
    public int firstGate(int node) {
        return firstGate[node];
    }

    /**
     * Whether the node's default join needs a value at a gate.
     *
     * @param gate the gate
     * @return true if its port is required
     */
    public boolean isRequired(int gate) {
        return arrays.gateRequired[gate];
    }

    /**
     * The first edge that leaves a node; its edges end where those of the next node begin.
     *
     * @param node its number, up to {@code total()}
     * @return a position for {@link #outTarget} and {@link #outSlot}
     */
    public int firstOut(int node) {
        return firstOut[node];
    }

    /**
     * Where an edge leads.
     *
     * @param out position of the edge
     * @return number of the target
     */
    public int outTarget(int out) {
        return outTarget[out];
    }

    /**
     * What an edge carries.
     *
     * @param out position of the edge
     * @return a slot of the edge's source, or {@link #ORDER_ONLY}
     */
    public int outSlot(int out) {
        return outSlot[out];
    }

    /**
     * The first connection into a gate; its connections end where those of the next gate begin.
     *
     * @param gate the gate, up to the number of gates
     * @return a position for {@link #inSource}, {@link #inSlot} and {@link #inConnection}
     */
    public int firstIn(int gate) {
        return firstIn[gate];
    }

    /**
     * Where a connection comes from.
     *
     * @param in position of the connection
     * @return number of the source
     */
    public int inSource(int in) {
        return arrays.inSource[in];
    }

    /**
     * What a connection carries.
     *
     * @param in position of the connection
     * @return a slot of its source
     */
    public int inSlot(int in) {
        return arrays.inSlot[in];
    }

    /**
     * The connection itself.
     *
     * @param in its position
     * @return the connection of the flow
     */
    public Connection inConnection(int in) {
        return arrays.inConnection[in];
    }

    /**
     * The first node a node waits for without taking a value; they end where those of the next node begin.
     *
     * @param node its number, up to {@code total()}
     * @return a position for {@link #orderSource}
     */
    public int firstOrder(int node) {
        return arrays.firstOrder[node];
    }

    /**
     * A node that is waited for.
     *
     * @param order its position
     * @return number of the node
     */
    public int orderSource(int order) {
        return arrays.orderSource[order];
    }

    /**
     * How many connections enter a node.
     *
     * @param node its number
     * @return the N of its join rule
     */
    public int connections(int node) {
        return firstIn[firstGate[node + 1]] - firstIn[firstGate[node]];
    }

    /**
     * How many edges enter a node, order dependencies included.
     *
     * @param node its number
     * @return how many have to be decided before everything is
     */
    public int dependencies(int node) {
        return connections(node) + orderDependencies(node);
    }

    /**
     * How many nodes a node waits for without taking a value.
     *
     * @param node its number
     * @return their number
     */
    public int orderDependencies(int node) {
        return arrays.firstOrder[node + 1] - arrays.firstOrder[node];
    }

    /**
     * The join rule of a node.
     *
     * @param node its number
     * @return its kind
     */
    public JoinRule.Kind rule(int node) {
        return rules[node];
    }

    /**
     * Whether a required port of a node has no source.
     *
     * @param node its number
     * @return true if the node can never run
     */
    public boolean isUnfed(int node) {
        return (traits[node] & UNFED) != 0;
    }

    /**
     * Whether a node has the default join over one input port, which is required: the join most nodes have, decided by
     * counts alone.
     *
     * @param node its number
     * @return true if it needs nothing but one taken connection, and no failed one
     */
    public boolean hasOneRequiredGate(int node) {
        return (traits[node] & ONE_REQUIRED_GATE) != 0;
    }

    /**
     * The body of a node, if it is one that returns its value.
     *
     * @param node its number
     * @return the body, or null if the node has a body of another kind or none
     */
    public @Nullable ValueBody valueBody(int node) {
        return valueBodies[node];
    }

    /**
     * The type of what a node's first output port emits.
     *
     * @param node its number
     * @return the type, or null if it was not declared
     */
    public @Nullable TypeRef<?> valueType(int node) {
        return arrays.valueTypes[node];
    }

    /**
     * How a node's attempts are limited and repeated, and what becomes of its failure.
     *
     * @param node its number
     * @return its policy
     */
    public NodePolicy policy(int node) {
        return arrays.policies[node];
    }

    /**
     * Whether a node may take only so much time from its readiness on.
     *
     * @param node its number
     * @return true if it has a node timeout
     */
    public boolean isLimited(int node) {
        return (traits[node] & LIMITED) != 0;
    }

    /** The loops of the scope. */
    public LoopLayout loops() {
        return arrays.loops;
    }

    /** Whether a node is a loop. */
    public boolean isLoop(int node) {
        return traits[node] < 0;
    }

    /** Whether a node lies in the body of a loop. */
    public boolean isInBody(int node) {
        return (traits[node] & IN_BODY) != 0;
    }

    /**
     * What an unhandled failure means to the rest of the execution.
     *
     * @return the mode of the flow
     */
    public FailureMode failureMode() {
        return failureMode;
    }

    /** Which nodes may be compensated; null if none is. */
    public @Nullable CompensationLayout compensations() {
        return arrays.compensations;
    }

    /**
     * The slot of an output port.
     *
     * @param node number of the node
     * @param port name of the port
     * @return its slot, or -1 if the node has no such port, or it can never fire
     */
    public int slot(int node, String port) {
        int index = nodes[node].shape().outputIndex(port);
        int slot = firstSlot[node] + index;
        return index < 0 || slot >= firstSlot[node + 1] ? -1 : slot;
    }

    /**
     * The output ports of a node that may fire, in the order of their slots.
     *
     * @param node its number
     * @return the declared ports, and the port for errors if the node emits them
     */
    public List<String> ports(int node) {
        List<String> declared = nodes[node].shape().outputs();
        if (firstSlot[node + 1] - firstSlot[node] == declared.size()) {
            return declared;
        }
        List<String> all = new ArrayList<>(declared);
        all.add(Ports.ERROR);
        return all;
    }

    /**
     * Whether anything in scope depends on a node.
     *
     * @param node its number
     * @return false for a sink
     */
    public boolean hasSuccessor(int node) {
        for (int out = firstOut[node]; out < firstOut[node + 1]; out++) {
            // What runs again and again is a part of the loop.
            if (!isLoop(node) || outSlot[out] != arrays.loops.region(node).slot()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a node settles without a body: a trigger, or a disabled node.
     *
     * @param node its number
     * @return true if no attempt of it is ever made
     */
    public boolean hasNoBody(int node) {
        return (traits[node] & NO_BODY) != 0;
    }

    /**
     * Whether a node may start before all its connections are decided.
     *
     * @param node its number
     * @return true if its join fires early
     */
    public boolean joinsEarly(int node) {
        return (traits[node] & JOINS_EARLY) != 0;
    }

    /**
     * Whether the body of a node runs on an engine worker.
     *
     * @param node its number
     * @return true if it only computes, and nothing may cut it short
     */
    public boolean isCpuBound(int node) {
        return (traits[node] & CPU_BOUND) != 0;
    }

    /**
     * How many nodes wait for an engine worker once they are ready: those whose bodies only compute.
     *
     * @return their number, without those that are disabled
     */
    public int queuedNodes() {
        return arrays.queuedNodes;
    }

    /**
     * Whether any attempt may need a thread for bodies.
     *
     * @return false if every node has no body, or one that only computes and is tried once
     */
    public boolean mayUseBodyThreads() {
        return arrays.bodyThreads;
    }

    /**
     * Whether any node may start before all its connections are decided.
     *
     * @return true if some join fires early
     */
    public boolean joinsEarly() {
        return arrays.joinsEarly;
    }
}
