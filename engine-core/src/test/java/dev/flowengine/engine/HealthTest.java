package dev.flowengine.engine;

import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.EventsDropped;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.execution.EngineHealth;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HealthTest {
    /** Start and end of the execution, of the trigger, and of each node. */
    private static final int EVENTS_OF_CHAIN = 2 * (1 + 1 + 20);

    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void release() {
        released.countDown();
    }

    @Test
    @DisplayName("S36 a listener that blocks costs an execution nothing, misses events, and shows in health")
    void a_blocked_listener_degrades_the_engine_and_nothing_else() {
        CountDownLatch release = new CountDownLatch(1);
        List<ExecutionEvent> told = new CopyOnWriteArrayList<>();
        try (FlowEngine engine = Engines.builder()
                .listenerBuffer(4)
                .listener(new ExecutionListener() {
                    @Override
                    public void onEvent(ExecutionEvent event) {
                        told.add(event);
                        Runs.awaitOpen(release);
                    }
                })
                .build()) {
            Flow flow = chain();
            assertThat(engine.health().status()).isEqualTo(EngineHealth.Status.UP);

            ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow, "t", 0));

            assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
            EngineHealth health = engine.health();
            assertThat(health.status()).isEqualTo(EngineHealth.Status.DEGRADED);
            assertThat(health.reasons()).singleElement().asString().contains("events behind");
            assertThat(health.droppedEvents()).isPositive();
            release.countDown();
            await().until(() -> !told.isEmpty() && told.get(told.size() - 1) instanceof ExecutionFinished);
            assertThat(told).filteredOn(EventsDropped.class::isInstance).isNotEmpty();
            long missing = told.stream()
                    .filter(EventsDropped.class::isInstance)
                    .map(EventsDropped.class::cast)
                    .mapToLong(gap -> gap.to() - gap.from() + 1)
                    .sum();
            assertThat(missing).isEqualTo(health.droppedEvents());
            await().until(() -> engine.health().status() == EngineHealth.Status.UP);
        }
    }

    @Test
    @DisplayName("S36 whoever has waited for an execution finds all its events counted")
    void all_events_are_counted_when_an_execution_has_ended() {
        CountDownLatch entered = new CountDownLatch(1);
        try (FlowEngine engine = Engines.builder()
                .listenerBuffer(1)
                .listener(new ExecutionListener() {
                    @Override
                    public void onEvent(ExecutionEvent event) {
                        entered.countDown();
                        blockUntilReleased();
                    }
                })
                .build()) {
            Flow flow = chain();
            Runs.ended(engine.executeFromTrigger(flow, "t", 0));
            // From here on the listener takes nothing more and makes no room.
            Runs.awaitOpen(entered);
            // The first executions fill what room there is; of the others every event is dropped.
            for (int i = 0; i < 100; i++) {
                Runs.ended(engine.executeFromTrigger(flow, "t", 0));
            }
            long before = engine.health().droppedEvents();
            for (int i = 1; i <= 2_000; i++) {
                Runs.ended(engine.executeFromTrigger(flow, "t", 0));

                assertThat(engine.health().droppedEvents())
                        .as("after execution %d", i)
                        .isEqualTo(before + (long) i * EVENTS_OF_CHAIN);
            }
        }
    }

    /** However long the test takes: a listener that gives up earlier makes room for events. */
    private void blockUntilReleased() {
        try {
            released.await();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while blocking", e);
        }
    }

    @Test
    @DisplayName("S36 a listener that has been at one event for more than ten seconds is named, until it is done")
    void a_listener_that_takes_long_is_named() {
        VirtualTime time = new VirtualTime();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        ExecutionListener blocked = new ExecutionListener() {
            @Override
            public void onEvent(ExecutionEvent event) {
                entered.countDown();
                Runs.awaitOpen(release);
            }
        };
        try (FlowEngine engine = time.in(Engines.builder().listener(blocked)).build()) {
            Runs.ended(engine.executeFromTrigger(chain(), "t", 0));
            Runs.awaitOpen(entered);
            time.advance(Duration.ofSeconds(10));
            assertThat(engine.health().status()).isEqualTo(EngineHealth.Status.UP);

            time.advance(Duration.ofMillis(1_500));

            assertThat(engine.health().status()).isEqualTo(EngineHealth.Status.DEGRADED);
            assertThat(engine.health().reasons())
                    .containsExactly(
                            "Listener " + blocked.getClass().getName() + " has been at the same few events for 11 s.");
            release.countDown();
            await().until(() -> engine.health().status() == EngineHealth.Status.UP);
        }
    }

    @Test
    @DisplayName("an engine that is closed is down, and says so")
    void a_closed_engine_is_down() {
        FlowEngine engine = Engines.create();
        engine.close();

        assertThat(engine.health().status()).isEqualTo(EngineHealth.Status.DOWN);
        assertThat(engine.health().reasons()).containsExactly("The engine is closed and starts no execution.");
    }

    private static Flow chain() {
        FlowBuilder f = Flow.builder("chain");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Integer> last = f.node("n0", t, n -> n + 1);
        for (int i = 1; i < 20; i++) {
            last = f.node("n" + i, last, n -> n + 1);
        }
        return f.build();
    }
}
