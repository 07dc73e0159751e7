package dev.flowengine.plan;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What becomes of the items of a map that runs again when an execution is redriven.
 *
 * @param nodeId the map
 * @param reused how many items are taken over, because they have completed
 * @param run how many items run; empty where that shows only at the end, as of a stream, or depends on what runs again before
 * @param wholly why the map runs from its first item on although items of it had begun; empty if only those run that did not complete
 */
public record RerunItems(String nodeId, int reused, OptionalInt run, Optional<String> wholly) {

    /** Refuses null. */
    public RerunItems {
        Objects.requireNonNull(nodeId, "nodeId");
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(wholly, "wholly");
    }

    /**
     * The same as text for a person.
     *
     * @return a sentence without a full stop
     */
    public String describe() {
        return wholly.map(why -> "'" + nodeId + "' runs from its first item on: " + why)
                .orElseGet(() -> "of '" + nodeId + "' " + items(reused) + " taken over, and "
                        + (run.isPresent()
                                ? run.getAsInt() + (run.getAsInt() == 1 ? " runs" : " run")
                                : "the others run"));
    }

    private static String items(int count) {
        return count + (count == 1 ? " item is" : " items are");
    }
}
