package dev.flowengine.execution;

import dev.flowengine.model.NodeStatus;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Measures where the time of an execution went: a few passes over its nodes, each looking at every edge once. */
final class Measurement {
    private static final int NO_NODE = -1;
    private static final int BOTTLENECK_PARTS = 5;

    private final TimedNodes nodes;

    Measurement(TimedNodes nodes) {
        this.nodes = nodes;
    }

    Optional<ExecutionTiming> timing(int limit) {
        int[] timed = IntStream.range(0, nodes.size()).filter(nodes::isTimed).toArray();
        if (timed.length == 0) {
            return Optional.empty();
        }
        long busy = IntStream.of(timed).mapToLong(nodes::busy).sum();
        int longest = IntStream.of(timed)
                .reduce((one, other) -> nodes.busy(other) > nodes.busy(one) ? other : one)
                .getAsInt();
        return Optional.of(new ExecutionTiming(
                Duration.ofNanos(busy),
                Duration.ofNanos(busy / timed.length),
                duration(longest),
                bottlenecks(timed),
                criticalPath(),
                utilisation(busy, Math.min(width(), limit))));
    }

    private NodeDuration duration(int node) {
        return new NodeDuration(nodes.state(node).nodeId(), Duration.ofNanos(nodes.busy(node)));
    }

    private List<NodeDuration> bottlenecks(int[] timed) {
        long wall = nodes.wallTime().toNanos();
        return IntStream.of(timed)
                .filter(node -> nodes.busy(node) > wall / BOTTLENECK_PARTS)
                .mapToObj(this::duration)
                .sorted(Comparator.comparing(NodeDuration::duration).reversed())
                .toList();
    }

    private double utilisation(long busy, int parallelism) {
        double available = (double) nodes.wallTime().toNanos() * parallelism;
        return available == 0 ? 0 : Math.min(1, busy / available);
    }

    /** The most bodies with equally many bodies before them. */
    private int width() {
        int[] level = new int[nodes.size()];
        int[] onLevel = new int[nodes.size() + 1];
        int widest = 0;
        for (int node = 0; node < nodes.size(); node++) {
            for (int i = 0; i < nodes.sources(node); i++) {
                level[node] = Math.max(level[node], level[nodes.source(node, i)]);
            }
            if (nodes.isTimed(node)) {
                level[node]++;
                widest = Math.max(widest, ++onLevel[level[node]]);
            }
        }
        return widest;
    }

    private CriticalPath criticalPath() {
        long[] settled = settled();
        Deque<String> path = new ArrayDeque<>();
        long busy = 0;
        long started = Long.MAX_VALUE;
        for (int node = last(); node != NO_NODE; node = before(node, started, settled)) {
            path.addFirst(nodes.state(node).nodeId());
            if (nodes.isTimed(node)) {
                busy += nodes.busy(node);
                started = nodes.start(node);
            }
        }
        return new CriticalPath(List.copyOf(path), Duration.ofNanos(busy));
    }

    /** The body that ended last; of several, the one behind the others. */
    private int last() {
        int last = NO_NODE;
        for (int node = 0; node < nodes.size(); node++) {
            if (nodes.isTimed(node) && (last == NO_NODE || nodes.end(node) >= nodes.end(last))) {
                last = node;
            }
        }
        return last;
    }

    /** When each node was settled: one without a body, at the latest when the last of what it depends on was. */
    private long[] settled() {
        long[] settled = new long[nodes.size()];
        for (int node = 0; node < nodes.size(); node++) {
            settled[node] = nodes.isTimed(node) ? nodes.end(node) : TimedNodes.NONE;
            if (isDecidedWithoutBody(node)) {
                settled[node] = 0;
                for (int i = 0; i < nodes.sources(node); i++) {
                    settled[node] = Math.max(settled[node], settled[nodes.source(node, i)]);
                }
            }
        }
        return settled;
    }

    private boolean isDecidedWithoutBody(int node) {
        NodeStatus status = nodes.state(node).status();
        return !nodes.isTimed(node) && (status == NodeStatus.COMPLETED || status == NodeStatus.SKIPPED);
    }

    /**
     * The dependency of a node that was settled last by the time the body behind it started. A node that was skipped
     * early may have been settled before all it depends on was: its own dependencies are held against the same time.
     */
    private int before(int node, long started, long[] settled) {
        int before = NO_NODE;
        long latest = TimedNodes.NONE;
        for (int i = 0; i < nodes.sources(node); i++) {
            int source = nodes.source(node, i);
            long at = nodes.isTimed(source) ? settled[source] : Math.min(settled[source], started);
            if (at > latest && at <= started) {
                latest = at;
                before = source;
            }
        }
        return before;
    }
}
