package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flowengine.FlowEngine;
import dev.flowengine.FlowEngineBuilder;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeControl;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.SignalRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.AuditRecord;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.Standing;
import dev.flowengine.persistence.StoreException;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.Hold;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.persistence.tck.StoreCall;
import dev.flowengine.testing.Patience;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName(
        "S43 nothing asked of an execution is lost while it is being let go of, whatever the store and the host do then")
@Timeout(120)
class OffloadTroubleTest {
    private static final Duration IDLE = Duration.ofSeconds(10);
    /** No lease ends by the virtual time that goes by here. */
    private static final Duration LEASE = Duration.ofDays(3_000);

    private final VirtualTime time = new VirtualTime();
    private final InMemoryExecutionStore memory = new InMemoryExecutionStore(1_000, 16L << 20, time);

    @Test
    @DisplayName(
            "R1 what was asked in that moment is asked again until the store takes it, before anything asked later")
    void asked_while_the_store_is_away() throws Exception {
        FaultyExecutionStore posts = FaultyExecutionStore.of(memory).counting(Set.of(StoreCall.POST));
        FaultyExecutionStore store = FaultyExecutionStore.of(posts).counting(Set.of(StoreCall.APPLY));
        try (FlowEngine engine = engine(store)) {
            FlowExecution run = engine.executeFromTrigger(twoSignals(), "t", 4);
            Hold hold = held(store, run);
            run.pause();
            for (int post = 1; post <= 3; post++) {
                posts.failBefore(post);
            }
            hold.release();
            Patience.await().until(() -> audit(run).contains("pause"));
            run.cancel("not wanted any more");
            assertThat(end(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(audit(run)).containsSubsequence("offloaded", "pause", "cancel");
        }
    }

    @Test
    @DisplayName(
            "R28 what is asked while the store is away fails, and takes no effect later; what was asked before does")
    void asked_later_in_vain() throws Exception {
        FaultyExecutionStore posts = FaultyExecutionStore.of(memory).counting(Set.of(StoreCall.POST));
        FaultyExecutionStore store = FaultyExecutionStore.of(posts).counting(Set.of(StoreCall.APPLY));
        try (FlowEngine engine = engine(store)) {
            FlowExecution run = engine.executeFromTrigger(twoSignals(), "t", 4);
            Hold hold = held(store, run);
            run.pause();
            for (int post = 1; post <= 100_000; post++) {
                posts.failBefore(post);
            }
            hold.release();
            // What was asked before is tried once nothing can be asked here any more.
            Patience.await().until(() -> posts.writes() > 0);
            assertThatThrownBy(() -> run.cancel("in vain")).isInstanceOf(StoreException.class);
            posts.forgetFaults();
            Patience.await().until(() -> audit(run).contains("pause"));
            run.resume();
            run.signal("one", "a");
            run.signal("two", "b");
            assertThat(end(run).output("after", String.class)).isEqualTo("ab");
        }
    }

    @Test
    @DisplayName("an intervention that is refused just before it is let go of is answered")
    void refused_intervention() throws Exception {
        FaultyExecutionStore sweeps = FaultyExecutionStore.of(memory).counting(Set.of(StoreCall.CLAIM));
        FaultyExecutionStore store = FaultyExecutionStore.of(sweeps).counting(Set.of(StoreCall.APPLY));
        try (FlowEngine engine = engine(store)) {
            FlowExecution run = engine.executeFromTrigger(twoSignals(), "t", 4);
            awaitLetGo(run);
            NodeControl recalled = run.node("one");
            Hold recall = store.holdBefore(1);
            CompletableFuture<Void> answer = recalled.retryNow().toCompletableFuture();
            // That it was recalled is being written: what comes meanwhile is taken together.
            recall.awaitReached();
            CompletableFuture<Void> second = run.node("two").retryNow().toCompletableFuture();
            // Twice: one look to see that it rests, another that it has for long enough.
            for (int look = 0; look < 2; look++) {
                time.advance(IDLE.multipliedBy(2));
                long now = sweeps.writes();
                Patience.await().until(() -> sweeps.writes() > now + 2);
            }
            recall.release();
            for (CompletableFuture<Void> each : List.of(answer, second)) {
                assertThatThrownBy(() -> each.get(60, TimeUnit.SECONDS))
                        .hasMessageContaining("does not wait for another attempt");
            }
        }
    }

    @Test
    @DisplayName("S36 what a host does when an intervention is refused holds up nobody else")
    void host_blocks() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (FlowEngine engine = engine(memory)) {
            FlowExecution ended = engine.executeFromTrigger(twoSignals(), "t", 4);
            awaitLetGo(ended);
            NodeControl node = ended.node("one");
            ended.signal("one", "a");
            ended.signal("two", "b");
            end(ended);
            AtomicReference<Thread> blocked = new AtomicReference<>();
            Thread here = Thread.currentThread();
            node.retryNow().whenComplete((any, refused) -> {
                blocked.set(Thread.currentThread());
                if (Thread.currentThread() != here) {
                    awaitRelease(release);
                }
            });
            Patience.await().until(() -> blocked.get() != null);

            FlowExecution next = engine.executeFromTrigger(twoSignals(), "t", 4);
            awaitLetGo(next);
            next.signal("one", "a");
            next.signal("two", "b");
            assertThat(end(next).output("after", String.class)).isEqualTo("ab");
        } finally {
            release.countDown();
        }
    }

    private static void awaitRelease(CountDownLatch release) {
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @DisplayName(
            "what another engine leaves while it is being let go of is acted upon at once, not only with the next sweep")
    void left_by_another_engine() throws Exception {
        FaultyExecutionStore store = FaultyExecutionStore.of(memory).counting(Set.of(StoreCall.APPLY));
        // Nobody looks by itself, and no heartbeat comes, while this runs.
        try (FlowEngine engine =
                        builder(store).sweepInterval(Duration.ofDays(1)).build();
                FlowEngine other = engine(memory)) {
            FlowExecution run = engine.executeFromTrigger(twoSignals(), "t", 4);
            awaitStatus(run);
            Hold hold = store.holdBefore(1);
            int[] editions = {0};
            passUntil(() -> {
                // A flow that becomes known is looked after at once.
                engine.register(edition(++editions[0]));
                return hold.isReached();
            });
            other.signal(run.id(), "one", "a");
            other.signal(run.id(), "two", "b");
            hold.release();
            Patience.await()
                    .until(() -> memory.find(run.id()).orElseThrow().state().status() == ExecutionStatus.COMPLETED);
        }
    }

    private static Flow edition(int number) {
        FlowBuilder f = Flow.builder("edition").version(String.valueOf(number));
        f.trigger("t", Integer.class);
        return f.build();
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
        return builder(store).build();
    }

    private FlowEngineBuilder builder(ExecutionStore store) {
        return time.in(Durable.builder(store).lease(LEASE)).offloadAfter(IDLE);
    }

    private Hold held(FaultyExecutionStore store, FlowExecution run) {
        awaitStatus(run);
        Hold hold = store.holdBefore(1);
        passUntil(hold::isReached);
        return hold;
    }

    private void awaitLetGo(FlowExecution run) {
        awaitStatus(run);
        passUntil(() -> owner(run) instanceof Standing.Dormant);
    }

    private void passUntil(BooleanSupplier condition) {
        Patience.await().pollInterval(Duration.ofMillis(20)).until(() -> {
            time.advance(IDLE.dividedBy(2));
            return condition.getAsBoolean();
        });
    }

    private Standing owner(FlowExecution run) {
        return memory.find(run.id()).orElseThrow().ownership().standing();
    }

    private List<String> audit(FlowExecution run) {
        return memory.trail(run.id()).orElseThrow().audit().stream()
                .map(AuditRecord::action)
                .toList();
    }

    private static void awaitStatus(FlowExecution run) {
        Patience.await().until(() -> run.status() == ExecutionStatus.WAITING);
    }

    private static ExecutionResult end(FlowExecution run) throws InterruptedException {
        return run.await(Duration.ofSeconds(60))
                .orElseThrow(() -> new AssertionError(run.snapshot().nodes()));
    }
}
