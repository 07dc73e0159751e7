package dev.flowengine.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.control.Injector.From;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.testing.Engines;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Injects each request at each transition of each scenario, with 1, 2 and 8 threads. More rounds:
 * {@code -Dflowengine.test.injections=20}.
 */
class InjectionTest {
    private static final int ROUNDS = Integer.getInteger("flowengine.test.injections", 1);
    private static final int NOWHERE = 0;

    private final ExecutorService outside = Executors.newCachedThreadPool();
    private final Watch watch = new Watch();

    @AfterEach
    void stop() {
        outside.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S25 S26 S44 R3 R26 R28 whatever is asked at whatever transition, a run ends as the rules say")
    void whatever_is_asked_at_whatever_transition(Scenario scenario) {
        for (int threads : Engines.threadCounts()) {
            Leftovers leftovers = new Leftovers();
            AtomicReference<@Nullable ExecutionListener> current = new AtomicReference<>();
            try (FlowEngine engine = Engines.builder(threads)
                    .listener(watch)
                    .interruptAfter(Duration.ZERO)
                    .listener(passOnTo(current))
                    .build()) {
                for (Injection injection : Injection.values()) {
                    for (From from : From.values()) {
                        injectEverywhere(engine, current, scenario, injection, from);
                    }
                }
                Leftovers.assertNoPlaceLost(engine, watch, Integer.getInteger("flowengine.test.workers", threads));
            }
            leftovers.assertNoThreadLeft();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S26 R26 R37 a close at any transition, of a run that goes on or is being paused, ends it")
    void a_close_at_any_transition(Scenario scenario) throws Exception {
        for (int threads : Engines.threadCounts()) {
            for (boolean pausing : new boolean[] {false, true}) {
                Leftovers leftovers = new Leftovers();
                int points = closeAt(scenario, threads, pausing, NOWHERE);
                for (int at = 1; at <= points; at++) {
                    closeAt(scenario, threads, pausing, at);
                }
                leftovers.assertNoThreadLeft();
            }
        }
    }

    private void injectEverywhere(
            FlowEngine engine,
            AtomicReference<@Nullable ExecutionListener> current,
            Scenario scenario,
            Injection injection,
            From from) {
        Injector counting = new Injector(scenario, injection, from, NOWHERE, outside);
        current.set(counting);
        int points = counting.run(engine, watch);
        assertThat(points).as("points of %s", counting).isGreaterThan(2);
        for (int at = 1; at <= points; at++) {
            for (int round = 0; round < ROUNDS; round++) {
                Injector injector = new Injector(scenario, injection, from, at, outside);
                current.set(injector);
                injector.run(engine, watch);
            }
        }
    }

    private int closeAt(Scenario scenario, int threads, boolean pausing, int at) throws Exception {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        FlowEngine engine = Engines.builder(threads).listener(watch).build();
        Injector injector = new Injector(scenario, Injection.CANCEL, From.OUTSIDE, at, outside).instead(run -> {
            if (pausing) {
                run.pause();
            }
            engine.close();
            closed.complete(null);
        });
        int points = injector.run(engine, watch);
        if (injector.isInjecting()) {
            closed.get(Watch.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } else {
            engine.close();
        }
        return points;
    }

    private static ExecutionListener passOnTo(AtomicReference<@Nullable ExecutionListener> current) {
        return new ExecutionListener() {
            @Override
            public void onEvent(ExecutionEvent event) {
                ExecutionListener listener = current.get();
                if (listener != null) {
                    listener.onEvent(event);
                }
            }
        };
    }
}
