package dev.flowengine.extension;

import java.time.InstantSource;

/** The one clock an engine reads. Instants date things; nanoseconds measure them and never run backwards. */
public interface TimeSource extends InstantSource {

    /**
     * Nanoseconds since some fixed but arbitrary origin.
     *
     * @return a value that never decreases; only differences mean anything
     */
    long nanoTime();

    /**
     * The clock of the machine.
     *
     * @return the system's time source
     */
    static TimeSource system() {
        return SystemClock.INSTANCE;
    }
}
