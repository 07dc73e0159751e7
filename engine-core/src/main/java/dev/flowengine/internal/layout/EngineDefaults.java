package dev.flowengine.internal.layout;

import dev.flowengine.flow.Timeouts;

/**
 * What an engine says about nodes of which their flow does not say it.
 *
 * @param timeouts how long things may take
 * @param outputsAreAwaited whether what any node puts out may have to be waited for, so that none runs where nothing may wait
 */
public record EngineDefaults(Timeouts timeouts, boolean outputsAreAwaited) {
    /** No limits, and nothing to wait for. */
    public static final EngineDefaults NONE = new EngineDefaults(Timeouts.none(), false);
}
