package dev.flowengine.persistence;

import dev.flowengine.model.ExecutionStatus;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which runs to list. Immutable: each method gives a changed copy.
 *
 * @param flowId only runs of this flow, in any version
 * @param statuses only runs in one of these statuses; empty for any
 * @param startNode only runs that began with this trigger or node
 * @param userId only runs on behalf of this user
 * @param redriveOf only runs that redrive this one, directly
 * @param parentId only runs that a node of this run started
 * @param from only runs created at this instant or later
 * @param to only runs created before this instant
 * @param after only runs behind this place in the list
 * @param limit how many runs are on a page at most; at least 1
 */
public record RunQuery(
        Optional<String> flowId,
        Set<ExecutionStatus> statuses,
        Optional<String> startNode,
        Optional<String> userId,
        Optional<String> redriveOf,
        Optional<String> parentId,
        Optional<Instant> from,
        Optional<Instant> to,
        Optional<Position> after,
        int limit) {

    /** Cuts the instants to what stores keep, copies the set, and refuses null and a limit below 1. */
    public RunQuery {
        Objects.requireNonNull(flowId, "flowId");
        Objects.requireNonNull(startNode, "startNode");
        Objects.requireNonNull(userId, "userId");
        Objects.requireNonNull(redriveOf, "redriveOf");
        Objects.requireNonNull(parentId, "parentId");
        Objects.requireNonNull(after, "after");
        statuses = Set.copyOf(statuses);
        from = StoreTime.storable(from);
        to = StoreTime.storable(to);
        if (limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + ", but must be at least 1");
        }
    }

    /**
     * Every run.
     *
     * @param limit how many are on a page at most
     * @return the query to narrow
     */
    public static RunQuery all(int limit) {
        Optional<String> any = Optional.empty();
        return new RunQuery(
                any, Set.of(), any, any, any, any, Optional.empty(), Optional.empty(), Optional.empty(), limit);
    }

    /**
     * Only runs of a flow.
     *
     * @param id id of the flow
     * @return a copy
     */
    public RunQuery flow(String id) {
        return new RunQuery(Optional.of(id), statuses, startNode, userId, redriveOf, parentId, from, to, after, limit);
    }

    /**
     * Only runs in one of some statuses.
     *
     * @param wanted the statuses
     * @return a copy
     */
    public RunQuery status(Set<ExecutionStatus> wanted) {
        return new RunQuery(flowId, wanted, startNode, userId, redriveOf, parentId, from, to, after, limit);
    }

    /**
     * Only runs that began with a trigger or node.
     *
     * @param nodeId its id
     * @return a copy
     */
    public RunQuery startedFrom(String nodeId) {
        return new RunQuery(flowId, statuses, Optional.of(nodeId), userId, redriveOf, parentId, from, to, after, limit);
    }

    /**
     * Only runs on behalf of a user.
     *
     * @param id an id of the host's
     * @return a copy
     */
    public RunQuery user(String id) {
        return new RunQuery(flowId, statuses, startNode, Optional.of(id), redriveOf, parentId, from, to, after, limit);
    }

    /**
     * Only runs that redrive a run, directly.
     *
     * @param executionId id of the run they redrive
     * @return a copy
     */
    public RunQuery redriveOf(String executionId) {
        return new RunQuery(
                flowId, statuses, startNode, userId, Optional.of(executionId), parentId, from, to, after, limit);
    }

    /**
     * Only runs that nodes of a run started.
     *
     * @param executionId that run
     * @return a copy
     */
    public RunQuery childrenOf(String executionId) {
        return new RunQuery(
                flowId, statuses, startNode, userId, redriveOf, Optional.of(executionId), from, to, after, limit);
    }

    /**
     * Only runs created in a time.
     *
     * @param begin the first instant that counts
     * @param end the first instant that does not count any more
     * @return a copy
     */
    public RunQuery between(Instant begin, Instant end) {
        return new RunQuery(
                flowId,
                statuses,
                startNode,
                userId,
                redriveOf,
                parentId,
                Optional.of(begin),
                Optional.of(end),
                after,
                limit);
    }

    /**
     * The next page.
     *
     * @param position {@link RunPage#next()} of the page before
     * @return a copy
     */
    public RunQuery after(Position position) {
        return new RunQuery(
                flowId, statuses, startNode, userId, redriveOf, parentId, from, to, Optional.of(position), limit);
    }

    /**
     * A place in the list of runs. The list goes from the latest {@code createdAt} to the earliest, and from the greatest id to
     * the smallest among equals. Each store orders ids in one way, which for ASCII ids is that of {@link String#compareTo}.
     *
     * @param createdAt when the run there was created
     * @param executionId its id
     */
    public record Position(Instant createdAt, String executionId) implements Comparable<Position> {

        /** Cuts the instant to what stores keep, and refuses null. */
        public Position {
            createdAt = StoreTime.storable(createdAt);
            Objects.requireNonNull(executionId, "executionId");
        }

        /** Orders places as the list does: the newest first. */
        @Override
        public int compareTo(Position other) {
            int byTime = other.createdAt.compareTo(createdAt);
            return byTime != 0 ? byTime : other.executionId.compareTo(executionId);
        }
    }
}
