package dev.flowengine.examples;

import java.util.Arrays;

/**
 * How many tasks of a trace can run at once: the largest set in which none waits, directly or not, for another.
 *
 * <p>By Dilworth's theorem that is the least number of chains that cover all tasks. It is the number of tasks less the
 * most that can be made the successor of another one, which is a maximum flow: from the out side of each task one unit
 * may start (to its successor), at the in side of each task one may end (from its predecessor), along connections, and
 * from the in side to the out side of the tasks on the way. Units are added one by one, each along the shortest way
 * left, which may take back what earlier units use.
 */
final class TraceWidth {
    private static final int UNSEEN = -1;

    private final TaskGraph graph;
    private final int size;
    /** Units on each connection, by task and position among its children. */
    private final int[][] flow;
    /** Units on their way through each task. */
    private final int[] passing;

    private final boolean[] hasPredecessor;
    /** For each side of a task (its number for the out side, that plus the size for the in side) the one before it. */
    private final int[] cameFrom;

    private final int[] queue;
    private int queued;

    private TraceWidth(TaskGraph graph) {
        this.graph = graph;
        this.size = graph.size();
        this.flow = new int[size][];
        Arrays.setAll(flow, task -> new int[graph.children(task).length]);
        this.passing = new int[size];
        this.hasPredecessor = new boolean[size];
        this.cameFrom = new int[2 * size];
        Arrays.fill(cameFrom, UNSEEN);
        this.queue = new int[2 * size];
    }

    /**
     * The width, as far as it matters.
     *
     * @param graph the tasks
     * @param atLeast a number of tasks that can run at once for certain
     * @param limit how many may run at once
     * @return the smaller of the width and the limit
     */
    static int upTo(TaskGraph graph, int atLeast, int limit) {
        return atLeast >= limit ? limit : Math.min(limit, new TraceWidth(graph).width());
    }

    private int width() {
        int chains = size;
        for (int task = 0; task < size; task++) {
            if (addUnit(task)) {
                chains--;
            }
        }
        return chains;
    }

    private boolean addUnit(int start) {
        queued = 0;
        visit(start, start);
        int end = UNSEEN;
        for (int next = 0; next < queued && end == UNSEEN; next++) {
            int side = queue[next];
            if (side >= size && !hasPredecessor[side - size]) {
                end = side;
            } else {
                visitNeighbours(side);
            }
        }
        if (end != UNSEEN) {
            hasPredecessor[end - size] = true;
            addAlongWay(start, end);
        }
        for (int seen = 0; seen < queued; seen++) {
            cameFrom[queue[seen]] = UNSEEN;
        }
        return end != UNSEEN;
    }

    private void visitNeighbours(int side) {
        if (side < size) {
            for (int child : graph.children(side)) {
                visit(size + child, side);
            }
            if (passing[side] > 0) {
                visit(size + side, side);
            }
            return;
        }
        int task = side - size;
        visit(task, side);
        for (int parent : graph.parents(task)) {
            if (flow[parent][position(parent, task)] > 0) {
                visit(parent, side);
            }
        }
    }

    private void visit(int side, int from) {
        if (cameFrom[side] == UNSEEN) {
            cameFrom[side] = from;
            queue[queued++] = side;
        }
    }

    private void addAlongWay(int start, int end) {
        for (int side = end; side != start; side = cameFrom[side]) {
            int from = cameFrom[side];
            boolean forward = side >= size;
            int out = forward ? from : side;
            int in = (forward ? side : from) - size;
            if (out == in) {
                passing[out] += forward ? -1 : 1;
            } else {
                flow[out][position(out, in)] += forward ? 1 : -1;
            }
        }
    }

    private int position(int task, int child) {
        return Arrays.binarySearch(graph.children(task), child);
    }
}
