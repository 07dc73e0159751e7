package dev.flowengine.graph;

import dev.flowengine.internal.digraph.Components;
import dev.flowengine.internal.digraph.IntDigraph;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A strongly connected part of a graph. Regions of one search share their marks: a region can be asked until regions
 * inside it are made, and every question costs no more than its own nodes and edges.
 */
final class Region {
    private final IntDigraph graph;
    private final Marks marks;
    private final int mark;
    private final int[] members;

    Region(IntDigraph graph, Marks marks, int[] members) {
        this.graph = graph;
        this.marks = marks;
        this.members = members;
        this.mark = marks.next();
        for (int position = 0; position < members.length; position++) {
            marks.set(members[position], mark, position);
        }
    }

    /** Its nodes, ascending. */
    int[] members() {
        return members;
    }

    boolean holds(int edge) {
        return marks.has(graph.source(edge), mark) && marks.has(graph.target(edge), mark);
    }

    /** The nodes of each cyclic part that is left if only some of the region's edges are there, by lowest node. */
    List<int[]> cyclicParts(IntPredicate edges) {
        EdgeList kept = new EdgeList(members.length);
        for (int member : members) {
            for (int i = 0; i < graph.outDegree(member); i++) {
                int edge = graph.outEdge(member, i);
                if (holds(edge) && edges.test(edge)) {
                    kept.add(marks.position(member), marks.position(graph.target(edge)));
                }
            }
        }
        List<int[]> parts = cyclicParts(kept.toDigraph(members.length));
        parts.forEach(this::toNodes);
        return parts;
    }

    /** The nodes of each cyclic component of a whole graph, by lowest node. */
    static List<int[]> cyclicParts(IntDigraph graph) {
        Components components = graph.components();
        List<int[]> parts = new ArrayList<>();
        for (int component = 0; component < components.count(); component++) {
            int[] part = components.members(component);
            if (part.length > 1 || graph.hasSelfLoop(part[0])) {
                parts.add(part);
            }
        }
        parts.sort(Comparator.comparingInt(part -> part[0]));
        return parts;
    }

    private void toNodes(int[] positions) {
        for (int i = 0; i < positions.length; i++) {
            positions[i] = members[positions[i]];
        }
    }

    /** For each node the last region it was put into, and its position there. */
    static final class Marks {
        private final int[] marks;
        private final int[] positions;
        private int last;

        Marks(int nodes) {
            marks = new int[nodes];
            positions = new int[nodes];
        }

        private int next() {
            return ++last;
        }

        private void set(int node, int mark, int position) {
            marks[node] = mark;
            positions[node] = position;
        }

        private boolean has(int node, int mark) {
            return marks[node] == mark;
        }

        private int position(int node) {
            return positions[node];
        }
    }
}
