package dev.flowengine.extension;

import java.time.Instant;
import java.time.InstantSource;

/** The clock of the machine, in the one place that reads it. */
enum SystemClock implements TimeSource {
    INSTANCE;

    @Override
    public Instant instant() {
        return InstantSource.system().instant();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }
}
