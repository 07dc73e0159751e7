package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flowengine.FlowEngine;
import dev.flowengine.FlowEngineBuilder;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.NodeState;
import dev.flowengine.flow.CachePolicy;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.RunOptions;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.NodeResult;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.ResultCacheStore;
import dev.flowengine.persistence.StoreException;
import dev.flowengine.persistence.tck.ForwardingExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.testing.Engines;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Results that are used again, in the store")
@Timeout(60)
class StoredResultsTest {
    private static final CachePolicy HOUR = CachePolicy.keepFor(Duration.ofHours(1));

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final AtomicInteger calls = new AtomicInteger();

    /** What a node is given. */
    record Order(String item, int count) implements Serializable {}

    @Test
    @DisplayName("another engine uses what one has computed; the store, the history and every later reader know of it")
    void across_engines() throws Exception {
        Flow flow = flow(HOUR);
        try (FlowEngine first = builder(memory).build()) {
            ExecutionResult end = run(first, flow, new Order("pen", 3));
            assertThat(end.output("quote", String.class)).isEqualTo("pen: 3");
            assertThat(origin(end.executionId())).isEqualTo(NodeResult.Origin.BODY);
        }
        String id;
        try (FlowEngine second = builder(memory).build()) {
            ExecutionResult end = run(second, flow, new Order("pen", 3));
            id = end.executionId();
            assertThat(end.output("quote", String.class)).isEqualTo("pen: 3");
            assertThat(quote(end).cached()).isTrue();
        }
        assertThat(calls).hasValue(1);
        assertThat(origin(id)).isEqualTo(NodeResult.Origin.CACHED);
        try (FlowEngine third = builder(memory).build()) {
            third.register(flow);
            ExecutionResult read = third.find(id).orElseThrow().await();
            assertThat(quote(read).cached()).isTrue();
            assertThat(read.snapshot().explain("quote")).contains("cache");
        }
    }

    @Test
    @DisplayName("other inputs, other versions and other nodes have results of their own")
    void what_is_the_same() throws Exception {
        try (FlowEngine engine = builder(memory).build()) {
            run(engine, flow(HOUR), new Order("pen", 3));
            run(engine, flow(HOUR), new Order("pen", 4));
            run(engine, flow(HOUR), new Order("ink", 3));
            assertThat(calls).hasValue(3);
            run(engine, flow(HOUR.version("2")), new Order("pen", 3));
            assertThat(calls).hasValue(4);
            run(engine, flow(HOUR.version("2")), new Order("pen", 3));
            assertThat(calls).hasValue(4);
        }
    }

    @Test
    @DisplayName("a key of the flow's own replaces the inputs, by what kind of value it is, too")
    void keys() throws Exception {
        CachePolicy byItem = HOUR.key(context -> {
            Order order = (Order) Objects.requireNonNull(context.input());
            return order.count() == 0 ? (Object) order.item() : List.of(order.item());
        });
        try (FlowEngine engine = builder(memory).build()) {
            run(engine, flow(byItem), new Order("pen", 3));
            assertThat(run(engine, flow(byItem), new Order("pen", 4)).output("quote", String.class))
                    .isEqualTo("pen: 3");
            assertThat(run(engine, flow(byItem), new Order("pen", 0)).output("quote", String.class))
                    .isEqualTo("pen: 0");
        }
    }

    @Test
    @DisplayName("nothing is used longer than it may be, by the clock of the store, and a refresh renews it")
    void time() throws Exception {
        try (FlowEngine engine = builder(memory).build()) {
            run(engine, flow(HOUR), new Order("pen", 3));
            memory.advance(Duration.ofMinutes(61));
            run(engine, flow(HOUR), new Order("pen", 3));
            assertThat(calls).hasValue(2);
            RunOptions refresh = RunOptions.builder().refreshCache().build();
            engine.executeFromTrigger(flow(HOUR), "t", new Order("pen", 3), refresh)
                    .await();
            assertThat(calls).hasValue(3);
            run(engine, flow(HOUR), new Order("pen", 3));
            assertThat(calls).hasValue(3);
        }
    }

