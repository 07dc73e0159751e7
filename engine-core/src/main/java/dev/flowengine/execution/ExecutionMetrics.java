package dev.flowengine.execution;

import dev.flowengine.model.NodeStatus;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * An execution in numbers, up to the moment of the snapshot they are made from.
 *
 * @param totals how many nodes have each status, with an entry for every status
 * @param handledFailures how many of the completed nodes completed in spite of a failure, which was handled
 * @param wallTime how long the execution took, or has taken so far; pauses included
 * @param timing where the time went; empty if no body has started yet, or if times of nodes are not kept
 */
public record ExecutionMetrics(
        Map<NodeStatus, Integer> totals, int handledFailures, Duration wallTime, Optional<ExecutionTiming> timing) {

    /** Copies the map and refuses null. */
    public ExecutionMetrics {
        Map<NodeStatus, Integer> copy = new EnumMap<>(NodeStatus.class);
        copy.putAll(totals);
        totals = Collections.unmodifiableMap(copy);
        Objects.requireNonNull(wallTime, "wallTime");
        Objects.requireNonNull(timing, "timing");
    }

    /** Counts and measures. Linear in the size of the flow. */
    static ExecutionMetrics of(ExecutionSnapshot snapshot) {
        Map<NodeStatus, Integer> totals = new EnumMap<>(NodeStatus.class);
        for (NodeStatus status : NodeStatus.values()) {
            totals.put(status, 0);
        }
        int handled = 0;
        for (NodeState node : snapshot.nodes()) {
            totals.merge(node.status(), 1, Integer::sum);
            handled += node.handledFailure().isPresent() ? 1 : 0;
        }
        TimedNodes nodes = new TimedNodes(snapshot);
        return new ExecutionMetrics(
                totals, handled, nodes.wallTime(), new Measurement(nodes).timing(snapshot.maxParallelism()));
    }
}
