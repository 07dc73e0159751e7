package dev.flowengine.persistence;

import dev.flowengine.model.NodeStatus;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A row of a node: one attempt of it in one iteration, or its settling without any.
 *
 * <p>In the steady state a row is written twice: inserted when the node is ready, updated when it settles. That it runs
 * is written only where it matters after a crash. An attempt that failed and is followed by another is a row with the
 * status {@code FAILED}; the state of the node is that of its row with the greatest attempt.
 *
 * @param key what it is known by
 * @param status its status; settled is final
 * @param seq the place of its start among all starts of the run, from 1: the order of the execution path; 0 until it has
 *     started
 * @param workerId the worker that ran it, or runs it; empty if none has
 * @param times when
 * @param result what came of it
 * @param decidedBy the connections that fired an early join; empty for a join that waits for all
 */
public record NodeRecord(
        NodeKey key,
        NodeStatus status,
        long seq,
        Optional<String> workerId,
        NodeTimes times,
        NodeResult result,
        List<ConnectionRecord> decidedBy) {

    /** Copies the list, and refuses null and a settled node that does not say when it settled. */
    public NodeRecord {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(workerId, "workerId");
        Objects.requireNonNull(times, "times");
        Objects.requireNonNull(result, "result");
        decidedBy = List.copyOf(decidedBy);
        if (status.isSettled() && times.settledAt().isEmpty()) {
            throw new IllegalArgumentException(
                    "node '" + key.nodeId() + "' is " + status + ", but does not say since when");
        }
    }

    /**
     * A node that is ready to run.
     *
     * @param key what its row is known by
     * @param at when that was decided
     * @return a row with status {@code QUEUED}
     */
    public static NodeRecord queued(NodeKey key, Instant at) {
        return new NodeRecord(
                key, NodeStatus.QUEUED, 0, Optional.empty(), NodeTimes.ready(at), NodeResult.NONE, List.of());
    }

    /**
     * The same row, started.
     *
     * @param order the place of its start in the run, from 1
     * @param worker who runs it
     * @param at when its body started
     * @return a copy with status {@code RUNNING}
     */
    public NodeRecord started(long order, String worker, Instant at) {
        return new NodeRecord(
                key, NodeStatus.RUNNING, order, Optional.of(worker), times.started(at), result, decidedBy);
    }

    /**
     * The same row, settled.
     *
     * @param end how
     * @param outcome what came of it
     * @param at when
     * @return a copy
     */
    public NodeRecord settled(NodeStatus end, NodeResult outcome, Instant at) {
        return new NodeRecord(key, end, seq, workerId, times.settled(at), outcome, decidedBy);
    }

    /**
     * The same row with other times.
     *
     * @param status its status
     * @param changed the times
     * @return a copy
     */
    public NodeRecord with(NodeStatus status, NodeTimes changed) {
        return new NodeRecord(key, status, seq, workerId, changed, result, decidedBy);
    }

    /**
     * The same row of a join that fired early.
     *
     * @param connections the connections that fired it
     * @return a copy
     */
    public NodeRecord decidedBy(List<ConnectionRecord> connections) {
        return new NodeRecord(key, status, seq, workerId, times, result, connections);
    }
}
