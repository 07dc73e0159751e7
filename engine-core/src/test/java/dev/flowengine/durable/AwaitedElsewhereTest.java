package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.Backlog;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.StoreException;
import dev.flowengine.persistence.tck.ForwardingExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.testing.Patience;
import dev.flowengine.testing.VirtualTime;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S43 ends of executions that go on elsewhere are waited for at the cost of those who wait")
@Timeout(120)
class AwaitedElsewhereTest {
    private static final Duration IDLE = Duration.ofSeconds(10);
    /** No lease ends by the virtual time that goes by here. */
    private static final Duration LEASE = Duration.ofDays(3_000);

    private final VirtualTime time = new VirtualTime();
    private final InMemoryExecutionStore memory = new InMemoryExecutionStore(1_000, 16L << 20, time);

    @Test
    @DisplayName("whoever gave up waiting costs nothing any more: the store is not asked about the execution")
    void given_up() throws Exception {
        Watched store = new Watched(memory);
        try (FlowEngine engine = engine(store)) {
            FlowExecution run = engine.executeFromTrigger(asking(), "t", 4);
            awaitLetGo(engine);
            for (FlowExecution handle : List.of(run, engine.find(run.id()).orElseThrow())) {
                assertThat(handle.await(Duration.ofMillis(50))).isEmpty();
            }
            // What was asked for while somebody waited may still be under way.
            store.awaitSweeps(3);
            store.asked.clear();
            store.awaitSweeps(3);
            assertThat(store.asked).doesNotContain(run.id());

            CompletableFuture<ExecutionResult> end = run.completion().toCompletableFuture();
            engine.signal(run.id(), "answer", "yes");
            assertThat(end.get(60, TimeUnit.SECONDS).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("whoever looks again and again, and waits no time, sees the end all the same")
    void without_waiting() throws Exception {
        try (FlowEngine there = engine(memory);
                FlowEngine here = engine(memory)) {
            here.register(asking());
            FlowExecution run = there.executeFromTrigger(asking(), "t", 4);
            FlowExecution handle = here.find(run.id()).orElseThrow();
            there.signal(run.id(), "answer", "yes");
            run.await();
            Patience.await().until(() -> handle.await(Duration.ZERO).isPresent());
        }
    }

    @Test
    @DisplayName("what nobody holds a handle of is not in memory any more, once it was let go of")
    void nothing_stays() throws Exception {
        try (FlowEngine engine = engine(memory)) {
            List<WeakReference<FlowExecution>> handles = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                handles.add(awaitedInVain(engine));
            }
            awaitLetGo(engine);
            Patience.await().pollInterval(Duration.ofMillis(50)).until(() -> {
                System.gc();
                return handles.stream().allMatch(handle -> handle.get() == null);
            });
        }
    }

    /** In a method of its own, so that no local variable holds it. */
    private static WeakReference<FlowExecution> awaitedInVain(FlowEngine engine) throws InterruptedException {
        FlowExecution run = engine.executeFromTrigger(asking(), "t", 4);
        assertThat(run.await(Duration.ofMillis(1))).isEmpty();
        return new WeakReference<>(run);
    }

    @Test
    @DisplayName("R6 one end that cannot be read for the moment keeps nobody from being told of the others")
    void one_cannot_be_read() throws Exception {
        int many = 10;
        Watched store = new Watched(memory);
        try (FlowEngine there = engine(memory);
                FlowEngine here = engine(store)) {
            here.register(asking());
            List<FlowExecution> handles = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                FlowExecution run = there.executeFromTrigger(asking(), "t", i);
                handles.add(here.find(run.id()).orElseThrow());
                there.signal(run.id(), "answer", "yes");
                run.await();
            }
            store.failsFirst = true;
            AtomicInteger told = new AtomicInteger();
            List<CompletableFuture<?>> ends = new ArrayList<>();
            for (FlowExecution handle : handles) {
                ends.add(handle.completion().thenRun(told::incrementAndGet).toCompletableFuture());
            }
            Patience.await().until(() -> told.get() == many - 1);
            store.failsFirst = false;
            CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        }
    }

    private static Flow asking() {
        FlowBuilder f = Flow.builder("asking");
        f.waitForSignal("answer", f.trigger("t", Integer.class), String.class);
        return f.build();
    }

    private FlowEngine engine(ExecutionStore store) {
        return time.in(Durable.builder(store).lease(LEASE)).offloadAfter(IDLE).build();
    }

    private void awaitLetGo(FlowEngine engine) {
        Patience.await().pollInterval(Duration.ofMillis(20)).until(() -> {
            time.advance(IDLE.dividedBy(2));
            return engine.health().executions() == 0;
        });
    }

    /** Knows what it was asked, and can fail with the first execution it is asked for. */
    private static final class Watched extends ForwardingExecutionStore {
        private final Set<String> asked = ConcurrentHashMap.newKeySet();
        private final AtomicInteger sweeps = new AtomicInteger();
        private final AtomicReference<String> first = new AtomicReference<>();
        private volatile boolean failsFirst;

        Watched(ExecutionStore store) {
            super(store);
        }

        void awaitSweeps(int more) {
            int before = sweeps.get();
            Patience.await().until(() -> sweeps.get() >= before + more);
        }

        @Override
        public List<RunRecord> find(Collection<String> executionIds) {
            asked.addAll(executionIds);
            return super.find(executionIds);
        }

        @Override
        public List<Backlog> backlog() {
            sweeps.incrementAndGet();
            return super.backlog();
        }

        @Override
        public Optional<RunImage> load(String executionId) {
            if (failsFirst) {
                first.compareAndSet(null, executionId);
                if (executionId.equals(first.get())) {
                    throw StoreException.transientFailure("it cannot be read now", null);
                }
            }
            return super.load(executionId);
        }
    }
}
