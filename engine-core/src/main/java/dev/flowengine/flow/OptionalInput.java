package dev.flowengine.flow;

import dev.flowengine.node.Output;
import dev.flowengine.node.TypeRef;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An input a node can do without: its parameter is an {@code Optional}, empty when nothing arrived, and when what
 * arrived was null.
 *
 * @param source where the value comes from
 * @param <T> type of the value
 */
public record OptionalInput<T extends @Nullable Object>(Output<T> source) implements Output<Optional<T>> {

    /** Refuses null, and what is optional already. */
    public OptionalInput {
        Objects.requireNonNull(source, "source");
        if (source instanceof OptionalInput<?> optional) {
            throw new IllegalArgumentException(
                    optional.source() + " is an optional input already; give the handle itself");
        }
    }

    @Override
    public String nodeId() {
        return source.nodeId();
    }

    @Override
    public String port() {
        return source.port();
    }

    @Override
    public Optional<TypeRef<Optional<T>>> type() {
        return Optional.empty();
    }
}
