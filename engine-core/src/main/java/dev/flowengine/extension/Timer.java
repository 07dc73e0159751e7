package dev.flowengine.extension;

import java.time.Duration;

/**
 * The one timer of an engine: whatever the engine does later, it does through this. A host that replaces it together with
 * the {@link TimeSource} owns the time of the engine, as a test or a simulation may want to.
 *
 * <p>Thread-safe. Tasks are short and never block; they are run on threads that are none of the engine's, at or after
 * their time and never within {@link #schedule}.
 */
public interface Timer {

    /**
     * Runs a task after a time.
     *
     * @param delay not negative
     * @param task what to run; does not throw
     * @return takes the task back
     */
    Scheduled schedule(Duration delay, Runnable task);

    /** A task that is to be run. */
    @FunctionalInterface
    interface Scheduled {

        /** Takes the task back; without effect once it has been run. */
        void cancel();
    }
}
