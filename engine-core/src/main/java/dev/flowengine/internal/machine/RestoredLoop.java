package dev.flowengine.internal.machine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was kept of a loop that had begun when its execution was left.
 *
 * @param loop its number
 * @param pass the iteration it was in
 * @param item what that was about, may be null
 * @param results what the iterations before it brought back
 */
public record RestoredLoop(int loop, int pass, @Nullable Object item, List<@Nullable Object> results) {
    /** Copies the results. */
    public RestoredLoop {
        results = new ArrayList<>(results);
    }
}
