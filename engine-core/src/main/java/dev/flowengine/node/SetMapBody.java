package dev.flowengine.node;

import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

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
    public OptionalInt width(@Nullable Object input) {
        return source.width(input);
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
