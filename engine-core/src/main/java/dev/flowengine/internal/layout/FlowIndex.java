package dev.flowengine.internal.layout;

import dev.flowengine.flow.CompensationPolicy;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.Timeouts;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.FlowGraph;
import dev.flowengine.graph.OrderDependency;
import dev.flowengine.internal.digraph.IntDigraph;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A flow by number: nodes in declaration order; connections, then order dependencies, as the edges of one graph.
 * Immutable. Holds parts of the flow but not the flow itself, so that caches keyed weakly by the flow may hold it.
 */
public final class FlowIndex {
    private final String flowId;
    private final List<NodeDefinition> nodes;
    private final FailureMode failureMode;
    private final Timeouts timeouts;
    private final boolean outputsAreAwaited;
    private final RetryPolicy retry;
    private final CompensationPolicy compensation;
    private final FlowGraph graph;
    private final Map<String, Integer> numbers;
    private final FlowLoops loops;
    private final IntDigraph edges;

    private FlowIndex(
            Flow flow, EngineDefaults defaults, Map<String, Integer> numbers, FlowLoops loops, IntDigraph edges) {
        this.flowId = flow.id();
        this.failureMode = flow.failureMode();
        this.timeouts = flow.timeouts().orElse(defaults.timeouts());
        this.outputsAreAwaited = defaults.outputsAreAwaited();
        this.retry = flow.retry();
        this.compensation = flow.compensation();
        this.nodes = flow.nodes();
        this.graph = flow.graph();
        this.numbers = numbers;
        this.loops = loops;
        this.edges = edges;
    }

    /**
     * Numbers a flow without limits but its own. Linear.
     *
     * @param flow a flow whose connections all have their ends
     * @return its index
     */
    public static FlowIndex of(Flow flow) {
        return of(flow, EngineDefaults.NONE);
    }

    /**
     * Numbers a flow. Linear.
     *
     * @param flow a flow whose connections all have their ends
     * @param defaults what the engine says
     * @return its index
     */
    public static FlowIndex of(Flow flow, EngineDefaults defaults) {
        Map<String, Integer> numbers = new HashMap<>(flow.nodes().size() * 4 / 3 + 1);
        for (NodeDefinition node : flow.nodes()) {
            numbers.put(node.id(), numbers.size());
        }
        List<Connection> connections = flow.graph().connections();
        List<OrderDependency> orders = flow.graph().orderDependencies();
        FlowLoops loops = FlowLoops.of(flow, numbers);
        int[][] waits = loops.waits();
        int[] from = new int[connections.size() + orders.size() + waits.length];
        int[] to = new int[from.length];
        int edge = 0;
        for (Connection connection : connections) {
            from[edge] = number(numbers, connection.from());
            to[edge++] = number(numbers, connection.to());
        }
        for (OrderDependency order : orders) {
            from[edge] = number(numbers, order.from());
            to[edge++] = number(numbers, order.to());
        }
        for (int[] wait : waits) {
            from[edge] = wait[0];
            to[edge++] = wait[1];
        }
        return new FlowIndex(flow, defaults, numbers, loops, IntDigraph.of(numbers.size(), from, to));
    }

    /**
     * The flow.
     *
     * @return its id
     */
    public String flowId() {
        return flowId;
    }

    /**
     * The structure of the flow.
     *
     * @return its graph
     */
    public FlowGraph graph() {
        return graph;
    }

    /**
     * What an unhandled failure means to the rest.
     *
     * @return the mode of the flow
     */
    public FailureMode failureMode() {
        return failureMode;
    }

    /**
     * How long things may take.
     *
     * @return the limits of the flow, where it has none those of the engine
     */
    public Timeouts timeouts() {
        return timeouts;
    }

    /**
     * The number of a node.
     *
     * @param nodeId its id
     * @return its position in the declaration order, or -1 if the flow has no such node
     */
    public int numberOf(String nodeId) {
        return numbers.getOrDefault(nodeId, -1);
    }

    /**
     * A node by number.
     *
     * @param number its position in the declaration order
     * @return the node
     */
    public NodeDefinition node(int number) {
        return nodes.get(number);
    }

    /**
     * How many nodes there are.
     *
     * @return their number
     */
    public int size() {
        return nodes.size();
    }

    /**
     * The input port of a node that an output port feeds.
     *
     * @param target id of the node
     * @param source id of the node it is fed by
     * @param sourcePort output port of the source
     * @return name of the input port, the first declared if it feeds several; null if it feeds none
     */
    public @Nullable String portFedBy(String target, String source, String sourcePort) {
        int number = numberOf(target);
        for (int i = 0; i < edges.inDegree(number); i++) {
            int edge = edges.inEdge(number, i);
            if (isConnection(edge)) {
                Connection connection = connections().get(edge);
                if (connection.from().equals(source) && connection.fromPort().equals(sourcePort)) {
                    return connection.toPort();
                }
            }
        }
        return null;
    }

    /**
     * Whether a node may read the outputs of another: one it depends on directly, or an ancestor that is kept. Linear in
     * the number of ancestors for the latter.
     *
     * @param reader id of the node that reads
     * @param source id of the other
     * @return true if it may
     */
    public boolean mayRead(String reader, String source) {
        int from = numberOf(source);
        int to = numberOf(reader);
        if (from < 0) {
            return false;
        }
        for (int i = 0; i < edges.inDegree(to); i++) {
            if (edges.predecessor(to, i) == from) {
                return true;
            }
        }
        return node(from).isKept() && edges.reaching(to).get(from);
    }

    /**
     * All dependencies: edge e is connection e, or order dependency {@code e - connections().size()}, or, after those, one
     * of a loop on what feeds its body.
     *
     * @return the graph by number
     */
    IntDigraph edges() {
        return edges;
    }

    /** Whether what nodes put out may have to be waited for. */
    boolean areOutputsAwaited() {
        return outputsAreAwaited;
    }

    CompensationPolicy compensation() {
        return compensation;
    }

    NodePolicy policy(int number) {
        return NodePolicy.of(nodes.get(number), retry, timeouts);
    }

    List<Connection> connections() {
        return graph.connections();
    }

    List<OrderDependency> orders() {
        return graph.orderDependencies();
    }

    FlowLoops loops() {
        return loops;
    }

    boolean isConnection(int edge) {
        return edge < connections().size();
    }

    /** Whether an edge is in the flow as it was written. */
    boolean isWritten(int edge) {
        return edge < connections().size() + orders().size();
    }

    private static int number(Map<String, Integer> numbers, String nodeId) {
        Integer number = numbers.get(nodeId);
        if (number == null) {
            throw new IllegalArgumentException("an edge leads to or from '" + nodeId + "', which is no node");
        }
        return number;
    }
}
