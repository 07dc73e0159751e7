package dev.flowengine.internal.machine;

import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Items of a map that have completed in an execution, and do not run in one that takes them over. Copies the results only: nobody
 * changes the set and the array it was given.
 *
 * @param width how many items there were, or {@link NodeTable#UNKNOWN_WIDTH}
 * @param completed their numbers; not to be changed
 * @param results what they have brought back, by number; without those that brought nothing back
 * @param digests of each item, the first at 0, by what somebody outside tells whether it is the same; 0, or left out at the end,
 *     where that is not known; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ReusedItems(int width, BitSet completed, Map<Integer, List<@Nullable Object>> results, long[] digests) {

    /** Copies the results. */
    public ReusedItems {
        results = Collections.unmodifiableMap(new HashMap<>(results));
    }

    /**
     * Whether an item does not run.
     *
     * @param item its number, from 1
     * @return true if it has completed
     */
    public boolean has(int item) {
        return completed.get(item);
    }

    /**
     * How many items do not run.
     *
     * @return their number
     */
    public int count() {
        return completed.cardinality();
    }

    /**
     * The last of them.
     *
     * @return its number; 0 if there is none
     */
    public int last() {
        return Math.max(0, completed.length() - 1);
    }

    /**
     * How many items that do not run come after one.
     *
     * @param item its number
     * @return their number
     */
    public int after(int item) {
        return completed.get(item + 1, Math.max(item + 1, completed.length())).cardinality();
    }

    /**
     * What is known of an item.
     *
     * @param item its number, from 1
     * @return its digest; 0 if it is not known
     */
    public long digest(int item) {
        return item > digests.length ? 0 : digests[item - 1];
    }

    /** The same with other values in the places of the results. */
    ReusedItems with(UnaryOperator<@Nullable Object> change) {
        Map<Integer, List<@Nullable Object>> changed = new HashMap<>();
        results.forEach((item, brought) ->
                changed.put(item, brought.stream().map(change).toList()));
        return new ReusedItems(width, completed, changed, digests);
    }
}
