package dev.flowengine.graph;

import dev.flowengine.internal.digraph.IntDigraph;
import dev.flowengine.internal.digraph.Levels;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * What waits for what, loops taken literally (S31): back connections are left out; each loop has an end of its own that
 * waits for its whole body, and what a loop leads to by any other port than {@code loop} waits for that end; what
 * enters a body from outside is also an input of the loop. A flow can run iff this graph is acyclic.
 *
 * <p>Ends come first among its nodes, then the flow's nodes: the end of loop number i is node i - 1, node v of the flow
 * is node loops + v. So an end never keeps other nodes waiting in a topological order.
 */
final class WaitGraph {
    private final GraphIndex index;
    private final LoopNesting nesting;
    private final int ends;
    private final IntDigraph digraph;
    private final int firstEntry;

    private WaitGraph(GraphIndex index, LoopNesting nesting, BitSet leftOut) {
        this.index = index;
        this.nesting = nesting;
        this.ends = nesting.loopCount();
        if (ends == 0) {
            this.digraph = EdgeList.without(index.digraph(), leftOut);
            this.firstEntry = digraph.edges();
        } else {
            EdgeList edges = new EdgeList(index.digraph().edges() + index.size());
            addDependencies(edges, leftOut);
            addEnds(edges);
            this.firstEntry = edges.size();
            addEntries(edges);
            this.digraph = edges.toDigraph(ends + index.size());
        }
    }

    /** Builds the graph from all edges but some. */
    static WaitGraph of(GraphIndex index, LoopNesting nesting, BitSet leftOut) {
        return new WaitGraph(index, nesting, leftOut);
    }

    private void addDependencies(EdgeList edges, BitSet leftOut) {
        IntDigraph graph = index.digraph();
        for (int edge = leftOut.nextClearBit(0); edge < graph.edges(); edge = leftOut.nextClearBit(edge + 1)) {
            edges.add(sourceOf(edge), ends + graph.target(edge));
        }
    }

    /** A loop and all nodes of its body lead to its end, an inner loop by its own end. */
    private void addEnds(EdgeList edges) {
        for (int node = 0; node < index.size(); node++) {
            int last = ends + node;
            if (index.isLoop(node)) {
                last = nesting.loopNumber(node) - 1;
                edges.add(ends + node, last);
            }
            if (nesting.body(node) > 0) {
                edges.add(last, nesting.body(node) - 1);
            }
        }
    }

    private void addEntries(EdgeList edges) {
        for (int entry = 0; entry < nesting.entryCount(); entry++) {
            edges.add(sourceOf(nesting.entryEdge(entry)), ends + nesting.enteredLoop(entry));
        }
    }

    /** Where an edge of the flow begins here: at the end of a loop, unless it leads into the loop's body. */
    private int sourceOf(int edge) {
        int source = index.digraph().source(edge);
        return index.isLoop(source) && !index.entersBody(edge) ? nesting.loopNumber(source) - 1 : ends + source;
    }

    IntDigraph digraph() {
        return digraph;
    }

    boolean isEnd(int node) {
        return node < ends;
    }

    /** The flow's node for a node of this graph; an end stands for its loop. */
    int flowNode(int node) {
        return isEnd(node) ? nesting.loop(node + 1) : node - ends;
    }

    /** The flow's nodes in a topological order, those on a cycle and what they lead to left out. */
    int[] order() {
        return IntStream.of(digraph.topologicalOrder())
                .filter(node -> !isEnd(node))
                .map(this::flowNode)
                .toArray();
    }

    /** For each of the flow's nodes how many others must run one after another before it. */
    int[] levels() {
        int[] levels = Levels.of(digraph, node -> isEnd(node) ? 0 : 1);
        return Arrays.copyOfRange(levels, ends, levels.length);
    }

    /** The flow's nodes among some whose predecessors, as far as they are among the same ones, are all completed. */
    BitSet executable(BitSet completed, BitSet scope) {
        BitSet done = new BitSet(digraph.nodes());
        for (int node = ends; node < digraph.nodes(); node++) {
            done.set(node, completed.get(node - ends) || !scope.get(node - ends));
        }
        for (int end = ends - 1; end >= 0; end--) {
            done.set(end, !scope.get(flowNode(end)) || isFree(end, done));
        }
        BitSet executable = new BitSet(index.size());
        for (int node = ends; node < digraph.nodes(); node++) {
            executable.set(node - ends, !done.get(node) && isFree(node, done));
        }
        return executable;
    }

    private boolean isFree(int node, BitSet done) {
        for (int i = 0; i < digraph.inDegree(node); i++) {
            if (!done.get(digraph.predecessor(node, i))) {
                return false;
            }
        }
        return true;
    }

    /** The flow's nodes along a path of this graph, with the nodes by which it enters the bodies of loops. */
    int[] flowPath(int[] path) {
        IntStream.Builder nodes = IntStream.builder();
        int last = -1;
        for (int i = 0; i < path.length; i++) {
            int via = i == 0 ? -1 : via(path[i - 1], path[i]);
            if (via >= 0) {
                nodes.add(via);
            }
            if (via >= 0 || flowNode(path[i]) != last) {
                nodes.add(flowNode(path[i]));
            }
            last = flowNode(path[i]);
        }
        return nodes.build().toArray();
    }

    /** The body's node by which an edge enters a body if the two are connected by nothing else; -1 otherwise. */
    private int via(int from, int to) {
        int via = -1;
        for (int i = 0; i < digraph.outDegree(from); i++) {
            int edge = digraph.outEdge(from, i);
            if (digraph.target(edge) == to) {
                if (edge < firstEntry) {
                    return -1;
                }
                via = index.digraph().target(nesting.entryEdge(edge - firstEntry));
            }
        }
        return via;
    }
}
