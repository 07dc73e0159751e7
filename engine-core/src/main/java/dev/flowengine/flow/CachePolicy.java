package dev.flowengine.flow;

import dev.flowengine.node.NodeContext;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Says that the result of a node may be used again, in whatever execution the node is given the same, instead of calling its
 * body. For bodies whose result depends on their inputs alone. Immutable: each method gives a changed copy.
 *
 * <p>Unless a {@link #key} is given, a result belongs to the flow, its version (or the {@link #version} of the node), the id
 * of the node, and its inputs, which are compared by {@link Object#equals}. Executions that miss the same result at the same time each
 * call the body: none waits for another one. Failures are not kept.
 */
public final class CachePolicy {
    private final Duration keep;
    private final @Nullable String version;
    private final @Nullable Function<? super NodeContext, ?> key;

    private CachePolicy(Duration keep, @Nullable String version, @Nullable Function<? super NodeContext, ?> key) {
        this.keep = keep;
        this.version = version;
        this.key = key;
    }

    /**
     * Uses results again for a while.
     *
     * @param keep how long after it was made a result may be used; positive
     * @return a policy
     */
    public static CachePolicy keepFor(Duration keep) {
        return new CachePolicy(Timeouts.requirePositive(keep, "time to keep a result"), null, null);
    }

    /**
     * Gives the node a version of its own, so that its results outlast new versions of the flow.
     *
     * @param text to be changed whenever the body would make another result of the same inputs
     * @return a copy
     */
    public CachePolicy version(String text) {
        return new CachePolicy(keep, Objects.requireNonNull(text, "text"), key);
    }

    /**
     * Says what makes two results the same, in place of the inputs.
     *
     * @param function makes a value with {@code equals} and {@code hashCode} of an attempt, on the thread of the body; if it
     *     throws or gives null, the body is called and its result not kept
     * @return a copy
     */
    public CachePolicy key(Function<? super NodeContext, ?> function) {
        return new CachePolicy(keep, version, Objects.requireNonNull(function, "function"));
    }

    /**
     * How long results may be used.
     *
     * @return positive
     */
    public Duration keep() {
        return keep;
    }

    /**
     * The version of the node.
     *
     * @return its own; empty for that of the flow
     */
    public Optional<String> version() {
        return Optional.ofNullable(version);
    }

    /**
     * What makes two results the same.
     *
     * @return the function; empty for the inputs
     */
    public Optional<Function<? super NodeContext, ?>> key() {
        return Optional.ofNullable(key);
    }
}
