package dev.flowengine.execution;

import dev.flowengine.graph.Connection;
import dev.flowengine.graph.OrderDependency;
import dev.flowengine.model.Iteration;
import dev.flowengine.model.NodeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The nodes of an execution by number, each after everything it depends on: what each depends on, and when its body ran,
 * in nanoseconds from the start of the execution. Made in time linear in the size of the flow.
 */
final class TimedNodes {
    /** Instead of a time: the body of the node has not run, or its end is not known. */
    static final long NONE = -1;

    private final Instant origin;
    private final NodeState[] states;
    private final long[] start;
    private final long[] end;
    private final int[] firstSource;
    private final int[] sources;
    private final long now;

    TimedNodes(ExecutionSnapshot snapshot) {
        List<String> order = snapshot.plan().order();
        Map<String, Integer> numbers = new HashMap<>(order.size() * 4 / 3 + 1);
        order.forEach(id -> numbers.put(id, numbers.size()));
        this.origin = snapshot.startedAt();
        this.states = new NodeState[order.size()];
        this.start = new long[states.length];
        this.end = new long[states.length];
        snapshot.nodes().forEach(state -> states[Objects.requireNonNull(numbers.get(state.nodeId()))] = state);
        this.now = readTimes(nanos(snapshot.takenAt()));
        this.firstSource = new int[states.length + 1];
        this.sources = readSources(snapshot, numbers);
    }

    int size() {
        return states.length;
    }

    NodeState state(int node) {
        return states[node];
    }

    /** Whether it is known when the body of a node began and ended, or that it runs. */
    boolean isTimed(int node) {
        return end[node] != NONE;
    }

    long start(int node) {
        return start[node];
    }

    /** The end of a timed node: now, if it runs. */
    long end(int node) {
        return end[node];
    }

    long busy(int node) {
        return isTimed(node) ? end[node] - start[node] : 0;
    }

    /** How many nodes and order dependencies a node waited for. */
    int sources(int node) {
        return firstSource[node + 1] - firstSource[node];
    }

    int source(int node, int position) {
        return sources[firstSource[node] + position];
    }

    Duration wallTime() {
        return Duration.ofNanos(now);
    }

    /** Reads the times of the bodies; the moment of the snapshot is not before any of them, whatever the clock says. */
    private long readTimes(long takenAt) {
        long latest = Math.max(0, takenAt);
        for (int node = 0; node < states.length; node++) {
            // What a body does is part of the time of its loop.
            long from = isInBody(node)
                    ? NONE
                    : states[node].startedAt().map(this::nanos).orElse(NONE);
            start[node] = from;
            end[node] = from == NONE
                    ? NONE
                    : states[node]
                            .endedAt()
                            .map(at -> Math.max(from, nanos(at)))
                            .orElse(NONE);
            latest = Math.max(latest, Math.max(from, end[node]));
        }
        for (int node = 0; node < states.length; node++) {
            if (states[node].status() == NodeStatus.RUNNING && start[node] != NONE) {
                end[node] = latest;
            }
        }
        return latest;
    }

    private boolean isInBody(int node) {
        return !states[node].iteration().equals(Iteration.NONE);
    }

    /** Groups the edges inside the execution by target. */
    private int[] readSources(ExecutionSnapshot snapshot, Map<String, Integer> numbers) {
        List<Connection> connections = snapshot.graph().connections();
        List<OrderDependency> orders = snapshot.graph().orderDependencies();
        Set<Connection> deciding = new HashSet<>();
        Arrays.stream(states).forEach(state -> deciding.addAll(state.decidedBy()));
        int[][] edges = new int[connections.size() + orders.size()][];
        int count = 0;
        String first = snapshot.plan().entry();
        for (Connection connection : connections) {
            int[] edge = edge(numbers, connection.from(), connection.to(), first);
            boolean counts = edge.length > 0
                    && !isInBody(edge[0])
                    && !isInBody(edge[1])
                    && (states[edge[1]].decidedBy().isEmpty() || deciding.contains(connection));
            edges[count] = edge;
            count += counts ? 1 : 0;
        }
        for (OrderDependency order : orders) {
            edges[count] = edge(numbers, order.from(), order.to(), first);
            count += edges[count].length > 0 ? 1 : 0;
        }
        return byTarget(edges, count);
    }

    private int[] byTarget(int[][] edges, int count) {
        for (int edge = 0; edge < count; edge++) {
            firstSource[edges[edge][1] + 1]++;
        }
        for (int node = 0; node < states.length; node++) {
            firstSource[node + 1] += firstSource[node];
        }
        int[] next = firstSource.clone();
        int[] grouped = new int[count];
        for (int edge = 0; edge < count; edge++) {
            grouped[next[edges[edge][1]]++] = edges[edge][0];
        }
        return grouped;
    }

    /** Source and target by number; empty if not both belong to the execution, or it begins with the target. */
    private static int[] edge(Map<String, Integer> numbers, String from, String to, String first) {
        Integer source = numbers.get(from);
        Integer target = numbers.get(to);
        return source == null || target == null || to.equals(first) ? new int[0] : new int[] {source, target};
    }

    private long nanos(Instant instant) {
        return Duration.between(origin, instant).toNanos();
    }
}
