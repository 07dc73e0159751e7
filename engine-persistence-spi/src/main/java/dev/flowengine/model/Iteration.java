package dev.flowengine.model;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Which pass through the loops around a node something belongs to, outermost loop first.
 *
 * @param path the number of the pass in each loop; empty outside any loop
 */
public record Iteration(List<Integer> path) {

    /** Outside any loop. */
    public static final Iteration NONE = new Iteration(List.of());

    /** Copies the path. */
    public Iteration {
        path = List.copyOf(path);
    }

    /**
     * The path as keys and messages write it.
     *
     * @return such as {@code 3.7}; empty outside any loop
     */
    @Override
    public String toString() {
        return path.stream().map(String::valueOf).collect(Collectors.joining("."));
    }
}
