package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.SignalRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.AuditRecord;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.Ownership;
import dev.flowengine.persistence.Standing;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.Hold;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.persistence.tck.StoreCall;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("S43 executions that are let go of meet signals, closes, crashes and other engines")
@Timeout(120)
class OffloadTogetherTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration IDLE = Duration.ofSeconds(10);
    /** No lease ends by the virtual time that goes by while executions are let go of. */
    private static final Duration LEASE = Duration.ofDays(30);

    private final VirtualTime time = new VirtualTime();
    private final InMemoryExecutionStore memory = new InMemoryExecutionStore(100, 1L << 20, time);

    @Test
    @DisplayName("another engine takes it up: handles here see it there, and are told its end")
    void another_engine() throws Exception {
        try (FlowEngine here = engine(memory);
                FlowEngine there = time.in(Durable.builder(memory).lease(LEASE)).build()) {
            FlowExecution run = here.executeFromTrigger(twoSignals(), "t", 4);
            CompletableFuture<ExecutionResult> end = run.completion().toCompletableFuture();
            awaitLetGo(run);
            there.register(twoSignals());
            // Whichever engine is first goes on with it; only this one lets go of it again.
            await().atMost(PATIENCE).until(() -> {
                there.find(run.id()).orElseThrow().resume();
                awaitOwned(run);
                boolean taken = there.health().executions() == 1;
                if (!taken) {
                    awaitLetGo(run);
                }
                return taken;
            });
            assertThat(run.status()).isEqualTo(ExecutionStatus.WAITING);
            assertThatThrownBy(() -> run.node("one")).hasMessageContaining("goes on in another engine");
            run.signal("one", "a");
            there.signal(run.id(), "two", "b");
            assertThat(end.get(20, TimeUnit.SECONDS).output("after", String.class))
                    .isEqualTo("ab");
            assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("a close leaves it where it is: handles fail with ENGINE_CLOSED, and the next engine goes on with it")
    void close() throws Exception {
        FlowExecution run;
        try (FlowEngine engine = engine(memory)) {
            run = engine.executeFromTrigger(twoSignals(), "t", 4);
            CompletableFuture<ExecutionResult> end = run.completion().toCompletableFuture();
            awaitLetGo(run);
            engine.close(Duration.ofSeconds(5));
            assertThatThrownBy(() -> end.get(20, TimeUnit.SECONDS))
                    .cause()
                    .asInstanceOf(InstanceOfAssertFactories.type(FlowException.class))
                    .extracting(FlowException::kind)
                    .isEqualTo(FailureKind.ENGINE_CLOSED);
            assertThat(run.status()).isEqualTo(ExecutionStatus.WAITING);
        }
        assertThat(owner(run).standing()).isInstanceOf(Standing.Dormant.class);
        goesOnElsewhere(run);
    }

    @Test
    @DisplayName("an engine that is lost meanwhile is not missed")
    void lost_engine() throws Exception {
        FaultyExecutionStore store = FaultyExecutionStore.of(memory);
        FlowEngine lost = engine(store);
        FlowExecution run = lost.executeFromTrigger(twoSignals(), "t", 4);
        awaitLetGo(run);
        store.die();
        lost.close(Duration.ZERO);
        goesOnElsewhere(run);
        assertThat(audit(run)).doesNotContain("parked");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("R1 an engine that is lost as it lets go of one has done so, or is taken over from")
    void lost_while_letting_go(boolean written) throws Exception {
        FaultyExecutionStore store = FaultyExecutionStore.of(memory).counting(Set.of(StoreCall.APPLY));
        FlowEngine lost = engine(store);
        FlowExecution run = lost.executeFromTrigger(twoSignals(), "t", 4);
        awaitStatus(run, ExecutionStatus.WAITING);
        if (written) {
            store.dieAfter(1);
        } else {
            store.dieBefore(1);
        }
        passUntil(any -> store.isDead());
        lost.close(Duration.ZERO);
        assertThat(owner(run).standing()).isEqualTo(written ? Standing.dormant("") : Standing.owned());
        time.advance(LEASE.multipliedBy(2));
        goesOnElsewhere(run);
    }

    @Test
    @DisplayName("what is sent or asked in the very moment in which it is let go of is neither lost nor done twice")
    void in_the_very_moment() throws Exception {
        moment((engine, run) -> {
            run.signal("one", "a");
            engine.signal(run.id(), "two", "b");
        });
        moment((engine, run) -> {
            // From elsewhere, which this engine is told with its heartbeat.
            FlowExecution seen = engine.find(run.id()).orElseThrow();
            seen.signal("two", "b");
            seen.signal("one", "a");
        });
        moment((engine, run) -> {
            run.pause();
            run.signal("one", "a");
            run.resume();
            run.signal("two", "b");
        });
        AtomicReference<CompletionStage<Void>> answer = new AtomicReference<>();
        moment((engine, run) -> {
            answer.set(run.node("one").complete("a"));
            run.signal("two", "b");
        });
        answer.get().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    @DisplayName("S26 a cancel in the very moment in which it is let go of takes effect")
    void cancelled_in_the_very_moment() throws Exception {
        FaultyExecutionStore store = FaultyExecutionStore.of(memory).counting(Set.of(StoreCall.APPLY));
        try (FlowEngine engine = engine(store)) {
            FlowExecution run = engine.executeFromTrigger(twoSignals(), "t", 4);
            Hold hold = held(store, run);
            run.cancel("not wanted any more");
            hold.release();
            assertThat(end(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
        }
    }

    @Test
    @DisplayName(
            "S37 a close in the very moment in which it is let go of does not wait for it, and leaves it to others")
    void closed_in_the_very_moment() throws Exception {
        FaultyExecutionStore store = FaultyExecutionStore.of(memory).counting(Set.of(StoreCall.APPLY));
        FlowEngine engine = engine(store);
        FlowExecution run = engine.executeFromTrigger(twoSignals(), "t", 4);
        Hold hold = held(store, run);
        Thread closing = new Thread(() -> engine.close(Duration.ofMinutes(5)));
        closing.start();
        await().atMost(PATIENCE).until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        hold.release();
        closing.join(PATIENCE.toMillis());
        assertThat(closing.isAlive()).isFalse();
        goesOnElsewhere(run);
    }

    @Test
    @DisplayName("S34 a child is let go of, its parent is not: it goes on when the child has ended")
    void children() throws Exception {
        FlowBuilder c = Flow.builder("signals");
        TriggerRef<Integer> number = c.trigger("t", Integer.class);
        SignalRef<Integer, String> answer = c.waitForSignal("one", number, String.class);
        Flow child = c.build();
        FlowBuilder f = Flow.builder("parent");
        f.subflow("child", f.trigger("t", Integer.class), child, number).returning(answer);
        try (FlowEngine engine = engine(memory)) {
            FlowExecution run = engine.executeFromTrigger(f.build(), "t", 4);
            awaitStatus(run, ExecutionStatus.WAITING);
            String id = run.snapshot()
                    .node("child")
                    .orElseThrow()
                    .waitsFor()
                    .orElseThrow()
                    .childExecutionId()
                    .orElseThrow();
            await().atMost(PATIENCE).until(() -> engine.find(id).isPresent());
            awaitLetGo(engine.find(id).orElseThrow());
            assertThat(owner(run).standing()).isEqualTo(Standing.owned());
            engine.signal(id, "one", "a");
            assertThat(end(run).output("child", String.class)).isEqualTo("a");
        }
    }

    /** Has something done while it is being written that an execution is let go of, and looks that it takes effect once. */
    private void moment(BiConsumer<FlowEngine, FlowExecution> work) throws Exception {
        FaultyExecutionStore store = FaultyExecutionStore.of(memory).counting(Set.of(StoreCall.APPLY));
        try (FlowEngine engine = engine(store)) {
            FlowExecution run = engine.executeFromTrigger(twoSignals(), "t", 4);
            Hold hold = held(store, run);
            work.accept(engine, run);
            hold.release();
            assertThat(end(run).output("after", String.class)).isEqualTo("ab");
            assertThat(audit(run)).contains("offloaded", "recovered");
        }
    }

    private Hold held(FaultyExecutionStore store, FlowExecution run) {
        awaitStatus(run, ExecutionStatus.WAITING);
        Hold hold = store.holdBefore(1);
        passUntil(any -> hold.isReached());
        return hold;
    }

    private void goesOnElsewhere(FlowExecution run) throws InterruptedException {
        try (FlowEngine next = engine(memory)) {
            next.register(twoSignals());
            next.signal(run.id(), "one", "a");
            FlowExecution seen = next.find(run.id()).orElseThrow();
            seen.signal("two", "b");
            assertThat(end(seen).output("after", String.class)).isEqualTo("ab");
        }
    }

    private static Flow twoSignals() {
        FlowBuilder f = Flow.builder("signals");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        SignalRef<Integer, String> one = f.waitForSignal("one", t, String.class);
        SignalRef<Integer, String> two = f.waitForSignal("two", t, String.class);
        f.node("after", one, two, (a, b) -> a + b).returns(String.class);
        return f.build();
    }

    private FlowEngine engine(ExecutionStore store) {
        return time.in(Durable.builder(store).lease(LEASE)).offloadAfter(IDLE).build();
    }

    private void awaitLetGo(FlowExecution run) {
        passUntil(any -> owner(run).standing() instanceof Standing.Dormant);
    }

    private void awaitOwned(FlowExecution run) {
        await().atMost(PATIENCE).until(() -> owner(run).standing() instanceof Standing.Owned);
    }

    private void passUntil(Predicate<VirtualTime> condition) {
        await().atMost(PATIENCE).until(() -> {
            time.advance(IDLE.dividedBy(2));
            return condition.test(time);
        });
    }

    private Ownership owner(FlowExecution run) {
        return memory.find(run.id()).orElseThrow().ownership();
    }

    private List<String> audit(FlowExecution run) {
        return memory.trail(run.id()).orElseThrow().audit().stream()
                .map(AuditRecord::action)
                .toList();
    }

    private static void awaitStatus(FlowExecution run, ExecutionStatus status) {
        await().atMost(PATIENCE).until(run::status, status::equals);
    }

    private static ExecutionResult end(FlowExecution run) throws InterruptedException {
        return run.await(PATIENCE)
                .orElseThrow(() -> new AssertionError(run.snapshot().nodes()));
    }
}
