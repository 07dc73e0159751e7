package dev.flowengine.graph;

import java.util.Objects;

/**
 * An input port of a node.
 *
 * @param name its name, unique among the node's input ports
 * @param required whether the node's default join needs a value on it
 * @param collecting whether it delivers every value it got, as a list in the order its connections were declared;
 *     otherwise it delivers the first one in that order
 */
public record InputPort(String name, boolean required, boolean collecting) {

    /** Refuses a null name. */
    public InputPort {
        Objects.requireNonNull(name, "name");
    }

    /**
     * A required port that delivers one value.
     *
     * @param name its name
     * @return the port
     */
    public static InputPort required(String name) {
        return new InputPort(name, true, false);
    }

    /**
     * A port the node can do without.
     *
     * @param name its name
     * @return the port
     */
    public static InputPort optional(String name) {
        return new InputPort(name, false, false);
    }

    /**
     * A required port that delivers all its values as a list.
     *
     * @param name its name
     * @return the port
     */
    public static InputPort collecting(String name) {
        return new InputPort(name, true, true);
    }
}
