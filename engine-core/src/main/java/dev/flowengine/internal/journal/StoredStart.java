package dev.flowengine.internal.journal;

import dev.flowengine.internal.layout.Target;
import dev.flowengine.internal.machine.RunInputs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a run was started, as far as its header does not say it.
 *
 * @param target where it stops; null if nowhere
 * @param given ids of the nodes whose outputs were given, which decides what belongs to the run
 * @param timeout how long it may be active, or null
 * @param deadline when it has to have ended, or null
 * @param automatic how many runs in a row the engine has redriven by itself, this one included
 * @param inputs what it was given
 * @param caller what its header does not say of the execution that has started it; null if none has
 */
public record StoredStart(
        @Nullable Target target,
        Set<String> given,
        @Nullable Duration timeout,
        @Nullable Instant deadline,
        int automatic,
        RunInputs inputs,
        @Nullable Caller caller) {

    StoredStart with(RunInputs known) {
        return new StoredStart(target, given, timeout, deadline, automatic, known, caller);
    }

    /** The same without what says how long the run may take. */
    StoredStart withoutLimits() {
        return new StoredStart(target, given, null, null, automatic, inputs, caller);
    }

    /**
     * An execution that has started this one.
     *
     * @param flows ids of the flows above this one's, the outermost first
     * @param awaits whether it waits for this one
     */
    public record Caller(List<String> flows, boolean awaits) {

        /** Copies the list. */
        public Caller {
            flows = List.copyOf(flows);
        }
    }
}
