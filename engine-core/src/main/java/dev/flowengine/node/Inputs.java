package dev.flowengine.node;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of one attempt, by the handle that feeds them or by port. Immutable; safe to hand to other threads.
 */
public interface Inputs {

    /**
     * The value that came from a handle this node was defined with.
     *
     * @param source the handle
     * @param <T> type of its value
     * @return the value, may be null; for a handle made optional an {@code Optional}
     * @throws dev.flowengine.model.FlowException if the handle is no input of this node, or no value arrived from it
     */
    <T extends @Nullable Object> T get(Output<T> source);

    /**
     * What arrived from a handle this node was defined with: for joins under which a value may be absent.
     *
     * @param source the handle
     * @param <T> type of its value
     * @return a value, the reason for its absence, or the failure of its source
     * @throws dev.flowengine.model.FlowException if the handle is no input of this node
     */
    <T extends @Nullable Object> Input<T> input(Output<T> source);

    /**
     * What arrived on an input port.
     *
     * @param port name of the port
     * @return a value (a list if the port is collecting), the reason for its absence, or the failure of its source
     * @throws dev.flowengine.model.FlowException if the node has no such input port
     */
    Input<@Nullable Object> port(String port);

    /**
     * The node's input ports.
     *
     * @return their names in declaration order
     */
    List<String> ports();
}
