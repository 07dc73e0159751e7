package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.FlowEngineBuilder;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.Retention;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.RunOptions;
import dev.flowengine.persistence.BlobKey;
import dev.flowengine.persistence.BlobStore;
import dev.flowengine.persistence.BlobWriter;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.Rejection;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.StoreException;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.InMemoryBlobStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.persistence.tck.StoreCall;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.NeedsOverlap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("S46 what is large is kept as blobs")
@Timeout(120)
class LargePayloadsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String LARGE = "x".repeat(5_000);
    private static final Set<StoreCall> WRITES = Set.of(StoreCall.CREATE, StoreCall.APPLY);

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final InMemoryBlobStore blobs = new InMemoryBlobStore();

    @Test
    @DisplayName("rows hold references of a type of their own, and everybody reads the values")
    void references() throws Exception {
        String id;
        try (FlowEngine engine = builder(memory, blobs).build()) {
            ExecutionResult end = engine.executeFromTrigger(flow(), "t", "x").await();
            id = end.executionId();
            assertThat(end.output("large", String.class)).isEqualTo(LARGE);
        }
        Payload large = output(id, "large");
        assertThat(large.contentType()).isEqualTo("application/vnd.flowengine.blob");
        assertThat(large.size()).isLessThan(400);
        assertThat(new String(large.bytes(), StandardCharsets.UTF_8))
                .doesNotContain("java.")
                .contains(id);
        assertThat(output(id, "small").contentType()).isEqualTo("application/x-java-serialized-object");
        assertThat(blobs.size()).isEqualTo(1);
        try (FlowEngine next = builder(memory, blobs).build()) {
            next.register(flow());
            ExecutionResult read = next.find(id).orElseThrow().await();
            assertThat(read.output("large", String.class)).isEqualTo(LARGE);
            assertThat(read.output("small", String.class)).isEqualTo("5000");
        }
    }

    @ParameterizedTest
    @MethodSource("threadCounts")
    @DisplayName("of many executions at once, with any number of threads, and with bodies that only compute")
    void many_at_once(int threads) throws Exception {
        FlowBuilder f = Flow.builder("many");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<String> large = f.node("large", t, LargePayloadsTest::text)
                .returns(String.class)
                .cpuBound();
        NodeRef<String> merged = f.merge("merged", large);
        f.node("length", merged, String::length).returns(Integer.class);
        Flow flow = f.build();
        try (FlowEngine engine =
                largeAbove(Durable.builder(memory, threads), blobs).build()) {
            List<FlowExecution> runs = IntStream.range(0, 40)
                    .mapToObj(i -> engine.executeFromTrigger(flow, "t", i))
                    .toList();
            for (int i = 0; i < runs.size(); i++) {
                assertThat(runs.get(i).await().output("length", Integer.class)).isEqualTo(text(i).length());
                assertThat(runs.get(i).await().output("merged", String.class)).isEqualTo(text(i));
            }
        }
        assertThat(blobs.size()).isEqualTo(80);
    }

    static int[] threadCounts() {
        return Engines.threadCounts();
    }

    private static String text(int number) {
        return (number + "-").repeat(1_000);
    }

    @Test
    @DisplayName("R1 they are written before what names them: wherever an engine is lost, another one goes on")
    void at_every_write() throws Exception {
        FaultyExecutionStore counted =
                FaultyExecutionStore.of(new InMemoryExecutionStore()).counting(WRITES);
        try (FlowEngine engine = builder(counted, new InMemoryBlobStore()).build()) {
            engine.executeFromTrigger(flow(), "t", LARGE).await();
        }
        assertThat(counted.writes()).isGreaterThanOrEqualTo(3);
        for (int write = 2; write <= counted.writes(); write++) {
            for (boolean before : new boolean[] {true, false}) {
                InMemoryExecutionStore kept = new InMemoryExecutionStore();
                FaultyExecutionStore store = FaultyExecutionStore.of(kept).counting(WRITES);
                if (before) {
                    store.dieBefore(write);
                } else {
                    store.dieAfter(write);
                }
                FlowEngine lost = builder(store, blobs).build();
                FlowExecution run = lost.executeFromTrigger(flow(), "t", LARGE);
                await().atMost(PATIENCE)
                        .until(() -> store.isDead() || run.status().isTerminal());
                lost.close(Duration.ZERO);
                kept.advance(Durable.LEASE.multipliedBy(2));
                try (FlowEngine next = builder(kept, blobs).build()) {
                    next.register(flow());
                    ExecutionResult end =
                            next.find(run.id()).orElseThrow().await(PATIENCE).orElseThrow();
                    assertThat(end.output("large", String.class)).isEqualTo(LARGE);
                    assertThat(end.output("small", String.class)).isEqualTo("5000");
                }
            }
        }
    }

    @Test
    @DisplayName("what an execution is started with, too: keys know the same input")
    void starts() throws Exception {
        try (FlowEngine engine = builder(memory, blobs).build()) {
            RunOptions keyed = RunOptions.builder().key("k").build();
            FlowExecution first = engine.executeFromTrigger(flow(), "t", LARGE, keyed);
            first.await();
            FlowExecution again = engine.executeFromTrigger(flow(), "t", LARGE, keyed);
            assertThat(again.id()).isEqualTo(first.id());
            assertThatThrownBy(() -> engine.executeFromTrigger(flow(), "t", LARGE + "y", keyed))
                    .isInstanceOfSatisfying(
                            FlowException.class,
                            refused -> assertThat(refused.kind()).isEqualTo(FailureKind.KEY_CONFLICT));
            Payload data = memory.load(first.id()).orElseThrow().input().data().orElseThrow();
            assertThat(data.contentType()).isEqualTo("application/vnd.flowengine.blob");
        }
    }

    @Test
    @DisplayName("S45 they go with their execution, and those of executions that never came to be a day later")
    void removal() throws Exception {
        put(blobs, "never created");
        try (FlowEngine engine = builder(memory, blobs)
                .retention(Retention.unlimited().maxCount(ExecutionStatus.COMPLETED, 1))
                .sweepInterval(Duration.ofMillis(2))
                .build()) {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                ids.add(engine.executeFromTrigger(flow(), "t", "x").await().executionId());
            }
            await().until(() -> memory.query(RunQuery.all(9)).runs().size() == 1);
            assertThat(blobs.size()).as("young").isEqualTo(4);
            blobs.advance(Duration.ofDays(1).plusSeconds(1));

            await().until(() -> blobs.size() == 1);
            assertThat(blobs.idleRuns(Duration.ZERO, null, 9)).containsExactly(ids.get(2));
            assertThat(engine.find(ids.get(2)).orElseThrow().await().output("large", String.class))
                    .isEqualTo(LARGE);
        }
    }

    @Test
    @DisplayName("by an engine whose store has no execution at all none is removed: it may be the wrong store")
    void wrong_store() throws Exception {
        put(blobs, "known elsewhere");
        blobs.advance(Duration.ofDays(1).plusSeconds(1));
        try (FlowEngine engine =
                builder(memory, blobs).sweepInterval(Duration.ofMillis(2)).build()) {
            await().untilAsserted(() -> assertThat(engine.health().reasons())
                    .anySatisfy(reason -> assertThat(reason).contains("no execution at all")));
            assertThat(blobs.size()).isEqualTo(1);

            engine.executeFromTrigger(flow(), "t", "x").await();
            await().until(() -> blobs.idleRuns(Duration.ofDays(1), null, 9).isEmpty());
            await().untilAsserted(() -> assertThat(engine.health().reasons()).isEmpty());
        }
    }

    @Test
    @DisplayName("an execution that is redriven keeps what it has taken over, though the earlier one is removed")
    void redrives() throws Exception {
        CountDownLatch failing = new CountDownLatch(1);
        FlowBuilder f = Flow.builder("again");
        TriggerRef<String> t = f.trigger("t", String.class);
        NodeRef<String> large = f.node("large", t, any -> LARGE).returns(String.class);
        f.node("after", large, any -> {
                    if (failing.getCount() > 0) {
                        throw new IllegalStateException("not yet");
                    }
                    return any;
                })
                .returns(String.class);
        Flow flow = f.build();
        String second;
        try (FlowEngine engine = builder(memory, blobs).build()) {
            String first = engine.executeFromTrigger(flow, "t", "x").await().executionId();
            failing.countDown();
            second = engine.redrive(first).start().await().executionId();
            blobs.remove(first);
        }
        try (FlowEngine engine = builder(memory, blobs).build()) {
            engine.register(flow);
            ExecutionResult read = engine.find(second).orElseThrow().await();
            assertThat(read.output("large", String.class)).isEqualTo(LARGE);
            assertThat(read.output("after", String.class)).isEqualTo(LARGE);
        }
    }

    @Test
    @DisplayName("a blob store that fails for the moment is asked again")
    void transient_failures() throws Exception {
        UnsteadyBlobStore unsteady = new UnsteadyBlobStore(blobs, () -> new IOException("a cable"));
        unsteady.failWrites(3);
        try (FlowEngine engine = builder(memory, unsteady).build()) {
            assertThat(engine.executeFromTrigger(flow(), "t", "x").await().output("large", String.class))
                    .isEqualTo(LARGE);
        }
        assertThat(unsteady.failuresLeft()).isZero();
        assertThat(blobs.size()).isEqualTo(1);
    }

    @Test
    @DisplayName("one that refuses fails the node, with the kind it refuses with, and no more than that")
    void permanent_failures() throws Exception {
        UnsteadyBlobStore unsteady = new UnsteadyBlobStore(
                blobs,
                () -> StoreException.refused(new Rejection(Rejection.Reason.TOO_LARGE, "more than a disk holds")));
        unsteady.failWrites(1);
        try (FlowEngine engine = builder(memory, unsteady).build()) {
            ExecutionResult end = engine.executeFromTrigger(flow(), "t", "x").await();
            assertThat(end.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(end.failure()).hasValueSatisfying(failure -> {
                assertThat(failure.kind()).isEqualTo(FailureKind.LIMIT_EXCEEDED);
                assertThat(failure).hasMessageContaining("node 'large'").hasMessageContaining("more than a disk holds");
            });
            assertThat(engine.executeFromTrigger(flow(), "t", "x").await().status())
                    .isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("a blob that is missing or damaged is told with execution, node and blob")
    void missing_and_damaged() throws Exception {
        String id;
        try (FlowEngine engine = builder(memory, blobs).build()) {
            id = engine.executeFromTrigger(flow(), "t", "x").await().executionId();
        }
        try (FlowEngine engine = builder(memory, blobs).build()) {
            engine.register(flow());
            blobs.damage();
            assertThatThrownBy(() -> engine.find(id))
                    .isInstanceOfSatisfying(FlowException.class, broken -> {
                        assertThat(broken.kind()).isEqualTo(FailureKind.SERIALIZATION);
                        assertThat(broken.affectedNodes()).containsExactly("large");
                    })
                    .hasMessageContaining("execution " + id)
                    .hasMessageContaining("is damaged");
            blobs.remove(id);
            assertThatThrownBy(() -> engine.find(id))
                    .hasMessageContaining("node 'large'")
                    .hasMessageContaining("is missing");
        }
        try (FlowEngine without = Durable.engine(memory)) {
            without.register(flow());
            assertThatThrownBy(() -> without.find(id))
                    .isInstanceOf(FlowException.class)
                    .hasMessageContaining("the engine has none for blobs");
        }
    }

    @Test
    @DisplayName(
            "R6 an execution whose blob is missing is parked with the reason; one whose blob cannot be read now is not")
    void recovery() throws Exception {
        String unreadable = left();
        String missing = left();
        memory.advance(Durable.LEASE.multipliedBy(2));
        blobs.remove(missing);
        UnsteadyBlobStore unsteady = new UnsteadyBlobStore(blobs, () -> new IOException("a cable"));
        unsteady.failReads(3);
        try (FlowEngine next = builder(memory, unsteady).build()) {
            next.register(flow());
            await().atMost(PATIENCE)
                    .until(() -> memory.find(missing).orElseThrow().state().status() == ExecutionStatus.PARKED);
            assertThat(memory.find(missing)
                            .orElseThrow()
                            .state()
                            .error()
                            .orElseThrow()
                            .message())
                    .contains("node 'large' of execution " + missing)
                    .contains("is missing");
            assertThat(next.find(unreadable)
                            .orElseThrow()
                            .await(PATIENCE)
                            .orElseThrow()
                            .status())
                    .isEqualTo(ExecutionStatus.COMPLETED);
        }
        assertThat(unsteady.failuresLeft()).isZero();
    }

    /** An execution whose engine was lost after its first node. */
    private String left() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        FaultyExecutionStore store = FaultyExecutionStore.of(memory);
        FlowEngine lost = builder(store, blobs).build();
        String id = lost.executeFromTrigger(flow(entered, open), "t", "x").id();
        entered.await();
        store.die();
        open.countDown();
        lost.close(Duration.ZERO);
        return id;
    }

    @Test
    @NeedsOverlap
    @DisplayName("S28 a blob store that stands still holds up no worker, though the body only computes")
    void standing_still() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        BlobStore standing = new UnsteadyBlobStore(blobs, IOException::new) {
            @Override
            public BlobWriter write(BlobKey key) throws IOException {
                reached.countDown();
                try {
                    open.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return super.write(key);
            }
        };
        FlowBuilder f = Flow.builder("computes");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        f.node("n", t, "x"::repeat).returns(String.class).cpuBound();
        Flow flow = f.build();
        try (FlowEngine engine = largeAbove(Durable.builder(memory), standing)
                .workers(1)
                .bodyThreads(2)
                .build()) {
            FlowExecution held = engine.executeFromTrigger(flow, "t", 5_000);
            reached.await();
            assertThat(engine.executeFromTrigger(flow, "t", 5)
                            .await(PATIENCE)
                            .orElseThrow()
                            .status())
                    .isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(held.status()).isEqualTo(ExecutionStatus.RUNNING);
            open.countDown();
            assertThat(held.await().output("n", String.class)).isEqualTo(LARGE);
        } finally {
            open.countDown();
        }
    }

    @Test
    @DisplayName("a blob store belongs to a store")
    void needs_a_store() {
        FlowEngineBuilder builder = Engines.builder().blobStore(blobs);
        assertThatThrownBy(builder::build)
                .isInstanceOfSatisfying(
                        FlowException.class,
                        refused -> assertThat(refused.kind()).isEqualTo(FailureKind.INVALID_DEFINITION))
                .hasMessageContaining("needs a store");
    }

    private Payload output(String executionId, String node) {
        NodeRecord row = memory.load(executionId).orElseThrow().nodes().stream()
                .filter(any -> any.key().nodeId().equals(node))
                .findFirst()
                .orElseThrow();
        return row.result().outputs().values().iterator().next();
    }

    private static void put(BlobStore store, String executionId) throws IOException {
        try (BlobWriter out = store.write(BlobKey.fresh(executionId))) {
            out.write(7);
            out.commit();
        }
    }

    private static FlowEngineBuilder builder(ExecutionStore store, BlobStore blobs) {
        return largeAbove(Durable.builder(store), blobs);
    }

    private static FlowEngineBuilder largeAbove(FlowEngineBuilder builder, BlobStore blobs) {
        return builder.blobStore(blobs).offloadAbove(1_000);
    }

    private static Flow flow() {
        return flow(new CountDownLatch(0), new CountDownLatch(0));
    }

    private static Flow flow(CountDownLatch entered, CountDownLatch open) {
        FlowBuilder f = Flow.builder("large");
        TriggerRef<String> t = f.trigger("t", String.class);
        NodeRef<String> large = f.node("large", t, any -> LARGE).returns(String.class);
        f.node("small", large, any -> {
                    entered.countDown();
                    open.await();
                    return String.valueOf(any.length());
                })
                .returns(String.class);
        return f.build();
    }
}
