package dev.flowengine.internal.machine;

import dev.flowengine.node.AwaitedSignal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a node waits for that holds no thread: a time, a signal, or whichever comes first; or another execution.
 *
 * @param until when its time comes, as far as is known when it begins to wait; null if it waits for none
 * @param delay how long that is, for a time that stands still in a pause; null if it is an instant
 * @param signal the signal it waits for; null if it waits for none
 * @param child the execution it waits for; null if it waits for none
 */
public record Suspension(
        @Nullable Instant until,
        @Nullable Duration delay,
        @Nullable AwaitedSignal signal,
        @Nullable ChildCall child) {

    /** For a time or a signal. */
    public Suspension(@Nullable Instant until, @Nullable Duration delay, @Nullable AwaitedSignal signal) {
        this(until, delay, signal, null);
    }

    /**
     * For another execution.
     *
     * @param child that
     * @return the suspension
     */
    public static Suspension of(ChildCall child) {
        return new Suspension(null, null, null, child);
    }

    /** Whether the node waits for the end of another execution. */
    boolean awaitsChild() {
        return child != null && child.awaited();
    }

    /** Whether the node waits for a signal of that name. */
    boolean awaits(String name) {
        return signal != null && signal.name().equals(name);
    }
}
