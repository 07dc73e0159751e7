package dev.flowengine.execution;

import dev.flowengine.model.ExecutionStatus;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which executions to list: newest first, a page at a time. Immutable: each method gives a changed copy. */
public final class HistoryQuery {
    private static final int DEFAULT_LIMIT = 50;
    private static final HistoryQuery ALL =
            new HistoryQuery(new Filter(null, Set.of(), null, null, null, null, null, null), null, DEFAULT_LIMIT);

    private final Filter filter;
    private final @Nullable Position after;
    private final int limit;

    private HistoryQuery(Filter filter, @Nullable Position after, int limit) {
        this.filter = filter;
        this.after = after;
        this.limit = limit;
    }

    /**
     * Every execution, 50 on a page.
     *
     * @return the query to narrow
     */
    public static HistoryQuery all() {
        return ALL;
    }

    /**
     * Only executions of a flow.
     *
     * @param id id of the flow
     * @return a copy
     */
    public HistoryQuery flow(String id) {
        Objects.requireNonNull(id, "id");
        return with(new Filter(
                id,
                filter.statuses,
                filter.startNodeId,
                filter.userId,
                filter.redriveOf,
                filter.from,
                filter.to,
                filter.parent));
    }

    /**
     * Only executions in one of these statuses.
     *
     * @param first a status
     * @param others further ones
     * @return a copy
     */
    public HistoryQuery status(ExecutionStatus first, ExecutionStatus... others) {
        Set<ExecutionStatus> statuses = Set.copyOf(EnumSet.of(first, others));
        return with(new Filter(
                filter.flowId,
                statuses,
                filter.startNodeId,
                filter.userId,
                filter.redriveOf,
                filter.from,
                filter.to,
                filter.parent));
    }

    /**
     * Only executions that began with a node.
     *
     * @param nodeId id of the trigger or node
     * @return a copy
     */
    public HistoryQuery startedFrom(String nodeId) {
        Objects.requireNonNull(nodeId, "nodeId");
        return with(new Filter(
                filter.flowId,
                filter.statuses,
                nodeId,
                filter.userId,
                filter.redriveOf,
                filter.from,
                filter.to,
                filter.parent));
    }

    /**
     * Only executions on behalf of a user.
     *
     * @param id an id of the host's
     * @return a copy
     */
    public HistoryQuery user(String id) {
        Objects.requireNonNull(id, "id");
        return with(new Filter(
                filter.flowId,
                filter.statuses,
                filter.startNodeId,
                id,
                filter.redriveOf,
                filter.from,
                filter.to,
                filter.parent));
    }

    /**
     * Only executions that redrive an execution, directly: who started them and when is in their summaries.
     *
     * @param executionId id of the execution they redrive
     * @return a copy
     */
    public HistoryQuery redriveOf(String executionId) {
        Objects.requireNonNull(executionId, "executionId");
        return with(new Filter(
                filter.flowId,
                filter.statuses,
                filter.startNodeId,
                filter.userId,
                executionId,
                filter.from,
                filter.to,
                filter.parent));
    }

    /**
     * Only executions admitted in a time.
     *
     * @param begin the first instant that counts
     * @param end the first instant that does not count any more
     * @return a copy
     */
    public HistoryQuery between(Instant begin, Instant end) {
        Objects.requireNonNull(begin, "begin");
        Objects.requireNonNull(end, "end");
        return with(new Filter(
                filter.flowId,
                filter.statuses,
                filter.startNodeId,
                filter.userId,
                filter.redriveOf,
                begin,
                end,
                filter.parent));
    }

    /**
     * Only executions that nodes of another one have started.
     *
     * @param executionId id of that one
     * @return a copy
     */
    public HistoryQuery childrenOf(String executionId) {
        Objects.requireNonNull(executionId, "executionId");
        return with(new Filter(
                filter.flowId,
                filter.statuses,
                filter.startNodeId,
                filter.userId,
                filter.redriveOf,
                filter.from,
                filter.to,
                executionId));
    }

