package dev.flowengine.graph;

import java.util.Arrays;

/**
 * A growing tree that answers questions about ancestors in O(log n): each node keeps its parent and one jump pointer
 * further up, chosen so that jumps double like skew-binary numbers (Myers, <i>An applicative random-access stack</i>,
 * 1983). Node 0 is the root.
 */
final class AncestorTree {
    static final int ROOT = 0;

    private int[] parent = new int[8];
    private int[] jump = new int[8];
    private int[] depth = new int[8];
    private int size = 1;

    int size() {
        return size;
    }

    /** Adds a child and tells its number. */
    int add(int parentNode) {
        if (size == parent.length) {
            parent = Arrays.copyOf(parent, size * 2);
            jump = Arrays.copyOf(jump, size * 2);
            depth = Arrays.copyOf(depth, size * 2);
        }
        int further = jump[parentNode];
        boolean equalJumps = depth[parentNode] - depth[further] == depth[further] - depth[jump[further]];
        parent[size] = parentNode;
        jump[size] = equalJumps ? jump[further] : parentNode;
        depth[size] = depth[parentNode] + 1;
        return size++;
    }

    int depth(int node) {
        return depth[node];
    }

    int parent(int node) {
        return parent[node];
    }

    /** The ancestor of a node at a depth, the node itself included. */
    int ancestorAt(int node, int wanted) {
        int at = node;
        while (depth[at] > wanted) {
            at = depth[jump[at]] >= wanted ? jump[at] : parent[at];
        }
        return at;
    }

    /** The deepest node that both nodes descend from, either of them included. */
    int commonAncestor(int one, int other) {
        int shallower = Math.min(depth[one], depth[other]);
        int left = ancestorAt(one, shallower);
        int right = ancestorAt(other, shallower);
        while (left != right) {
            boolean far = jump[left] != jump[right];
            left = far ? jump[left] : parent[left];
            right = far ? jump[right] : parent[right];
        }
        return left;
    }

    /** The child of an ancestor on the way down to a node below it. */
    int childToward(int ancestor, int below) {
        return ancestorAt(below, depth[ancestor] + 1);
    }
}
