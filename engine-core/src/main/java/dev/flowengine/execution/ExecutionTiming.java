package dev.flowengine.execution;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Where the time of an execution went. Bodies that run count up to now; of a node that was tried several times, the
 * latest attempt counts.
 *
 * @param busy how long all bodies took together
 * @param mean how long a body took on average
 * @param longest the node whose body took longest; of several, the first
 * @param bottlenecks the nodes whose bodies took more than a fifth of the wall time, longest first
 * @param criticalPath what held up the end
 * @param utilisation which part of the parallelism was used: busy time / (wall time · p), where p is the most nodes on one
 *     level of what ran, or {@link ExecutionSnapshot#maxParallelism()} if that is less; from 0 to 1, and 1 also where
 *     nodes of several levels overlapped so that more than p ran at once
 */
public record ExecutionTiming(
        Duration busy,
        Duration mean,
        NodeDuration longest,
        List<NodeDuration> bottlenecks,
        CriticalPath criticalPath,
        double utilisation) {

    /** Copies the list and refuses null. */
    public ExecutionTiming {
        Objects.requireNonNull(busy, "busy");
        Objects.requireNonNull(mean, "mean");
        Objects.requireNonNull(longest, "longest");
        bottlenecks = List.copyOf(bottlenecks);
        Objects.requireNonNull(criticalPath, "criticalPath");
    }
}
