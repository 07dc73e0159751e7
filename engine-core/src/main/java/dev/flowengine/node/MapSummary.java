package dev.flowengine.node;

import java.io.Serializable;
import java.util.List;

/**
 * What has become of the items of a map that has completed.
 *
 * @param items how many there were
 * @param failed how many of them have failed, which was tolerated
 * @param failures the first of those that failed, in the order of the items; {@link #MOST_FAILURES} at most
 */
@SuppressWarnings("serial") // lists that List.copyOf makes are
public record MapSummary(int items, int failed, List<ItemFailure> failures) implements Serializable {
    /** How many failures are told one by one. */
    public static final int MOST_FAILURES = 100;

    /** Copies the failures. */
    public MapSummary {
        failures = List.copyOf(failures);
    }
}
