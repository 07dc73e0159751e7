package dev.flowengine.graph;

import dev.flowengine.internal.digraph.IntDigraph;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Answers what can be asked of a flow's structure without running it: what depends on what, what a start reaches, which
 * order is possible, what is wrong. Connections and order dependencies count alike as dependencies.
 *
 * <p><b>Loops.</b> A {@link NodeKind#LOOP LOOP} repeats its body: what its port {@code loop} reaches without passing the
 * LOOP, by connections and order dependencies. What its other ports reach, and what is ordered after it, waits for the
 * end of the loop. A cycle is legal iff it is made by <i>back connections</i>: connections from a LOOP's body to that
 * LOOP, judged from the outermost LOOP inwards, so that the back connections of an outer LOOP are out of the way when
 * an inner one is judged. Beyond that a LOOP is legal, with or without back connections, iff
 *
 * <ul>
 *   <li>nothing that waits for its end is in its body or leads there, and
 *   <li>what leads into its body from outside, which is an input of the LOOP too, does not wait for the LOOP, not even
 *       by way of other LOOPs. So two LOOPs may share a body node only if one of them lies in the other's body.
 * </ul>
 *
 * <p>Everything else that leads back to itself is an error: a node connected to itself (a LOOP too), a cycle that
 * leaves no LOOP by {@code loop}, inside a body or not, an order dependency from a body back to its LOOP, and two LOOPs
 * each in the other's body where connections from outside do not tell which is the outer one.
 *
 * <p>In {@link #dependencies}, {@link #ancestors}, {@link #dependents}, {@link #downstream} and the scopes a back
 * connection is a connection like any other; in {@link #executableNodes}, {@link #topologicalOrder} and
 * {@link #parallelGroups} nobody waits for one, and what a LOOP's {@code done} leads to waits for its body too.
 *
 * <p>Immutable and safe for use by many threads. All sets and lists are immutable and in declaration order unless said
 * otherwise. Building takes O(nodes + edges), times the depth to which LOOPs are nested where they are on cycles.
 */
public final class DependencyResolver {
    private final FlowGraph flow;
    private final GraphIndex index;
    private final IntDigraph digraph;
    private final FlowStructure structure;

    private DependencyResolver(FlowGraph flow) {
        this.flow = flow;
        this.index = new GraphIndex(flow);
        this.digraph = index.digraph();
        this.structure = new FlowStructure(index);
    }

    /**
     * Reads the structure of a flow, which may hold any mistake. Dependencies on nodes that are not there are left
     * out; of nodes with one id the first counts.
     *
     * @param flow the flow
     * @return its resolver
     */
    public static DependencyResolver of(FlowGraph flow) {
        return new DependencyResolver(Objects.requireNonNull(flow, "flow"));
    }

    /**
     * The flow this resolver was made for.
     *
     * @return the flow
     */
    public FlowGraph flow() {
        return flow;
    }

    /**
     * The nodes that can run next in a run of the whole flow. O(nodes + edges).
     *
     * @param completed ids of the nodes that are completed
     * @return the nodes not completed whose dependencies all are
     * @throws FlowException NOT_FOUND if there is no node of an id
     */
    public Set<String> executableNodes(Set<String> completed) {
        BitSet scope = new BitSet(index.size());
        scope.set(0, index.size());
        return index.ids(structure.waits().executable(require(completed), scope));
    }

    /**
     * The nodes that can run next in a run of a part of the flow (S5). O(nodes + edges).
     *
     * @param completed ids of the nodes that are completed
     * @param scope ids of the nodes that belong to the run
     * @return the nodes in scope, not completed, whose dependencies in scope all are completed
     * @throws FlowException NOT_FOUND if there is no node of an id
     */
    public Set<String> executableNodes(Set<String> completed, Set<String> scope) {
        return index.ids(structure.waits().executable(require(completed), require(scope)));
    }

    /**
     * The nodes a node depends on directly. O(its incoming edges), and a bit per node.
     *
     * @param node id of the node
     * @return sources of its connections and order dependencies
     * @throws FlowException NOT_FOUND if there is no such node
     */
    public Set<String> dependencies(String node) {
        return index.ids(neighbours(digraph.reversed(), require(node)));
    }

    /**
     * The nodes a node depends on, directly or through others. O(nodes + edges).
     *
     * @param node id of the node
     * @return its ancestors; the node itself only if it lies on a cycle
     * @throws FlowException NOT_FOUND if there is no such node
     */
    public Set<String> ancestors(String node) {
        BitSet starts = neighbours(digraph.reversed(), require(node));
        return index.ids(digraph.reaching(starts));
    }

    /**
     * The nodes that depend on a node directly. O(its outgoing edges), and a bit per node.
     *
     * @param node id of the node
     * @return targets of its connections and order dependencies
     * @throws FlowException NOT_FOUND if there is no such node
     */
    public Set<String> dependents(String node) {
        return index.ids(neighbours(digraph, require(node)));
    }

    /**
     * The nodes that depend on a node, directly or through others. O(nodes + edges).
     *
     * @param node id of the node
     * @return its descendants; the node itself only if it lies on a cycle
     * @throws FlowException NOT_FOUND if there is no such node
     */
    public Set<String> downstream(String node) {
        return index.ids(digraph.reachableFrom(neighbours(digraph, require(node))));
    }

    /**
     * The nodes that an id which names none most likely stands for, by edit distance. O(nodes).
     *
     * @param wrong the id
     * @return at most three ids, nearest first; empty if none is near
     */
    public List<String> nearest(String wrong) {
        return NearestIds.to(wrong, index.allIds());
    }

    /**
     * What a run from a node covers (S1, S2). O(nodes + edges).
     *
     * @param start id of the node or trigger it starts from
     * @return the start and everything reachable forward from it
     * @throws FlowException NOT_FOUND if there is no such node
     */
    public Set<String> scopeOf(String start) {
        return index.ids(digraph.reachableFrom(require(start)));
    }

    /**
     * What a run from a node up to another covers (S4). O(nodes + edges).
     *
     * @param start id of the node or trigger it starts from
     * @param upTo id of the node it ends with
     * @return the nodes on any way from the start to the target, both included
     * @throws FlowException NOT_FOUND if there is no such node; INVALID_DEFINITION if no way leads from the start to
     *     the target
     */
    public Set<String> scopeOf(String start, String upTo) {
        BitSet scope = digraph.reachableFrom(require(start));
        int target = require(upTo);
        if (!scope.get(target)) {
            throw FlowException.of(
                            FailureKind.INVALID_DEFINITION,
                            "node '" + upTo + "' cannot be the target of a run from '" + start
                                    + "', which does not lead to it")
                    .affectedNodes(List.of(start, upTo))
                    .suggestedResolution("choose a target downstream of '" + start + "', or another start")
                    .build();
        }
        scope.and(digraph.reaching(target));
        return index.ids(scope);
    }

    /**
     * What a run from a trigger covers (S1). O(nodes + edges).
     *
     * @param trigger id of the trigger
     * @return the trigger and everything reachable forward from it
     * @throws FlowException NOT_FOUND, naming the known triggers, if there is no trigger of that id
     */
    public Set<String> scopeOfTrigger(String trigger) {
        int position = index.find(trigger);
        if (position < 0 || !index.isTrigger(position)) {
            throw UnknownId.trigger(trigger, index);
        }
        return scopeOf(trigger);
    }

    /**
     * What lies in the body of a LOOP: what its port {@code loop} reaches without passing it, inner LOOPs and their
     * bodies included. O(nodes · log(loops)).
     *
     * @param loop id of the LOOP
     * @return its body; empty for a node of another kind
     * @throws FlowException NOT_FOUND if there is no such node
     */
    public Set<String> loopBody(String loop) {
        int position = require(loop);
        BitSet body = new BitSet(index.size());
        for (int node = 0; index.isLoop(position) && node < index.size(); node++) {
            body.set(
                    node, structure.nesting().isInBody(node, structure.nesting().loopNumber(position)));
        }
        return index.ids(body);
    }

    /**
     * The loops of the flow with their bodies. Linear.
     *
     * @return outer loops before inner ones; of a flow with illegal cycles those that can be told
     */
    public List<LoopRegion> loops() {
        return LoopRegions.of(index, structure);
    }

    /**
     * The connections that lead from the body of a LOOP back to it. O(their number).
     *
     * @return the connections, each once, in declaration order
     */
    public List<Connection> backConnections() {
        return structure.backEdges().stream().mapToObj(index::connection).toList();
    }

    /**
     * All cycles: one entry for each strongly connected component of more than one node and each self-connection, and
     * one for each group of LOOPs and nodes that wait for each other by S31 though no connection leads back. An
     * illegal cycle is reported for its component if there is one, otherwise the component is a legal loop. Found when
     * the resolver was built: O(their number).
     *
     * @return the cycles by their first node, legal loops with severity WARNING
     */
    public List<CircularDependency> circularDependencies() {
        return structure.cycles().stream().map(Cycle::toCircularDependency).toList();
    }

    /**
     * Looks for everything that can be wrong with the flow (S30). Messages do not name the flow. O(nodes + edges), plus
     * O(log(nodes)) for each connection of a join that needs several.
     *
     * @return all problems in the order of {@link Problem.Code}
     */
    public ValidationResult validate() {
        return Validation.of(flow, index, structure);
    }

    /**
     * An order in which every node comes after its dependencies; among the nodes that could come next the one declared
     * first. The body of a LOOP stands between the LOOP and what its other ports lead to. O(nodes + edges).
     *
     * @return all nodes in that order
     * @throws FlowException CIRCULAR_DEPENDENCY, with the path as dependency chain, if a cycle is not a legal loop
     */
    public List<String> topologicalOrder() {
        refuseIllegalCycles();
        return index.ids(structure.waits().order());
    }

    /**
     * The nodes grouped by how many others must run before them, one after another. O(nodes + edges).
     *
     * @return groups in which no node depends on another; each node depends on nodes of earlier groups only
     * @throws FlowException CIRCULAR_DEPENDENCY, with the path as dependency chain, if a cycle is not a legal loop
     */
    public List<List<String>> parallelGroups() {
        refuseIllegalCycles();
        List<List<String>> groups = new ArrayList<>();
        int[] levels = structure.waits().levels();
        for (int node = 0; node < levels.length; node++) {
            while (groups.size() <= levels[node]) {
                groups.add(new ArrayList<>());
            }
            groups.get(levels[node]).add(index.id(node));
        }
        groups.replaceAll(Collections::unmodifiableList);
        return Collections.unmodifiableList(groups);
    }

    private void refuseIllegalCycles() {
        for (Cycle cycle : structure.cycles()) {
            if (cycle.fault() != null) {
                Problem problem = cycle.toProblem();
                throw FlowException.of(FailureKind.CIRCULAR_DEPENDENCY, problem.message())
                        .affectedNodes(cycle.nodes())
                        .dependencyChain(cycle.path())
                        .suggestedResolution(problem.suggestedResolution())
                        .build();
            }
        }
    }

    private static BitSet neighbours(IntDigraph graph, int node) {
        BitSet neighbours = new BitSet(graph.nodes());
        for (int i = 0; i < graph.outDegree(node); i++) {
            neighbours.set(graph.successor(node, i));
        }
        return neighbours;
    }

    private int require(String node) {
        int position = index.find(node);
        if (position < 0) {
            throw UnknownId.node(node, index);
        }
        return position;
    }

    private BitSet require(Collection<String> nodes) {
        BitSet positions = new BitSet(index.size());
        nodes.forEach(node -> positions.set(require(node)));
        return positions;
    }
}
