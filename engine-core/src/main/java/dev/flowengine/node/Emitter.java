package dev.flowengine.node;

import org.jspecify.annotations.Nullable;

/**
 * Where a body that chooses its output ports puts values. Emitting a value, {@code null} included, fires the port; a
 * port nothing is emitted to does not fire. What an attempt emitted counts only if the attempt ends well.
 *
 * <p>Not thread-safe: emit from the body's own thread.
 */
public interface Emitter {

    /**
     * Fires a port.
     *
     * @param port name of a declared output port
     * @param value the value, may be null
     * @throws dev.flowengine.model.FlowException if the node declares no such port, or the port was fired already, or
     *     the value is not of the port's type; left uncaught it fails the node
     */
    void emit(String port, @Nullable Object value);

    /**
     * Fires a port.
     *
     * @param port a declared output port
     * @param value the value, may be null
     * @param <T> type of the value
     * @throws dev.flowengine.model.FlowException as {@link #emit(String, Object)}
     */
    default <T extends @Nullable Object> void emit(Port<T> port, T value) {
        emit(port.name(), value);
    }
}
