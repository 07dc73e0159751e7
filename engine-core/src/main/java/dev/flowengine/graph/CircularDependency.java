package dev.flowengine.graph;

import java.util.List;
import java.util.Objects;

/**
 * Nodes that depend on each other in a circle.
 *
 * @param nodes every node of the circle's strongly connected component, in declaration order
 * @param path one shortest way around, ending with the node it began with
 * @param severity {@code WARNING} for a legal loop, {@code ERROR} for anything else
 */
public record CircularDependency(List<String> nodes, List<String> path, Severity severity) {

    /** Copies the lists and refuses null. */
    public CircularDependency {
        nodes = List.copyOf(nodes);
        path = List.copyOf(path);
        Objects.requireNonNull(severity, "severity");
    }

    /**
     * The path as messages print it.
     *
     * @return such as {@code a → b → c → a}
     */
    public String pathText() {
        return String.join(" → ", path);
    }
}
