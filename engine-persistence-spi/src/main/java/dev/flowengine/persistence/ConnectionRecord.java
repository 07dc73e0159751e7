package dev.flowengine.persistence;

import java.util.Objects;

/**
 * A connection of a flow.
 *
 * @param from id of the source
 * @param fromPort output port of the source
 * @param to id of the target
 * @param toPort input port of the target
 */
public record ConnectionRecord(String from, String fromPort, String to, String toPort) {

    /** Refuses null. */
    public ConnectionRecord {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(fromPort, "fromPort");
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(toPort, "toPort");
    }
}
