package dev.flowengine.oracle;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node repeats.
 *
 * @param lanes how many items of a map are in work at once; 0 for a loop, which has one iteration after the other
 * @param tolerated how many items of a map may fail
 * @param body the nodes, of which the trigger stands for the item
 * @param item the id of that trigger
 * @param result what an iteration brings back
 * @param sign what ends a loop after the iteration in which it fires; null if nothing does
 */
public record Repeated(
        int lanes,
        int tolerated,
        NestedCase body,
        String item,
        Source result,
        @Nullable Source sign) {
    /** The tolerance of a map whose items may all fail. */
    public static final int ALL = Integer.MAX_VALUE;

    /** An output of a node of the body. */
    public record Source(String node, String port) {}

    /** Whether it is a map. */
    public boolean isMap() {
        return lanes > 0;
    }

    /** How many items there are, in which iteration of what is around it. */
    public int items(String path) {
        return NestedCase.dice(body.graph().seed(), item, path).nextInt(5);
    }

    /** The value of an item, counted from 1. */
    public String item(int number, String input) {
        return ValueDigest.of(item, "loop" + number, List.of(input));
    }

    @Override
    public String toString() {
        String kind = isMap() ? "a map in " + lanes + " lanes, tolerating " + tolerated : "a loop";
        return kind + ", bringing back " + result + (sign == null ? "" : ", ended by " + sign) + ", over\n" + body;
    }
}
