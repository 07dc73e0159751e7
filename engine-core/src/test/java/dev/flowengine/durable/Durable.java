package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.FlowEngineBuilder;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.JavaCodec;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** Engines on a store, which look after it often. */
final class Durable {
    /** Long enough that no lease ends by itself in a test: stores are told that time has gone by. */
    static final Duration LEASE = Duration.ofMinutes(1);

    private static final Duration PATIENCE = Duration.ofSeconds(20);

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

    /**
     * Starts an execution on an engine that is cut off from its store sooner or later, or ends it all the same, as how
     * many writes there are depends on what comes together; and closes the engine.
     */
    static void lose(FlowEngine lost, FaultyExecutionStore store, Function<FlowEngine, FlowExecution> start)
            throws InterruptedException {
        AtomicBoolean ended = new AtomicBoolean();
        // A start whose answer never comes is given up by its caller.
        Thread caller = new Thread(() -> {
            try {
                start.apply(lost).completion().thenRun(() -> ended.set(true));
            } catch (FlowException interrupted) {
                assertThat(interrupted).hasMessageContaining("may start all the same");
            }
        });
        caller.start();
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1)) // many engines are lost
                .until(() -> store.isDead() || ended.get());
        caller.interrupt();
        caller.join();
        lost.close(Duration.ZERO);
    }

    private static FlowEngineBuilder on(ExecutionStore store, FlowEngineBuilder builder) {
        return builder.store(store)
                .codec(new JavaCodec())
                .lease(LEASE)
                .sweepInterval(Duration.ofMillis(20))
                .cancelGrace(Duration.ofMillis(200));
    }
}
