package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.extension.TimeSource;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.persistence.tck.StoreCall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("R7 R11 leases go by the store's clock, and cost one heartbeat per engine")
@Timeout(120)
class HeartbeatTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private final AtomicInteger bodies = new AtomicInteger();

    @ParameterizedTest(name = "{0} minutes")
    @ValueSource(ints = {-10, 10})
    @DisplayName(
            "R7 clocks that differ by ten minutes take nothing from an engine that lives, and give what one left that does not")
    void skewed_clocks(int minutes) throws Exception {
        Flow flow = flow();
        FaultyExecutionStore store = FaultyExecutionStore.of(memory);
        try (FlowEngine owner = Durable.engine(store);
                FlowEngine other = Durable.builder(memory)
                        .timeSource(new Skewed(Duration.ofMinutes(minutes)))
                        .build()) {
            FlowExecution run = owner.executeFromTrigger(flow, "t", "x");
            entered.await();
            other.register(flow);
            // An execution of its own from beginning to end: by then it has looked for others, too.
            open.countDown();
            assertThat(other.executeFromTrigger(flow, "t", "y").await(PATIENCE)).isPresent();
            assertThat(run.await(PATIENCE).orElseThrow().output("second", String.class))
                    .isEqualTo("x12");
            assertThat(memory.find(run.id()).orElseThrow().ownership().epoch())
                    .as("nobody took it over")
                    .isEqualTo(1);
            assertThat(bodies).hasValue(4);
        }
    }

    @ParameterizedTest(name = "{0} minutes")
    @ValueSource(ints = {-10, 10})
    @DisplayName(
            "R7 when a lease ends by the store's clock the execution is gone on with, whatever time it is elsewhere")
    void taken_over(int minutes) throws Exception {
        Flow flow = flow();
        FaultyExecutionStore store = FaultyExecutionStore.of(memory);
        FlowEngine lost = Durable.engine(store);
        FlowExecution run = lost.executeFromTrigger(flow, "t", "x");
        entered.await();
        store.die();
        open.countDown();
        lost.close(Duration.ZERO);
        memory.advance(Durable.LEASE.multipliedBy(2));
        try (FlowEngine next = Durable.builder(memory)
                .timeSource(new Skewed(Duration.ofMinutes(minutes)))
                .build()) {
            next.register(flow);
            assertThat(next.find(run.id())
                            .orElseThrow()
                            .await(PATIENCE)
                            .orElseThrow()
                            .output("second", String.class))
                    .isEqualTo("x12");
        }
    }

    @Test
    @DisplayName("R11 however many executions wait, a heartbeat is one call, and nothing is written for any of them")
    void one_heartbeat() throws Exception {
        FlowBuilder f = Flow.builder("waits");
        f.waitForSignal("answer", f.trigger("t", String.class), String.class);
        Flow flow = f.build();
        FaultyExecutionStore writes = FaultyExecutionStore.of(memory);
        FaultyExecutionStore beats = FaultyExecutionStore.of(writes).counting(Set.of(StoreCall.RENEW));
        try (FlowEngine engine =
                Durable.builder(beats).lease(Duration.ofMillis(600)).build()) {
            List<FlowExecution> runs = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                runs.add(engine.executeFromTrigger(flow, "t", "x"));
            }
            await().atMost(PATIENCE).until(() -> allWait(runs));
            long written = writes.writes();
            long before = beats.writes();
            await().atMost(PATIENCE).until(() -> beats.writes() >= before + 4);
            assertThat(writes.writes()).isEqualTo(written);
            assertThat(memory.backlog()).isEmpty();
        }
    }

    private static boolean allWait(List<FlowExecution> runs) {
        return runs.stream().allMatch(run -> run.status() == ExecutionStatus.WAITING);
    }

    private Flow flow() {
        FlowBuilder f = Flow.builder("two");
        TriggerRef<String> t = f.trigger("t", String.class);
        NodeRef<String> first = f.node("first", t, text -> {
                    entered.countDown();
                    open.await();
                    bodies.incrementAndGet();
                    return text + 1;
                })
                .returns(String.class);
        f.node("second", first, text -> {
                    bodies.incrementAndGet();
                    return text + 2;
                })
                .returns(String.class);
        return f.build();
    }

    /** The clock of a machine that is set wrongly. */
    private record Skewed(Duration by) implements TimeSource {

        @Override
        public Instant instant() {
            return TimeSource.system().instant().plus(by);
        }

        @Override
        public long nanoTime() {
            return TimeSource.system().nanoTime();
        }
    }
}
