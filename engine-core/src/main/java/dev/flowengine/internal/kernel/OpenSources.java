package dev.flowengine.internal.kernel;

import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.machine.ItemSource;
import dev.flowengine.internal.machine.Loops;
import dev.flowengine.internal.machine.Maps;

/**
 * Closes what the maps of an execution take their items from: aside, because it is the host's.
 *
 * @param services the engine
 * @param scope the execution
 */
record OpenSources(EngineServices services, RunScope scope) {

    void close(ItemSource items) {
        services.delivery().execute(() -> {
            try {
                items.close();
            } catch (Exception unclosed) {
                // Nothing waits for it: who looks after the threads of the engine is told.
                throw new IllegalStateException("the source of a map could not be closed", unclosed);
            }
        });
    }

    /** Whether any map is taking its items from something. */
    boolean areOpen() {
        Loops loops = scope.loops();
        Maps maps = loops == null ? null : loops.maps();
        return maps != null && !maps.sources().isEmpty();
    }

    /** Closes the sources of all maps: others may go on with them. */
    void closeAll() {
        Loops loops = scope.loops();
        Maps maps = loops == null ? null : loops.maps();
        if (maps != null) {
            maps.sources().forEach(this::close);
        }
    }
}
