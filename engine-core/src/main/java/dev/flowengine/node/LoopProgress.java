package dev.flowengine.node;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a loop has come.
 *
 * @param iterations how many iterations have ended
 * @param results what the last of them brought back to the loop, in the order in which the connections were drawn; empty if it
 *     brought nothing back, and before the first iteration
 */
public record LoopProgress(int iterations, List<@Nullable Object> results) {

    /** Before the first iteration. */
    public static final LoopProgress NONE = new LoopProgress(0, List.of());

    /** Copies the results. */
    public LoopProgress {
        results = Collections.unmodifiableList(new ArrayList<>(results));
    }
}
