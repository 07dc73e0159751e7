package dev.flowengine.graph;

import java.util.Objects;

/**
 * A way for values from an output port of one node to an input port of another.
 *
 * @param from id of the source
 * @param fromPort output port of the source
 * @param to id of the target
 * @param toPort input port of the target
 */
public record Connection(String from, String fromPort, String to, String toPort) {

    /** Refuses null. */
    public Connection {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(fromPort, "fromPort");
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(toPort, "toPort");
    }

    /**
     * A connection between the {@code main} ports.
     *
     * @param from id of the source
     * @param to id of the target
     * @return the connection
     */
    public static Connection of(String from, String to) {
        return new Connection(from, Ports.MAIN, to, Ports.MAIN);
    }

    /**
     * The connection as messages print it.
     *
     * @return such as {@code check.true → ship.main}
     */
    @Override
    public String toString() {
        return from + "." + fromPort + " → " + to + "." + toPort;
    }
}
