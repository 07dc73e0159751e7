package dev.flowengine.blob;

import java.time.Instant;
import java.time.InstantSource;

/** The clock of the machine, which files have their times from: the only place that reads it. */
enum SystemClock implements InstantSource {
    INSTANCE;

    @Override
    public Instant instant() {
        return Instant.now();
    }
}
