package dev.flowengine.flow;

import dev.flowengine.model.FlowException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Whether executions that ended FAILED or PARTIAL are redriven by the engine itself, and how often. Immutable: each method
 * gives a changed copy. Each redrive is a new execution, linked to the one before.
 */
public final class RedrivePolicy {
    private static final Predicate<Object> ANY_FAILURE = Objects::nonNull;
    private static final RedrivePolicy NONE = new RedrivePolicy(0, Duration.ZERO, ANY_FAILURE);

    private final int maxRedrives;
    private final Duration delay;
    private final Predicate<? super FlowException> redrivable;

    private RedrivePolicy(int maxRedrives, Duration delay, Predicate<? super FlowException> redrivable) {
        this.maxRedrives = maxRedrives;
        this.delay = delay;
        this.redrivable = redrivable;
    }

    /**
     * No execution is redriven by itself.
     *
     * @return the policy flows have unless they are given another
     */
    public static RedrivePolicy none() {
        return NONE;
    }

    /**
     * Redrives an execution so many times, until it completes.
     *
     * @param redrives at least 1
     * @param delay how long to wait before each redrive; positive, so that what keeps failing cannot spin
     * @return the policy
     */
    public static RedrivePolicy upTo(int redrives, Duration delay) {
        if (redrives < 1) {
            throw new IllegalArgumentException("redrives is " + redrives + ", but must be at least 1");
        }
        return new RedrivePolicy(redrives, Timeouts.requirePositive(delay, "redrive delay"), ANY_FAILURE);
    }

    /**
     * Redrives only after failures that a predicate accepts.
     *
     * @param predicate is given why the execution ended; runs on a delivery thread. If it throws, nothing is redriven
     * @return a copy
     */
    public RedrivePolicy when(Predicate<? super FlowException> predicate) {
        return new RedrivePolicy(maxRedrives, delay, Objects.requireNonNull(predicate, "predicate"));
    }

    /**
     * How often an execution is redriven.
     *
     * @return 0 if never
     */
    public int maxRedrives() {
        return maxRedrives;
    }

    /**
     * How long to wait before each redrive.
     *
     * @return the time
     */
    public Duration delay() {
        return delay;
    }

    /**
     * Whether {@link #when} says after which failures an execution is redriven.
     *
     * @return false if any will do
     */
    public boolean isSelective() {
        return redrivable != ANY_FAILURE;
    }

    /**
     * Whether an execution may be redriven.
     *
     * @param failure why it ended
     * @return true if the policy has anything to say about such a failure
     */
    public boolean appliesTo(FlowException failure) {
        return maxRedrives > 0 && redrivable.test(failure);
    }
}
