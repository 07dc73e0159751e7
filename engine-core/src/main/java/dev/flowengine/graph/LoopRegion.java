package dev.flowengine.graph;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A loop and its body.
 *
 * @param loop id of the LOOP
 * @param within id of the innermost loop in whose body it lies; empty if it lies in none
 * @param nodes ids of the nodes of its body in declaration order: inner loops among them, but not what is in their bodies
 * @param back the connections that lead from its body back to it
 * @param waitsFor ids of the nodes outside that feed its body, or come before a node of it: they count as inputs of the LOOP
 */
public record LoopRegion(
        String loop, Optional<String> within, List<String> nodes, List<Connection> back, Set<String> waitsFor) {

    /** Copies the collections and refuses null. */
    public LoopRegion {
        Objects.requireNonNull(loop, "loop");
        Objects.requireNonNull(within, "within");
        nodes = List.copyOf(nodes);
        back = List.copyOf(back);
        waitsFor = Set.copyOf(waitsFor);
    }
}
