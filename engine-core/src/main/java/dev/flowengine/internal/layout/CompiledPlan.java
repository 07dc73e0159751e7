package dev.flowengine.internal.layout;

import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.CircularDependency;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.DependencyResolver;
import dev.flowengine.graph.FlowGraph;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.OrderDependency;
import dev.flowengine.graph.Ports;
import dev.flowengine.graph.Severity;
import dev.flowengine.internal.digraph.IntDigraph;
import dev.flowengine.plan.ExecutionPlan;
import dev.flowengine.plan.Start;
import dev.flowengine.plan.UnfedPort;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What one kind of start of one flow runs: as arrays for the machine, and as a plan for people. Thread-safe. */
public final class CompiledPlan {
    private final FlowIndex index;
    private final Scope scope;
    private final PlanLayout layout;
    private final int[] order;
    private final int[] numbersInFlow;
    private final @Nullable Target target;
    private final Set<String> given;
    private volatile @Nullable ExecutionPlan described;

    private CompiledPlan(FlowIndex index, Scope scope, PlanLayout layout, @Nullable Target target, Set<String> given) {
        this.target = target;
        this.given = Set.copyOf(given);
        this.index = index;
        this.scope = scope;
        this.layout = layout;
        this.order = topologicalOrder(layout);
        this.numbersInFlow = scope.nodes().stream().toArray();
    }

    /**
     * Compiles a start. Linear in the size of the flow.
     *
     * @param index the flow
     * @param start where the execution begins
     * @param target where it stops; null if nowhere
     * @param given ids of nodes whose outputs are given
     * @return the plan
     * @throws dev.flowengine.model.FlowException if what the start names is not there
     */
    public static CompiledPlan of(FlowIndex index, Start start, @Nullable Target target, Set<String> given) {
        Scope scope = Scope.of(index, start, target, given);
        PlanLayout layout = new PlanLayout(new LayoutArrays(index, scope));
        return new CompiledPlan(index, scope, layout, target, given);
    }

    /**
     * The plan in arrays.
     *
     * @return the layout
     */
    public PlanLayout layout() {
        return layout;
    }

    /**
     * A node by its place in an order in which each comes after everything it depends on.
     *
     * @param position from 0 to the number of nodes that run, if they can be ordered
     * @return its number
     */
    public int inOrder(int position) {
        return order[position];
    }

    /**
     * The number a node has in its flow, whatever the start.
     *
     * @param node its number in the layout
     * @return its position in the declaration order
     */
    public int numberInFlow(int node) {
        return numbersInFlow[layout.loops().original(node)];
    }

    /**
     * Where the execution begins.
     *
     * @return the start
     */
    public Start start() {
        return scope.start();
    }

    /**
     * Where the execution stops.
     *
     * @return the target; null if there is none
     */
    public @Nullable Target target() {
        return target;
    }

    /**
     * The nodes whose outputs are given.
     *
     * @return their ids
     */
    public Set<String> given() {
        return given;
    }

    /**
     * The plan for people.
     *
     * @return the same plan, made at the first call
     */
    public ExecutionPlan describe() {
        ExecutionPlan plan = described;
        if (plan == null) {
            plan = newDescription();
            described = plan;
        }
        return plan;
    }

    /**
     * The plan for people of an execution that is given outputs of nodes that belong to it.
     *
     * @param pinned numbers of the nodes whose outputs are pinned
     * @param reused numbers of the nodes that keep what they came to in an earlier execution
     * @return the plan
     */
    public ExecutionPlan describe(IntStream pinned, IntStream reused) {
        ExecutionPlan plan = describe();
        return new ExecutionPlan(
                plan.start(),
                plan.entry(),
                plan.scope(),
                plan.order(),
                plan.supplied(),
                ids(declared(pinned)),
                ids(declared(reused)),
                plan.pruned(),
                plan.prunedOrder(),
                plan.unfed(),
                plan.cycles());
    }

