package dev.flowengine.node;

import java.util.Objects;

/** A source of items with settings of its own. */
record SetMapBody(MapBody source, int concurrency, Tolerance tolerance) implements MapBody {

    SetMapBody {
        Objects.requireNonNull(tolerance, "tolerance");
        if (concurrency < 1 || concurrency > MOST_CONCURRENCY) {
            throw new IllegalArgumentException(
                    "a map of " + concurrency + " items at once; give 1 to " + MOST_CONCURRENCY);
        }
    }

    @Override
    public Items<?> open(NodeContext context) throws Exception {
        return source.open(context);
    }

    @Override
    public MapBody withConcurrency(int items) {
        return new SetMapBody(source, items, tolerance);
    }

    @Override
    public MapBody withTolerance(Tolerance accepted) {
        return new SetMapBody(source, concurrency, accepted);
    }
}
