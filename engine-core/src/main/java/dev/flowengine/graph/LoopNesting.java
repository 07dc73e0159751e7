package dev.flowengine.graph;

import dev.flowengine.internal.digraph.IntDigraph;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Which loop's body each node lies in, innermost first, and which edges enter a body from outside (S31). Such an edge
 * counts as an input of the outermost loop it enters, and so of every loop inside that one.
 *
 * <p>One pass in topological order, back connections and illegal cycles left out: a node lies in the deepest of the
 * bodies its incoming edges come from. The others enter that body from outside. If two of them come from bodies of
 * which neither contains the other, two loops share the node, and each becomes an input of the other: a circle that
 * {@link WaitGraph} finds. O((nodes + edges) · log(loops)).
 */
final class LoopNesting {
    private final GraphIndex index;
    private final IntDigraph graph;
    private final BitSet leftOut;
    private final AncestorTree tree = new AncestorTree();
    private final int[] treeNodes;
    private final int[] bodies;
    private int[] loops = {-1};
    private final EdgeList entries = new EdgeList(0);

    private LoopNesting(GraphIndex index, BitSet leftOut) {
        this.index = index;
        this.graph = index.digraph();
        this.leftOut = leftOut;
        this.treeNodes = new int[index.size()];
        this.bodies = new int[index.size()];
    }

    /** Finds the bodies, looking at all edges but some. */
    static LoopNesting of(GraphIndex index, BitSet leftOut) {
        LoopNesting nesting = new LoopNesting(index, leftOut);
        if (index.hasLoops()) {
            for (int node : EdgeList.without(nesting.graph, leftOut).topologicalOrder()) {
                nesting.place(node);
            }
        }
        return nesting;
    }

    /** How many loops there are. */
    int loopCount() {
        return tree.size() - 1;
    }

    /** Number of a loop, from 1 on: outer ones before inner ones. */
    int loopNumber(int loop) {
        return treeNodes[loop];
    }

    /** The loop of a number. */
    int loop(int number) {
        return loops[number];
    }

    /** Number of the innermost loop whose body a node lies in; 0 if there is none. */
    int body(int node) {
        return bodies[node];
    }

    /** Number of the innermost loop whose body a loop lies in; 0 if there is none. */
    int enclosing(int number) {
        return tree.parent(number);
    }

    /** Whether a node lies in the body of a loop, directly or in that of an inner loop. */
    boolean isInBody(int node, int number) {
        int body = bodies[node];
        return tree.depth(body) >= tree.depth(number) && tree.ancestorAt(body, tree.depth(number)) == number;
    }

    int entryCount() {
        return entries.size();
    }

    /** The edge that enters a body. */
    int entryEdge(int entry) {
        return entries.source(entry);
    }

    /** The outermost loop whose body that edge enters. */
    int enteredLoop(int entry) {
        return entries.target(entry);
    }

    private void place(int node) {
        int deepest = AncestorTree.ROOT;
        int deepestEdge = -1;
        for (int i = 0; i < graph.inDegree(node); i++) {
            int edge = graph.inEdge(node, i);
            if (!leftOut.get(edge) && tree.depth(origin(edge)) > tree.depth(deepest)) {
                deepest = origin(edge);
                deepestEdge = edge;
            }
        }
        bodies[node] = deepest;
        for (int i = 0; deepestEdge >= 0 && i < graph.inDegree(node); i++) {
            if (!leftOut.get(graph.inEdge(node, i))) {
                noteEntry(graph.inEdge(node, i), deepestEdge);
            }
        }
        if (index.isLoop(node)) {
            number(node);
        }
    }

    /** The body an edge comes from: its source's, or, if it leads from a loop into its body, that one. */
    private int origin(int edge) {
        int source = graph.source(edge);
        return index.entersBody(edge) ? treeNodes[source] : bodies[source];
    }

    private void noteEntry(int edge, int deepestEdge) {
        int deepest = origin(deepestEdge);
        int other = origin(edge);
        int common = tree.commonAncestor(deepest, other);
        if (common != deepest) {
            entries.add(edge, loops[tree.childToward(common, deepest)]);
        }
        if (common != other) {
            entries.add(deepestEdge, loops[tree.childToward(common, other)]);
        }
    }

    private void number(int loop) {
        treeNodes[loop] = tree.add(bodies[loop]);
        if (treeNodes[loop] == loops.length) {
            loops = Arrays.copyOf(loops, loops.length * 2);
        }
        loops[treeNodes[loop]] = loop;
    }
}
