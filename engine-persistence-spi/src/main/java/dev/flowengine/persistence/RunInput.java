package dev.flowengine.persistence;

import java.util.Objects;
import java.util.Optional;

/**
 * What a run was started with. Kept apart from the header, because it may be large: lists of runs leave it out.
 *
 * @param data what the trigger fired with, or the node received
 * @param options how it is to run; whoever starts runs knows what is in it
 */
public record RunInput(Optional<Payload> data, Optional<Payload> options) {
    /** Nothing. */
    public static final RunInput NONE = new RunInput(Optional.empty(), Optional.empty());

    /** Refuses null. */
    public RunInput {
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(options, "options");
    }
}
