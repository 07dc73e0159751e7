package dev.flowengine.graph;

import java.util.Objects;

/**
 * A dependency that carries no value: {@code to} waits until {@code from} is settled.
 *
 * @param from id of the node to wait for
 * @param to id of the node that waits
 */
public record OrderDependency(String from, String to) {

    /** Refuses null. */
    public OrderDependency {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
    }
}
