package dev.flowengine.flow;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long things may take. Immutable: each method gives a changed copy. Nothing is limited unless it is said here.
 */
public final class Timeouts {
    private static final Timeouts NONE = new Timeouts(null, null, null);

    private final @Nullable Duration attempt;
    private final @Nullable Duration node;
    private final @Nullable Duration execution;

    private Timeouts(@Nullable Duration attempt, @Nullable Duration node, @Nullable Duration execution) {
        this.attempt = attempt;
        this.node = node;
        this.execution = execution;
    }

    /**
     * No limit on anything.
     *
     * @return the timeouts a flow has unless it is given others
     */
    public static Timeouts none() {
        return NONE;
    }

    /**
     * Limits each attempt of a node, from the start of its body.
     *
     * @param limit positive
     * @return a copy
     */
    public Timeouts attempt(Duration limit) {
        return new Timeouts(requirePositive(limit, "attempt timeout"), node, execution);
    }

    /**
     * Limits a node from the moment it is ready: the wait for a thread, all attempts, and the waits between them.
     *
     * @param limit positive
     * @return a copy
     */
    public Timeouts node(Duration limit) {
        return new Timeouts(attempt, requirePositive(limit, "node timeout"), execution);
    }

    /**
     * Limits an execution from its admission, the time it is paused left out.
     *
     * @param limit positive
     * @return a copy
     */
    public Timeouts execution(Duration limit) {
        return new Timeouts(attempt, node, requirePositive(limit, "execution timeout"));
    }

    /**
     * The limit on each attempt.
     *
     * @return the limit, if there is one
     */
    public Optional<Duration> attempt() {
        return Optional.ofNullable(attempt);
    }

    /**
     * The limit on a node.
     *
     * @return the limit, if there is one
     */
    public Optional<Duration> node() {
        return Optional.ofNullable(node);
    }

    /**
     * The limit on an execution.
     *
     * @return the limit, if there is one
     */
    public Optional<Duration> execution() {
        return Optional.ofNullable(execution);
    }

    /**
     * Fills what is not limited here from other timeouts.
     *
     * @param defaults the limits to fall back to
     * @return these timeouts with every missing limit taken from the defaults
     */
    public Timeouts orElse(Timeouts defaults) {
        return new Timeouts(
                attempt == null ? defaults.attempt : attempt,
                node == null ? defaults.node : node,
                execution == null ? defaults.execution : execution);
    }

    static Duration requirePositive(Duration limit, String what) {
        Objects.requireNonNull(limit, what);
        if (limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException(what + " is " + limit + ", but must be positive");
        }
        return limit;
    }
}
