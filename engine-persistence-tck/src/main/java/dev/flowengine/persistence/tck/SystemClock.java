package dev.flowengine.persistence.tck;

import java.time.Instant;
import java.time.InstantSource;

/** The clock of the machine: the only place that reads it. */
enum SystemClock implements InstantSource {
    INSTANCE;

    @Override
    public Instant instant() {
        return Instant.now();
    }
}