    /**
     * Refuses a start that cannot work.
     *
     * @param dependencyCheck whether required ports need a source
     * @throws dev.flowengine.model.FlowException CIRCULAR_DEPENDENCY or MISSING_DEPENDENCY
     */
    public void requireStartable(boolean dependencyCheck) {
        if (order.length < layout.size()) {
            throw Refusals.cyclic(index, describe().cycles().get(0));
        }
        if (dependencyCheck && IntStream.range(0, layout.size()).anyMatch(layout::isUnfed)) {
            throw Refusals.unfed(index, describe());
        }
    }

    private ExecutionPlan newDescription() {
        List<Connection> pruned = new ArrayList<>();
        List<OrderDependency> prunedOrder = new ArrayList<>();
        for (int edge = 0; edge < index.edges().edges(); edge++) {
            if (!scope.prunes(edge) || !index.isWritten(edge)) {
                continue;
            }
            if (index.isConnection(edge)) {
                pruned.add(index.connections().get(edge));
            } else {
                prunedOrder.add(index.orders().get(edge - index.connections().size()));
            }
        }
        return new ExecutionPlan(
                scope.start(),
                layout.definition(layout.startNode()).id(),
                ids(IntStream.range(0, layout.declared())),
                ids(IntStream.of(order).filter(node -> node < layout.declared())),
                ids(IntStream.range(layout.size(), layout.total())),
                List.of(),
                List.of(),
                pruned,
                prunedOrder,
                unfedPorts(pruned),
                order.length < layout.size() ? cycles() : List.of());
    }

    private List<UnfedPort> unfedPorts(List<Connection> pruned) {
        Map<String, Map<String, List<Connection>>> prunedByPort = new HashMap<>();
        for (Connection connection : pruned) {
            prunedByPort
                    .computeIfAbsent(connection.to(), id -> new HashMap<>())
                    .computeIfAbsent(connection.toPort(), port -> new ArrayList<>())
                    .add(connection);
        }
        List<UnfedPort> unfed = new ArrayList<>();
        for (int node = 0; node < layout.declared(); node++) {
            if (node == layout.startNode()) {
                continue;
            }
            NodeDefinition definition = layout.definition(node);
            Map<String, List<Connection>> prunedPorts = prunedByPort.getOrDefault(definition.id(), Map.of());
            int gate = layout.firstGate(node);
            for (InputPort port : definition.shape().inputs()) {
                boolean fedByBody = layout.isLoop(node) && port.name().equals(Ports.BREAK);
                if (layout.firstIn(gate) == layout.firstIn(gate + 1) && !fedByBody) {
                    List<Connection> connections = prunedPorts.getOrDefault(port.name(), List.of());
                    unfed.add(new UnfedPort(definition.id(), port.name(), port.required(), connections));
                }
                gate++;
            }
        }
        return unfed;
    }

    private List<CircularDependency> cycles() {
        FlowGraph.Builder part = FlowGraph.builder();
        for (int node = 0; node < layout.declared(); node++) {
            part.add(layout.definition(node).shape());
        }
        BitSet nodes = scope.nodes();
        IntDigraph edges = index.edges();
        for (int edge = 0; edge < edges.edges(); edge++) {
            boolean counts = scope.counts(edge) || index.loops().isBack(edge);
            if (!nodes.get(edges.source(edge)) || !counts || !index.isWritten(edge)) {
                continue;
            }
            if (index.isConnection(edge)) {
                part.connect(index.connections().get(edge));
            } else {
                OrderDependency dependency =
                        index.orders().get(edge - index.connections().size());
                part.after(dependency.to(), dependency.from());
            }
        }
        return DependencyResolver.of(part.build()).circularDependencies().stream()
                .filter(cycle -> cycle.severity() == Severity.ERROR)
                .toList();
    }

    private IntStream declared(IntStream nodes) {
        return nodes.filter(node -> node < layout.declared()).sorted();
    }

    private List<String> ids(IntStream numbers) {
        return numbers.mapToObj(node -> layout.definition(node).id()).toList();
    }

    /** What follows a loop comes after its whole body: the end of a loop is ordered like a node, and then left out. */
    private static int[] topologicalOrder(PlanLayout layout) {
        EdgesInOrder edges = new EdgesInOrder(layout);
        int[] order = IntDigraph.of(edges.nodes(), edges.from(), edges.to()).topologicalOrder();
        return IntStream.of(order).filter(node -> node < layout.size()).toArray();
    }
}