    @Test
    @DisplayName("several inputs, collected ones and null count as what they are")
    void many_inputs() throws Exception {
        FlowBuilder f = Flow.builder("inputs");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Order> one =
                f.node("one", t, n -> n == 0 ? null : new Order("a", n)).returns(Order.class);
        NodeRef<Order> two = f.node("two", t, n -> new Order("b", 1)).returns(Order.class);
        NodeRef<List<Order>> all = f.collect("all", one, two).returns(new TypeRef<List<Order>>() {});
        f.node("quote", all, two, (orders, order) -> orders + "/" + order + "/" + calls.incrementAndGet())
                .returns(String.class)
                .cache(HOUR);
        Flow flow = f.build();
        try (FlowEngine engine = builder(memory).build()) {
            String first = engine.executeFromTrigger(flow, "t", 1).await().output("quote", String.class);
            assertThat(engine.executeFromTrigger(flow, "t", 1).await().output("quote", String.class))
                    .isEqualTo(first);
            assertThat(engine.executeFromTrigger(flow, "t", 2).await().output("quote", String.class))
                    .isNotEqualTo(first);
            assertThat(engine.executeFromTrigger(flow, "t", 0).await().output("quote", String.class))
                    .startsWith("[null");
            assertThat(engine.health().reasons()).isEmpty();
        }
    }

    @Test
    @DisplayName("a store that fails as a cache, or holds what cannot be read, fails no execution, and health tells")
    void failing() throws Exception {
        ResultCacheStore broken = new ResultCacheStore() {
            @Override
            public Optional<Payload> get(String key) {
                return Optional.of(Payload.of("x", new byte[] {1}));
            }

            @Override
            public void put(String key, Payload value, Duration keep) {
                throw StoreException.transientFailure("no room", null);
            }

            @Override
            public void remove(String key) {
                throw StoreException.transientFailure("no room", null);
            }
        };
        ExecutionStore store = new ForwardingExecutionStore(memory) {
            @Override
            public <T> Optional<T> capability(Class<T> type) {
                return type == ResultCacheStore.class ? Optional.of(type.cast(broken)) : super.capability(type);
            }
        };
        try (FlowEngine engine = builder(store).build()) {
            ExecutionResult end = run(engine, flow(HOUR), new Order("pen", 3));
            assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(quote(end).cached()).isFalse();
            assertThat(engine.health().reasons())
                    .anySatisfy(reason -> assertThat(reason).contains("The result cache has failed 2 times"));
        }
    }

    @Test
    @DisplayName("an engine without a store, and a store without a cache, are refused as soon as the engine is built")
    void needs_a_store_that_can() {
        FlowEngineBuilder without = Engines.builder().resultCacheInStore();
        assertThatThrownBy(without::build)
                .isInstanceOfSatisfying(
                        FlowException.class,
                        refused -> assertThat(refused.kind()).isEqualTo(FailureKind.INVALID_DEFINITION))
                .hasMessageContaining("keep results in the store");
        ExecutionStore unable = new ForwardingExecutionStore(memory) {
            @Override
            public <T> Optional<T> capability(Class<T> type) {
                return Optional.empty();
            }
        };
        FlowEngineBuilder builder = builder(unable);
        assertThatThrownBy(builder::build).isInstanceOf(FlowException.class).hasMessageContaining("cannot");
    }

    private static FlowEngineBuilder builder(ExecutionStore store) {
        return Durable.builder(store).resultCacheInStore();
    }

    private NodeResult.Origin origin(String executionId) {
        return memory.load(executionId).orElseThrow().nodes().stream()
                .filter(row -> row.key().nodeId().equals("quote"))
                .map(NodeRecord::result)
                .findFirst()
                .orElseThrow()
                .origin();
    }

    private static NodeState quote(ExecutionResult end) {
        return end.snapshot().node("quote").orElseThrow();
    }

    private static ExecutionResult run(FlowEngine engine, Flow flow, Order order) throws InterruptedException {
        return engine.executeFromTrigger(flow, "t", order).await();
    }

    private Flow flow(CachePolicy policy) {
        FlowBuilder f = Flow.builder("quotes");
        TriggerRef<Order> t = f.trigger("t", Order.class);
        f.node("quote", t, order -> {
                    calls.incrementAndGet();
                    return order.item() + ": " + order.count();
                })
                .returns(String.class)
                .cache(policy);
        return f.build();
    }
}
