package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.HistoryQuery;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RedrivePolicy;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.persistence.tck.StoreCall;
import dev.flowengine.testing.VirtualTime;
import dev.flowengine.testing.WithThreads;
import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S46 outputs that are let go of in memory, and kept by a store")
@Timeout(60)
class ReleasedOutputsInStoreTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final Map<String, WeakReference<Text>> made = new ConcurrentHashMap<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final CountDownLatch reached = new CountDownLatch(1);
    private volatile CountDownLatch open = new CountDownLatch(0);

    @WithThreads
    @DisplayName("what has been written and read is held neither by the execution nor by what is shown of it")
    void nothing_holds_what_has_been_read(int threads) throws Exception {
        open = new CountDownLatch(1);
        try (FlowEngine engine = Durable.builder(memory, threads).build()) {
            FlowExecution run = engine.executeFromTrigger(flow(), "t", "x");
            try {
                assertThat(reached.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
                await("that what a made is gone").atMost(PATIENCE).until(() -> {
                    System.gc();
                    return made.get("a").get() == null;
                });
                assertThat(run.snapshot().node("a").orElseThrow().firedPorts()).containsExactly("main");
            } finally {
                open.countDown();
            }
            ExecutionResult result = ended(run);
            assertThat(result.output("end", String.class)).isEqualTo("x>a>b");
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> result.outputs("a"))
                    .withMessageContaining("releaseOutputs()");
        }
    }

    @Test
    @DisplayName("S41 who goes on with the execution finds what its unsettled nodes read")
    void who_goes_on_finds_what_is_needed() throws Exception {
        open = new CountDownLatch(1);
        String id;
        FlowEngine one = Durable.engine(memory);
        try {
            FlowExecution run = one.executeFromTrigger(flow(), "t", "x");
            id = run.id();
            assertThat(reached.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            one.close(Duration.ZERO);
        }
        open.countDown();
        try (FlowEngine two = Durable.engine(memory)) {
            two.register(flow());
            ExecutionResult result = ended(two.find(id).orElseThrow());
            assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(result.output("end", String.class)).isEqualTo("x>a>b");
        }
    }

    @Test
    @DisplayName("S29 S2 redrives and parts take from the store what is gone from memory")
    void the_store_has_it() throws Exception {
        failures.set(1);
        try (FlowEngine engine = Durable.engine(memory)) {
            ExecutionResult first = ended(engine.executeFromTrigger(flow(), "t", "x"));
            assertThat(first.status()).isEqualTo(ExecutionStatus.FAILED);

            ExecutionResult second = ended(engine.redrive(first.executionId()).start());
            assertThat(second.output("end", String.class)).isEqualTo("x>a>b");
            assertThat(second.snapshot().plan().reused()).containsExactly("t", "a", "b");
            RunOptions from =
                    RunOptions.builder().outputsFrom(first.executionId()).build();
            assertThat(ended(engine.executeFromNode(flow(), "b", PortValues.none(), from))
                            .output("end", String.class))
                    .isEqualTo("x>a>b");
        }
    }

    @Test
    @DisplayName("S29 what the engine redrives by itself is taken from the store, too")
    void by_itself() throws Exception {
        failures.set(1);
        try (FlowEngine engine = Durable.engine(memory)) {
            Flow flow = flow(RedrivePolicy.upTo(1, Duration.ofMillis(1)));
            String first = ended(engine.executeFromTrigger(flow, "t", "x")).executionId();
            HistoryQuery redrives = HistoryQuery.all().redriveOf(first);
            await("the redrive")
                    .atMost(PATIENCE)
                    .until(() -> engine.history(redrives).executions().size(), size -> size == 1);
            String second = engine.history(redrives).executions().get(0).executionId();
            assertThat(ended(engine.find(second).orElseThrow()).output("end", String.class))
                    .isEqualTo("x>a>b");
        }
    }

    @Test
    @DisplayName("R6 and if the store is away just then, once it is there again")
    void by_itself_later() throws Exception {
        failures.set(1);
        VirtualTime time = new VirtualTime();
        FaultyExecutionStore store = FaultyExecutionStore.of(memory).counting(Set.of(StoreCall.READ));
        try (FlowEngine engine = Durable.builder(store)
                .timer(time)
                .sweepInterval(Duration.ofHours(1))
                .build()) {
            Flow flow = flow(RedrivePolicy.upTo(1, Duration.ofMinutes(1)));
            String first = ended(engine.executeFromTrigger(flow, "t", "x")).executionId();
            store.failBefore(1);
            long before = store.writes();

            await().atMost(PATIENCE).until(() -> {
                time.advance(Duration.ofMinutes(1));
                return !memory.query(RunQuery.all(1).redriveOf(first)).runs().isEmpty();
            });
            assertThat(store.writes()).as("reads").isGreaterThan(before + 1);
            assertThat(engine.exhausted()).isEmpty();
        }
    }

    private static ExecutionResult ended(FlowExecution run) throws InterruptedException {
        return run.await(PATIENCE).orElseThrow();
    }

    private Flow flow() {
        return flow(RedrivePolicy.none());
    }

    private Flow flow(RedrivePolicy policy) {
        FlowBuilder f = Flow.builder("released").releaseOutputs().redrive(policy);
        TriggerRef<String> t = f.trigger("t", String.class);
        NodeRef<Text> a = f.node("a", t, text -> made("a", text + ">a")).returns(Text.class);
        NodeRef<Text> b = f.node("b", a, text -> made("b", text.value() + ">b")).returns(Text.class);
        f.node("end", b, text -> {
                    reached.countDown();
                    open.await();
                    if (failures.getAndDecrement() > 0) {
                        throw new IllegalStateException("planned");
                    }
                    return text.value();
                })
                .returns(String.class);
        return f.build();
    }

    private Text made(String id, String value) {
        Text text = new Text(value);
        made.put(id, new WeakReference<>(text));
        return text;
    }

    /** A value whose life can be followed. */
    record Text(String value) implements Serializable {}
}
