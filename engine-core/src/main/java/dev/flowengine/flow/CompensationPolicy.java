package dev.flowengine.flow;

import dev.flowengine.model.ExecutionStatus;
import java.time.Duration;
import java.util.Objects;

/**
 * After which ends of an execution its completed nodes are compensated, and how. Immutable: each method gives a changed copy.
 *
 * <p>Compensations run one after the other, in the reverse order in which their nodes completed. One whose attempts have all
 * failed is recorded as failed, and the others go on. Unless said otherwise an attempt may take a minute and is repeated up to
 * four times, and all compensations of an execution together may take ten minutes, waits between attempts included.
 */
public final class CompensationPolicy {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);
    private static final Duration DEFAULT_ATTEMPT_TIMEOUT = Duration.ofMinutes(1);
    private static final RetryPolicy DEFAULT_RETRY =
            RetryPolicy.exponential(Duration.ofSeconds(1)).maxAttempts(5).cap(Duration.ofSeconds(30));
    private static final CompensationPolicy NONE =
            new CompensationPolicy(false, false, new Limits(DEFAULT_TIMEOUT, DEFAULT_ATTEMPT_TIMEOUT), DEFAULT_RETRY);

    private final boolean onFailure;
    private final boolean onCancel;
    private final Limits limits;
    private final RetryPolicy retry;

    private CompensationPolicy(boolean onFailure, boolean onCancel, Limits limits, RetryPolicy retry) {
        this.onFailure = onFailure;
        this.onCancel = onCancel;
        this.limits = limits;
        this.retry = retry;
    }

    /**
     * Nothing is compensated.
     *
     * @return the policy flows have unless they are given another
     */
    public static CompensationPolicy none() {
        return NONE;
    }

    /**
     * Compensates when an execution ends FAILED or PARTIAL.
     *
     * @return the policy
     */
    public static CompensationPolicy onFailure() {
        return new CompensationPolicy(true, false, NONE.limits, NONE.retry);
    }

    /**
     * Compensates when an execution ends CANCELLED.
     *
     * @return the policy
     */
    public static CompensationPolicy onCancel() {
        return new CompensationPolicy(false, true, NONE.limits, NONE.retry);
    }

    /**
     * Compensates whenever an execution ends otherwise than COMPLETED.
     *
     * @return the policy
     */
    public static CompensationPolicy always() {
        return new CompensationPolicy(true, true, NONE.limits, NONE.retry);
    }

    /**
     * Limits all compensations of an execution together. When the time is over, the one that runs is interrupted and given up,
     * and the execution ends. Before they begin, children that may undo something themselves are waited for, as long at most.
     * An engine that takes the execution over gives it the whole time again.
     *
     * @param limit positive
     * @return a copy
     */
    public CompensationPolicy timeout(Duration limit) {
        Timeouts.requirePositive(limit, "timeout of compensations");
        return new CompensationPolicy(onFailure, onCancel, new Limits(limit, limits.attempt()), retry);
    }

    /**
     * Limits each attempt of a compensation, from the start of its body.
     *
     * @param limit positive
     * @return a copy
     */
    public CompensationPolicy attemptTimeout(Duration limit) {
        Timeouts.requirePositive(limit, "attempt timeout of compensations");
        return new CompensationPolicy(onFailure, onCancel, new Limits(limits.all(), limit), retry);
    }

    /**
     * Says when a failed attempt of a compensation is repeated; the policies of the nodes and of the flow are for the nodes
     * themselves.
     *
     * @param policy the policy
     * @return a copy
     */
    public CompensationPolicy retry(RetryPolicy policy) {
        return new CompensationPolicy(onFailure, onCancel, limits, Objects.requireNonNull(policy, "policy"));
    }

    /**
     * Whether there is any end after which nodes are compensated.
     *
     * @return false for {@link #none()}
     */
    public boolean isNone() {
        return !onFailure && !onCancel;
    }

    /**
     * Whether nodes are compensated after a failure.
     *
     * @return true if so
     */
    public boolean isOnFailure() {
        return onFailure;
    }

    /**
     * Whether nodes are compensated after a cancel.
     *
     * @return true if so
     */
    public boolean isOnCancel() {
        return onCancel;
    }

    /**
     * Whether nodes are compensated before an execution ends in a status.
     *
     * @param end a terminal status
     * @return true if so
     */
    public boolean appliesTo(ExecutionStatus end) {
        return switch (end) {
            case FAILED, PARTIAL -> onFailure;
            case CANCELLED -> onCancel;
            default -> false;
        };
    }

    /**
     * How long all compensations of an execution may take together.
     *
     * @return the limit
     */
    public Duration timeout() {
        return limits.all();
    }

    /**
     * How long an attempt of a compensation may take.
     *
     * @return the limit
     */
    public Duration attemptTimeout() {
        return limits.attempt();
    }

    /**
     * When a failed attempt of a compensation is repeated.
     *
     * @return the policy
     */
    public RetryPolicy retry() {
        return retry;
    }

    private record Limits(Duration all, Duration attempt) {}
}