    /**
     * How many executions are on a page.
     *
     * @param most at least 1
     * @return a copy
     */
    public HistoryQuery limit(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("limit is " + most + ", but must be at least 1");
        }
        return new HistoryQuery(filter, after, most);
    }

    /**
     * Only executions behind a position: the next page.
     *
     * @param position {@link HistoryPage#next()} of the page before
     * @return a copy
     */
    public HistoryQuery after(Position position) {
        Objects.requireNonNull(position, "position");
        return new HistoryQuery(filter, position, limit);
    }

    /**
     * How many executions are on a page.
     *
     * @return at least 1
     */
    public int limit() {
        return limit;
    }

    /**
     * The position the page begins behind.
     *
     * @return the position; empty for the first page
     */
    public Optional<Position> after() {
        return Optional.ofNullable(after);
    }

    /**
     * The flow asked for.
     *
     * @return its id; empty for any
     */
    public Optional<String> flowId() {
        return Optional.ofNullable(filter.flowId);
    }

    /**
     * The statuses asked for.
     *
     * @return any of them will do; empty for any at all
     */
    public Set<ExecutionStatus> statuses() {
        return filter.statuses;
    }

    /**
     * The trigger or node asked for.
     *
     * @return its id; empty for any
     */
    public Optional<String> startNodeId() {
        return Optional.ofNullable(filter.startNodeId);
    }

    /**
     * The user asked for.
     *
     * @return an id of the host's; empty for any
     */
    public Optional<String> userId() {
        return Optional.ofNullable(filter.userId);
    }

    /**
     * The execution asked for that is redriven.
     *
     * @return its id; empty for any or none
     */
    public Optional<String> redriveOf() {
        return Optional.ofNullable(filter.redriveOf);
    }

    /**
     * From when on executions were admitted.
     *
     * @return the first instant that counts; empty for any
     */
    public Optional<Instant> from() {
        return Optional.ofNullable(filter.from);
    }

    /**
     * Before when executions were admitted.
     *
     * @return the first instant that does not count any more; empty for any
     */
    public Optional<Instant> to() {
        return Optional.ofNullable(filter.to);
    }

    /**
     * The execution whose children are asked for.
     *
     * @return its id; empty for any execution, started by a node or not
     */
    public Optional<String> parentExecutionId() {
        return Optional.ofNullable(filter.parent);
    }

    /**
     * Whether an execution is one of those asked for, whatever the page.
     *
     * @param execution the execution
     * @return true if it passes every filter
     */
    public boolean matches(ExecutionSummary execution) {
        return filter.accepts(execution);
    }

    private HistoryQuery with(Filter changed) {
        return new HistoryQuery(changed, after, limit);
    }

    /**
     * A place in the list of executions, which stays the same while others arrive.
     *
     * @param startedAt when the execution there was admitted
     * @param executionId its id
     */
    public record Position(Instant startedAt, String executionId) {

        /** Refuses null. */
        public Position {
            Objects.requireNonNull(startedAt, "startedAt");
            Objects.requireNonNull(executionId, "executionId");
        }
    }

    /** What executions must be to be listed; null and empty accept any. */
    private record Filter(
            @Nullable String flowId,
            Set<ExecutionStatus> statuses,
            @Nullable String startNodeId,
            @Nullable String userId,
            @Nullable String redriveOf,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable String parent) {

        boolean accepts(ExecutionSummary execution) {
            return isOf(flowId, Optional.of(execution.flowId()))
                    && isOf(startNodeId, Optional.of(execution.start().nodeId()))
                    && isOf(userId, execution.userId())
                    && isOf(redriveOf, execution.redriveOf())
                    && isOf(parent, execution.parentExecutionId())
                    && (statuses.isEmpty() || statuses.contains(execution.status()))
                    && isInTime(execution.startedAt());
        }

        private static boolean isOf(@Nullable String wanted, Optional<String> found) {
            return wanted == null || found.filter(wanted::equals).isPresent();
        }

        private boolean isInTime(Instant startedAt) {
            return (from == null || !startedAt.isBefore(from)) && (to == null || startedAt.isBefore(to));
        }
    }
}
