package dev.flowengine.node;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A signal that a node waits for.
 *
 * @param name its name; several nodes may wait for signals of one name: each signal wakes one of them
 * @param type the type of what comes with it
 * @param choices what may come with it and which port of the node each of them fires; empty if anything of the type may
 */
public record AwaitedSignal(String name, TypeRef<?> type, List<String> choices) {
    /** Begins the names of signals that engines send each other: nobody else waits for one of them, or sends one. */
    public static final String RESERVED = "flowengine.";

    private static final TypeRef<String> TEXT = TypeRef.of(String.class);

    /** Copies the list; refuses null and an empty name. */
    public AwaitedSignal {
        Objects.requireNonNull(type, "type");
        choices = List.copyOf(choices);
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a signal has no name");
        }
    }

    /**
     * A signal that brings a value.
     *
     * @param name its name
     * @param type the type of the value
     * @return the signal
     */
    public static AwaitedSignal of(String name, TypeRef<?> type) {
        return new AwaitedSignal(name, type, List.of());
    }

    /**
     * A signal that brings one of several choices, as a {@code String}.
     *
     * @param name its name
     * @param choices what there is to choose from, at least one, each at most once
     * @return the signal
     */
    public static AwaitedSignal choice(String name, List<String> choices) {
        if (choices.isEmpty() || choices.stream().distinct().count() != choices.size()) {
            throw new IllegalArgumentException("signal '" + name + "' has the choices " + choices
                    + ", but needs at least one, and each of them once");
        }
        return new AwaitedSignal(name, TEXT, choices);
    }

    /**
     * Whether a value may come with this signal.
     *
     * @param value the value, may be null
     * @return true if so
     */
    public boolean accepts(@Nullable Object value) {
        return choices.isEmpty() ? type.accepts(value) : value instanceof String choice && choices.contains(choice);
    }
}
