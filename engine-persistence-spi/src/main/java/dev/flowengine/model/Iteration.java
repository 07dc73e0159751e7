package dev.flowengine.model;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
     * Reads a path.
     *
     * @param text what {@link #toString()} has written
     * @return the path
     * @throws NumberFormatException if the text is no such path
     */
    public static Iteration parse(String text) {
        return text.isEmpty()
                ? NONE
                : new Iteration(
                        Stream.of(text.split("\\.", -1)).map(Integer::valueOf).toList());
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
