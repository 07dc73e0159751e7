package dev.flowengine.node;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A body that says what its node waits for. It is called when the node is ready and returns at once; the node then waits
 * without a thread until its time has come or its signal arrives, whichever is first.
 *
 * <p>When the time comes, a node without a signal fires its first output port with its input. With a signal, the arrival
 * of that fires: the first output port with what it brought, or, of a signal with choices, the port of the choice with
 * the node's input. If the time comes first, the output port {@code deadline} fires with the node's input.
 *
 * <p>Immutable; thread-safe if the functions are.
 */
public final class WaitingBody implements NodeBody {
    private final @Nullable AwaitedSignal signal;
    private final @Nullable ValueBody time;
    private final boolean lasting;

    private WaitingBody(@Nullable AwaitedSignal signal, @Nullable ValueBody time, boolean lasting) {
        this.signal = signal;
        this.time = time;
        this.lasting = lasting;
    }

    /**
     * Waits for a time, which stands still while the execution is paused.
     *
     * @param duration gives a {@link java.time.Duration}; one that is not positive is over at once
     * @return the body
     */
    public static WaitingBody lasting(ValueBody duration) {
        return new WaitingBody(null, Objects.requireNonNull(duration, "duration"), true);
    }

    /**
     * Waits until an instant. If that comes while the execution is paused, the wait ends when it is resumed.
     *
     * @param instant gives an {@link java.time.Instant}; one that has passed ends the wait at once
     * @return the body
     */
    public static WaitingBody until(ValueBody instant) {
        return new WaitingBody(null, Objects.requireNonNull(instant, "instant"), false);
    }

    /**
     * Waits for a signal.
     *
     * @param signal the signal
     * @return the body
     */
    public static WaitingBody forSignal(AwaitedSignal signal) {
        return new WaitingBody(Objects.requireNonNull(signal, "signal"), null, false);
    }

    /**
     * The same wait, for a time at most; in place of another limit.
     *
     * @param duration gives a {@link java.time.Duration}, or null for no limit
     * @return the body
     */
    public WaitingBody atMost(ValueBody duration) {
        return new WaitingBody(signal, Objects.requireNonNull(duration, "duration"), true);
    }

    /**
     * The same wait, until an instant at most; in place of another limit.
     *
     * @param instant gives an {@link java.time.Instant}, or null for no limit
     * @return the body
     */
    public WaitingBody notAfter(ValueBody instant) {
        return new WaitingBody(signal, Objects.requireNonNull(instant, "instant"), false);
    }

    /**
     * The signal the node waits for.
     *
     * @return the signal; empty if it only waits for a time
     */
    public Optional<AwaitedSignal> signal() {
        return Optional.ofNullable(signal);
    }

    /**
     * The time the node waits for, if it waits for one.
     *
     * @return gives a {@link java.time.Duration} if the wait {@linkplain #isLasting lasts}, else an
     *     {@link java.time.Instant}; empty if there is only a signal
     */
    public Optional<ValueBody> time() {
        return Optional.ofNullable(time);
    }

    /**
     * Whether the time is a duration.
     *
     * @return false if it is an instant, or there is none
     */
    public boolean isLasting() {
        return lasting;
    }
}
