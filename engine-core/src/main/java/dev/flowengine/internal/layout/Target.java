package dev.flowengine.internal.layout;

import dev.flowengine.node.RunOptions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where an execution stops.
 *
 * @param nodeId the node it runs up to
 * @param included whether that node runs too
 */
public record Target(String nodeId, boolean included) {

    /** Refuses null. */
    public Target {
        Objects.requireNonNull(nodeId, "nodeId");
    }

    /**
     * The target that options name.
     *
     * @param options how to run
     * @return the target; null if they name none
     */
    public static @Nullable Target of(RunOptions options) {
        return options.upTo()
                .map(id -> new Target(id, true))
                .or(() -> options.before().map(id -> new Target(id, false)))
                .orElse(null);
    }

    /** Says in options what this says. */
    public void addTo(RunOptions.Builder options) {
        if (included) {
            options.upTo(nodeId);
        } else {
            options.before(nodeId);
        }
    }
}
