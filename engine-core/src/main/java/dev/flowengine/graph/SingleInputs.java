package dev.flowengine.graph;

import dev.flowengine.internal.digraph.IntDigraph;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The nodes that run only if their only connection is taken, as children of that connection's source. Tree nodes are
 * numbered in preorder; number 0, the root, stands for everything else.
 */
final class SingleInputs {
    private static final int NONE = -1;

    private final int[] parentEdges;
    private final int[] treeNodes;
    private final int[] flowNodes;
    private final AncestorTree tree = new AncestorTree();

    private SingleInputs(int nodes) {
        parentEdges = new int[nodes];
        treeNodes = new int[nodes];
        flowNodes = new int[nodes + 1];
    }

    /** Builds the trees in O(nodes + edges). */
    static SingleInputs of(GraphIndex index, BitSet backEdges) {
        SingleInputs inputs = new SingleInputs(index.size());
        EdgeList children = new EdgeList(index.size());
        for (int node = 0; node < index.size(); node++) {
            int edge = onlyConnection(index, backEdges, node);
            boolean needed = edge != NONE && needs(index.node(node), index.connection(edge));
            inputs.parentEdges[node] = needed ? edge : NONE;
            if (needed) {
                children.add(index.digraph().source(edge), node);
            }
        }
        inputs.number(children.toDigraph(index.size()));
        return inputs;
    }

    private static int onlyConnection(GraphIndex index, BitSet backEdges, int node) {
        int only = NONE;
        for (int i = 0; i < index.digraph().inDegree(node); i++) {
            int edge = index.digraph().inEdge(node, i);
            if (index.isConnection(edge) && !backEdges.get(edge)) {
                if (only != NONE) {
                    return NONE;
                }
                only = edge;
            }
        }
        return only;
    }

    /** Whether a node with one connection cannot run unless that one is taken. */
    private static boolean needs(GraphNode node, Connection connection) {
        return switch (node.join().kind()) {
            case DEFAULT ->
                node.inputs().stream()
                        .anyMatch(port -> port.required() && port.name().equals(connection.toPort()));
            case ALL_SUCCESS, NONE_FAILED_MIN_ONE_SUCCESS, ANY_SUCCESS, AT_LEAST, ALL_DONE_MIN_ONE_SUCCESS -> true;
            case NONE_FAILED, ALL_DONE, ANY_FAILED, ALL_FAILED -> false;
        };
    }

    /** Takes nodes from a stack, which is preorder. Nodes on a cycle of single inputs stay at the root. */
    private void number(IntDigraph children) {
        Arrays.fill(flowNodes, NONE);
        int[] stack = new int[parentEdges.length];
        for (int root = 0; root < parentEdges.length; root++) {
            int depth = 0;
            if (parentEdges[root] == NONE) {
                stack[depth++] = root;
            }
            while (depth > 0) {
                int node = stack[--depth];
                boolean isRoot = children.inDegree(node) == 0;
                treeNodes[node] = tree.add(isRoot ? AncestorTree.ROOT : treeNodes[children.predecessor(node, 0)]);
                flowNodes[treeNodes[node]] = node;
                for (int i = 0; i < children.outDegree(node); i++) {
                    stack[depth++] = children.successor(node, i);
                }
            }
        }
    }

    AncestorTree tree() {
        return tree;
    }

    /** The tree node of a node of the flow; the root if it is in no tree. */
    int treeNode(int node) {
        return treeNodes[node];
    }

    /** The flow's node of a tree node; -1 for the root. */
    int flowNode(int treeNode) {
        return flowNodes[treeNode];
    }

    /** The connection by which a way leaves an ancestor toward a tree node below it. */
    int exit(int ancestor, int below) {
        return parentEdges[flowNodes[tree.childToward(ancestor, below)]];
    }
}
