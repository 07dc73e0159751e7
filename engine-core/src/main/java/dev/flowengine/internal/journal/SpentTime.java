package dev.flowengine.internal.journal;

import dev.flowengine.model.Iteration;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run and its nodes have used up of their timeouts when the run is taken up where it was left.
 *
 * @param run how long the run has been active
 * @param nodes since when nodes have been ready that have not settled, as active time
 */
public record SpentTime(Duration run, Map<Integer, OfNode> nodes) {
    /** Of a run that begins. */
    public static final SpentTime NONE = new SpentTime(Duration.ZERO, Map.of());

    /** Copies the map. */
    public SpentTime {
        nodes = Map.copyOf(nodes);
    }

    /**
     * How much of its time a node has used up.
     *
     * @param node its number
     * @param iteration the iteration that is asked about
     * @return nothing, unless it was ready in that iteration
     */
    public Duration of(int node, Iteration iteration) {
        @Nullable OfNode found = nodes.get(node);
        return found == null || !found.iteration().equals(iteration) ? Duration.ZERO : found.active();
    }

    /**
     * What one node has used up.
     *
     * @param iteration the iteration it was ready in
     * @param active for how long
     */
    public record OfNode(Iteration iteration, Duration active) {}
}
