package dev.flowengine.internal.machine;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a map that was left, besides the items its lanes are at.
 *
 * @param map its number
 * @param begun how many items had begun
 * @param width how many items there are, or {@link NodeTable#UNKNOWN_WIDTH}
 * @param completed the items that have completed, of those that are in no lane any more
 * @param results what items have brought back that are in no lane any more, by their numbers
 * @param failures how items have failed that are in no lane any more
 * @param digests of each item, the first at 0, by what somebody outside tells whether it is the same; 0 if it has not begun
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RestoredMap(
        int map,
        int begun,
        int width,
        BitSet completed,
        Map<Integer, List<@Nullable Object>> results,
        Map<Integer, NodeFailure> failures,
        long[] digests) {}
