package dev.flowengine.node;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a map runs its body for. It is asked for its items once; each of them is taken by an attempt of the map's node, with its
 * retries and timeouts. After a failed attempt, and where an execution is gone on with, it is asked again, and the items that
 * have begun are passed over: so it has to yield the same items from the same input, in the same order.
 */
@FunctionalInterface
public non-sealed interface MapBody extends NodeBody {
    /** How many items are in work at once, unless it is said. */
    int CONCURRENCY = 16;

    /** How many items may be in work at once. */
    int MOST_CONCURRENCY = 10_000;

    /**
     * Opens the source of the items.
     *
     * @param context the attempt; its input is what the map was given
     * @return the items, from the first on
     * @throws Exception to fail the map
     */
    Items<?> open(NodeContext context) throws Exception;

    /**
     * How many items are in work at once. The body is laid out so many times.
     *
     * @return from 1 to {@link #MOST_CONCURRENCY}, the same every time
     */
    default int concurrency() {
        return CONCURRENCY;
    }

    /**
     * How many items may fail before the map does.
     *
     * @return the same every time
     */
    default Tolerance tolerance() {
        return Tolerance.NONE;
    }

    /**
     * How many items there are of an input, where that shows without opening the source: before a redrive takes over items that have
     * completed.
     *
     * @param input what the map is given, may be null
     * @return their number; empty unless a body says so
     */
    default OptionalInt width(@Nullable Object input) {
        return OptionalInt.empty();
    }

    /**
     * The same with another number of items in work at once.
     *
     * @param items from 1 to {@link #MOST_CONCURRENCY}
     * @return a body that asks this one
     */
    default MapBody withConcurrency(int items) {
        return new SetMapBody(this, items, tolerance());
    }

    /**
     * The same with another tolerance.
     *
     * @param tolerance how many items may fail
     * @return a body that asks this one
     */
    default MapBody withTolerance(Tolerance tolerance) {
        return new SetMapBody(this, concurrency(), tolerance);
    }
}
