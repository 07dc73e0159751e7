package dev.flowengine.durable;

import dev.flowengine.FlowEngine;
import dev.flowengine.FlowEngineBuilder;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.JavaCodec;
import java.time.Duration;

/** Engines on a store, which look after it often. */
final class Durable {
    /** Long enough that no lease ends by itself in a test: stores are told that time has gone by. */
    static final Duration LEASE = Duration.ofMinutes(1);

    private Durable() {}

    static FlowEngine engine(ExecutionStore store) {
        return builder(store).build();
    }

    static FlowEngineBuilder builder(ExecutionStore store) {
        return on(store, Engines.builder());
    }

    /** With so many workers and body threads, unless the suite runs with one of each. */
    static FlowEngineBuilder builder(ExecutionStore store, int threads) {
        return on(store, Engines.builder(threads));
    }

    private static FlowEngineBuilder on(ExecutionStore store, FlowEngineBuilder builder) {
        return builder.store(store)
                .codec(new JavaCodec())
                .lease(LEASE)
                .sweepInterval(Duration.ofMillis(20))
                .cancelGrace(Duration.ofMillis(200));
    }
}
