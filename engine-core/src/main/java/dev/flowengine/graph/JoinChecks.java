package dev.flowengine.graph;

import dev.flowengine.internal.digraph.IntDigraph;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Joins that can never fire (S30). Only two ways of that are looked for: a node needs several connections that come,
 * directly or through single-input nodes, from different ports of one branch, which exclude each other; and
 * {@code AT_LEAST(n)} with fewer than n connections. Back connections are no part of a join (S31).
 *
 * <p>{@code ALL_SUCCESS} needs all connections, {@code AT_LEAST(n)} any n of them, the default join one for each
 * required port that has connections at all. Every other rule can do with one.
 */
final class JoinChecks {
    private final GraphIndex index;
    private final IntDigraph graph;
    private final BitSet backEdges;
    private final List<Problem> problems;
    private @Nullable ExclusiveWays ways;

    JoinChecks(GraphIndex index, BitSet backEdges, List<Problem> problems) {
        this.index = index;
        this.graph = index.digraph();
        this.backEdges = backEdges;
        this.problems = problems;
    }

    void findJoinsThatNeverFire() {
        for (int node = 0; node < index.size(); node++) {
            if (!index.cutOff().get(node)) {
                check(node, index.node(node).join());
            }
        }
    }

    private void check(int node, JoinRule rule) {
        switch (rule.kind()) {
            case AT_LEAST -> checkAtLeast(node, rule.threshold());
            case ALL_SUCCESS -> checkAll(node, each(connections(node)), "connections");
            case DEFAULT -> checkAll(node, byRequiredPort(node), "required ports");
            default -> {
                // one connection is enough
            }
        }
    }

    private void checkAtLeast(int node, int threshold) {
        List<int[]> wanted = each(connections(node));
        if (threshold > wanted.size()) {
            problems.add(new Problem(
                    Problem.Code.JOIN_NEVER_FIRES,
                    Severity.ERROR,
                    "node '" + index.id(node) + "' can never run: AT_LEAST(" + threshold + ") with "
                            + (wanted.size() == 1 ? "1 connection" : wanted.size() + " connections"),
                    List.of(index.id(node)),
                    "lower the number, or add connections"));
        } else {
            checkTogether(node, wanted, threshold, "connections");
        }
    }

    private void checkAll(int node, List<int[]> wanted, String what) {
        checkTogether(node, wanted, wanted.size(), what);
    }

    private void checkTogether(int node, List<int[]> wanted, int needed, String what) {
        if (needed < 2) {
            return;
        }
        ExclusiveWays.Most most = ways().mostTogether(wanted);
        if (most.count() < needed) {
            GraphNode joining = index.node(node);
            String rule = joining.join().equals(JoinRule.DEFAULT)
                    ? "the default join"
                    : joining.join().toString();
            problems.add(new Problem(
                    Problem.Code.JOIN_NEVER_FIRES,
                    Severity.ERROR,
                    "node '" + joining.id() + "' can never run: " + rule + " needs " + needed + " of its "
                            + wanted.size() + " " + what + ", but at most " + most.count()
                            + " can be taken together, because branch '" + index.id(most.branch())
                            + "' fires only one of " + Listing.of(most.ports()),
                    List.of(joining.id(), index.id(most.branch())),
                    "lead ways that exclude each other into one port, or choose a join that needs one of them, such as"
                            + " NONE_FAILED_MIN_ONE_SUCCESS"));
        }
    }

    /** Made for the first join that needs several connections: many flows have none. */
    private ExclusiveWays ways() {
        ExclusiveWays made = ways;
        if (made == null) {
            made = new ExclusiveWays(index, SingleInputs.of(index, backEdges));
            ways = made;
        }
        return made;
    }

    private List<Integer> connections(int node) {
        List<Integer> connections = new ArrayList<>();
        for (int i = 0; i < graph.inDegree(node); i++) {
            int edge = graph.inEdge(node, i);
            if (index.isConnection(edge) && !backEdges.get(edge)) {
                connections.add(edge);
            }
        }
        return connections;
    }

    private static List<int[]> each(List<Integer> edges) {
        return edges.stream().map(edge -> new int[] {edge}).toList();
    }

    /** The connections of each required port that has any. */
    private List<int[]> byRequiredPort(int node) {
        if (index.node(node).inputs().size() < 2) {
            return List.of();
        }
        Map<String, List<Integer>> ports = new LinkedHashMap<>();
        for (InputPort port : index.node(node).inputs()) {
            if (port.required()) {
                ports.put(port.name(), new ArrayList<>());
            }
        }
        for (int edge : connections(node)) {
            List<Integer> sources = ports.get(index.connection(edge).toPort());
            if (sources != null) {
                sources.add(edge);
            }
        }
        return ports.values().stream()
                .filter(edges -> !edges.isEmpty())
                .map(edges -> edges.stream().mapToInt(Integer::intValue).toArray())
                .toList();
    }
}
