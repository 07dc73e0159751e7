package dev.flowengine.flow;

import dev.flowengine.model.FlowException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Whether, when and how often a failed attempt of a node is repeated. Immutable: each method gives a changed copy.
 *
 * <p>Attempts are counted from 1. Between two attempts the node waits without holding a thread. Unless said otherwise a
 * policy allows three attempts and repeats after any exception, a timed-out attempt included (seen as a
 * {@link java.util.concurrent.TimeoutException}), but never after an {@link Error}, nor after a
 * {@link FlowException} that is {@linkplain FlowException#isPermanent() permanent}.
 *
 * <p>From the hundredth failed attempt of a node on there are at least 10 ms between two, whatever the policy says, so that
 * a node that fails for ever is no tight loop.
 */
public final class RetryPolicy {
    private static final int DEFAULT_ATTEMPTS = 3;
    private static final Duration DEFAULT_CAP = Duration.ofMinutes(1);
    private static final Duration FLOOR = Duration.ofMillis(10);
    private static final int FLOOR_FROM = 100;
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);
    private static final Predicate<Throwable> ANY_EXCEPTION = RetryPolicy::mayPass;

    private static final RetryPolicy NONE = fixed(Duration.ZERO).maxAttempts(1);

    private final int maxAttempts;
    private final Backoff backoff;
    private final Duration cap;
    private final double jitter;
    private final Predicate<? super Throwable> retryable;

    private RetryPolicy(
            int maxAttempts, Backoff backoff, Duration cap, double jitter, Predicate<? super Throwable> retryable) {
        this.maxAttempts = maxAttempts;
        this.backoff = backoff;
        this.cap = cap;
        this.jitter = jitter;
        this.retryable = retryable;
    }

    /**
     * No repetition: one attempt.
     *
     * @return the policy nodes have unless they are given another
     */
    public static RetryPolicy none() {
        return NONE;
    }

    /**
     * Waits the same time before every repetition.
     *
     * @param delay not negative
     * @return a policy of three attempts
     */
    public static RetryPolicy fixed(Duration delay) {
        return custom(new Fixed(delay));
    }

    /**
     * Waits the given time before the first repetition and twice as long before each further one, but at most one minute
     * (or the first wait, if that is longer) unless another {@link #cap} is given.
     *
     * @param first not negative
     * @return a policy of three attempts
     */
    public static RetryPolicy exponential(Duration first) {
        return exponential(first, 2);
    }

    /**
     * Waits the given time before the first repetition and so many times as long before each further one, but at most
     * one minute (or the first wait, if that is longer) unless another {@link #cap} is given.
     *
     * @param first not negative
     * @param factor at least 1
     * @return a policy of three attempts
     */
    public static RetryPolicy exponential(Duration first, double factor) {
        return custom(new Exponential(first, factor)).cap(first.compareTo(DEFAULT_CAP) > 0 ? first : DEFAULT_CAP);
    }

    /**
     * Waits as long as a function says.
     *
     * @param backoff gives the time to wait after each failed attempt
     * @return a policy of three attempts
     */
    public static RetryPolicy custom(Backoff backoff) {
        Objects.requireNonNull(backoff, "backoff");
        return new RetryPolicy(DEFAULT_ATTEMPTS, backoff, LONGEST, 0, ANY_EXCEPTION);
    }

    /**
     * Bounds the attempts.
     *
     * @param attempts at least 1, the first included
     * @return a copy
     */
    public RetryPolicy maxAttempts(int attempts) {
        if (attempts < 1) {
            throw new IllegalArgumentException("maxAttempts is " + attempts + ", but must be at least 1");
        }
        return new RetryPolicy(attempts, backoff, cap, jitter, retryable);
    }

    /**
     * Bounds the time to wait, whatever the backoff says; jitter comes on top.
     *
     * @param longest not negative
     * @return a copy
     */
    public RetryPolicy cap(Duration longest) {
        requireNotNegative(longest, "cap");
        return new RetryPolicy(maxAttempts, backoff, shorter(longest, LONGEST), jitter, retryable);
    }

    /**
     * Varies each wait at random, so that nodes that failed together do not come back together.
     *
     * @param share between 0 and 1: 0.2 gives a wait between 80 % and 120 % of what it would be
     * @return a copy
     */
    public RetryPolicy jitter(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("jitter is " + share + ", but must be between 0 and 1");
        }
        return new RetryPolicy(maxAttempts, backoff, cap, share, retryable);
    }

    /**
     * Repeats only after failures of these types, instead of what was said before.
     *
     * @param types at least one type of what a body may throw, subtypes included
     * @return a copy
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public final RetryPolicy on(Class<? extends Throwable>... types) {
        List<Class<? extends Throwable>> wanted = List.of(types);
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException("on() is given no type; for no repetition take RetryPolicy.none()");
        }
        return when(thrown -> wanted.stream().anyMatch(type -> type.isInstance(thrown)));
    }

    /**
     * Repeats only after failures that a predicate accepts, instead of what was said before. It runs on the thread of the
     * body that failed, for one that timed out on another; if it throws, the attempt is not repeated.
     *
     * @param predicate is given what the body threw
     * @return a copy
     */
    public RetryPolicy when(Predicate<? super Throwable> predicate) {
        Objects.requireNonNull(predicate, "predicate");
        return new RetryPolicy(maxAttempts, backoff, cap, jitter, predicate);
    }

    /**
     * How many attempts there may be.
     *
     * @return at least 1
     */
    public int maxAttempts() {
        return maxAttempts;
    }

    /**
     * How long to wait, before cap and jitter.
     *
     * @return a {@link Fixed}, an {@link Exponential}, or what {@link #custom} was given
     */
    public Backoff backoff() {
        return backoff;
    }

    /**
     * The longest time to wait; jitter comes on top.
     *
     * @return the bound, which may be longer than anybody would wait
     */
    public Duration cap() {
        return cap;
    }

    /**
     * By how much waits vary.
     *
     * @return between 0 and 1
     */
    public double jitter() {
        return jitter;
    }

    /**
     * Whether {@link #on} or {@link #when} says which failures are worth another attempt.
     *
     * @return false if every exception is that is not permanent
     */
    public boolean isSelective() {
        return retryable != ANY_EXCEPTION;
    }

    /**
     * Whether a failed attempt is repeated.
     *
     * @param failedAttempt which attempt failed, counted from 1
     * @param thrown what it threw
     * @return true if another attempt is allowed and worth it
     */
    public boolean allows(int failedAttempt, Throwable thrown) {
        return failedAttempt < maxAttempts && retryable.test(thrown);
    }

    /**
     * How long to wait before the next attempt.
     *
     * @param failedAttempt which attempt failed, counted from 1
     * @param random where between the shortest (0) and the longest (1) wait of the jitter
     * @return not negative, and not more than fits into a long in nanoseconds; from the hundredth failed attempt on at
     *     least 10 ms, whatever the policy says, so that a node that fails for ever is no tight loop
     */
    public Duration delayAfter(int failedAttempt, double random) {
        Duration wanted = backoff.delayAfter(failedAttempt);
        Duration bounded = wanted.isNegative() ? Duration.ZERO : shorter(wanted, cap);
        Duration spread = jitter == 0 ? bounded : ofNanos(bounded.toNanos() * (1 - jitter + 2 * jitter * random));
        return failedAttempt < FLOOR_FROM || spread.compareTo(FLOOR) > 0 ? spread : FLOOR;
    }

    private static boolean mayPass(Throwable thrown) {
        return thrown instanceof Exception && !(thrown instanceof FlowException said && said.isPermanent());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static Duration ofNanos(double nanos) {
        return nanos >= Long.MAX_VALUE ? Duration.ofNanos(Long.MAX_VALUE) : Duration.ofNanos((long) nanos);
    }

    private static void requireNotNegative(Duration duration, String what) {
        if (Objects.requireNonNull(duration, what).isNegative()) {
            throw new IllegalArgumentException(what + " is " + duration + ", but must not be negative");
        }
    }

    /** Says how long to wait after a failed attempt. */
    @FunctionalInterface
    public interface Backoff {

        /**
         * The time to wait.
         *
         * @param failedAttempt which attempt failed, counted from 1
         * @return the time; a negative one counts as none
         */
        Duration delayAfter(int failedAttempt);
    }

    /**
     * The same time before every repetition.
     *
     * @param delay the time
     */
    public record Fixed(Duration delay) implements Backoff {

        /** Refuses a negative time. */
        public Fixed {
            requireNotNegative(delay, "delay");
        }

        @Override
        public Duration delayAfter(int failedAttempt) {
            return delay;
        }
    }

    /**
     * A time that grows from repetition to repetition.
     *
     * @param first the time before the first repetition
     * @param factor how many times as long each further one is
     */
    public record Exponential(Duration first, double factor) implements Backoff {

        /** Refuses a negative time and a factor that is no number of at least 1. */
        public Exponential {
            requireNotNegative(first, "first delay");
            if (!(factor >= 1) || Double.isInfinite(factor)) {
                throw new IllegalArgumentException(
                        "backoff factor is " + factor + ", but must be a number of at least 1");
            }
        }

        @Override
        public Duration delayAfter(int failedAttempt) {
            return ofNanos(shorter(first, LONGEST).toNanos() * Math.pow(factor, failedAttempt - 1.0));
        }
    }
}
