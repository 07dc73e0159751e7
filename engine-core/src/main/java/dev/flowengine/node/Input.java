package dev.flowengine.node;

import dev.flowengine.model.FlowError;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What arrived on an input port: a value, nothing for a reason, or the failure of its source.
 *
 * @param state which of the three
 * @param valueOrNull the value if present (which may be null), else null
 * @param absence why there is no value; empty if there is one or its source failed
 * @param error the failure of the source; empty unless it failed
 * @param <T> type of the value
 */
public record Input<T extends @Nullable Object>(
        State state, @Nullable T valueOrNull, Optional<Absence> absence, Optional<FlowError> error) {

    /**
     * A value that arrived.
     *
     * @param value the value, may be null
     * @param <T> type of the value
     * @return the input
     */
    public static <T extends @Nullable Object> Input<T> present(T value) {
        return new Input<>(State.PRESENT, value, Optional.empty(), Optional.empty());
    }

    /**
     * A port nothing arrived on.
     *
     * @param reason why
     * @param <T> type of the value that did not arrive
     * @return the input
     */
    public static <T extends @Nullable Object> Input<T> absent(Absence reason) {
        return new Input<>(State.ABSENT, null, Optional.of(reason), Optional.empty());
    }

    /**
     * A port whose source failed.
     *
     * @param error the failure
     * @param <T> type of the value that did not arrive
     * @return the input
     */
    public static <T extends @Nullable Object> Input<T> failed(FlowError error) {
        return new Input<>(State.FAILED, null, Optional.empty(), Optional.of(error));
    }

    /**
     * Whether a value arrived.
     *
     * @return true if so; the value itself may be null
     */
    public boolean isPresent() {
        return state == State.PRESENT;
    }

    /**
     * The value that arrived.
     *
     * @return the value, may be null
     * @throws NoSuchElementException if none arrived; the message says why
     */
    @SuppressWarnings("NullAway") // present values are T, which may include null
    public T value() {
        if (!isPresent()) {
            throw new NoSuchElementException(
                    "no value arrived: " + error.map(FlowError::summary).orElseGet(() -> "" + absence.orElseThrow()));
        }
        return valueOrNull;
    }

    /** What arrived. */
    public enum State {
        /** A value. */
        PRESENT,
        /** Nothing, for the reason {@link Input#absence()} gives. */
        ABSENT,
        /** The failure that {@link Input#error()} gives. */
        FAILED
    }

    /** Why nothing arrived on a port. */
    public enum Absence {
        /** Every source settled without firing a connection to this port. */
        NOT_TAKEN,
        /** The node started before a source was decided. */
        NOT_DECIDED,
        /** The port has no connection in this execution. */
        UNFED
    }
}
