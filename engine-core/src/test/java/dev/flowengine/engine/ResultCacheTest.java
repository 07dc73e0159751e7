package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.event.NodeCompleted;
import dev.flowengine.execution.EngineHealth;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.extension.ResultCache;
import dev.flowengine.flow.CachePolicy;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.InvalidFlowException;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.node.RunOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Results that are used again. */
@Timeout(120)
class ResultCacheTest {
    private static final CachePolicy HOUR = CachePolicy.keepFor(Duration.ofHours(1));

    private final Kept kept = new Kept();
    private final AtomicInteger calls = new AtomicInteger();
    private final Queue<ExecutionEvent> events = new ConcurrentLinkedQueue<>();

    /** A cache that keeps everything, and remembers for how long it was to. */
    private static final class Kept implements ResultCache {
        private final Map<Key, Result> results = new ConcurrentHashMap<>();
        private final Queue<Duration> times = new ConcurrentLinkedQueue<>();

        @Override
        public Optional<Result> get(Key key) {
            return Optional.ofNullable(results.get(key));
        }

        @Override
        public void put(Key key, Result result, Duration keep) {
            results.put(key, result);
            times.add(keep);
        }
    }

    private FlowEngine engine(ResultCache cache) {
        return FlowEngine.builder()
                .resultCache(cache)
                .listener(new ExecutionListener() {
                    @Override
                    public void onEvent(ExecutionEvent event) {
                        events.add(event);
                    }
                })
                .workers(1)
                .bodyThreads(2)
                .build();
    }

    private Flow flow(String id, String version, UnaryOperator<NodeDefinition.Builder> changes) {
        NodeDefinition.Builder node = NodeDefinition.builder("n")
                .body(context -> context.input() + "/" + calls.incrementAndGet())
                .cache(HOUR);
        return Flow.definition(id)
                .version(version)
                .trigger("t")
                .add(changes.apply(node).build())
                .connect("t", "n")
                .build();
    }

    private Object output(FlowEngine engine, Flow flow, Object input) throws InterruptedException {
        return output(engine, flow, input, RunOptions.ofDefaults());
    }

    private Object output(FlowEngine engine, Flow flow, Object input, RunOptions options) throws InterruptedException {
        ExecutionResult result =
                engine.executeFromTrigger(flow, "t", input, options).await();
        assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
        return result.output("n", Object.class);
    }

    @Test
    @DisplayName("A node that is given the same again puts out the same without its body, and shows it")
    void a_result_is_used_again() throws InterruptedException {
        Flow flow = flow("f", "1", node -> node);
        ExecutionResult hit;
        try (FlowEngine engine = engine(kept)) {
            assertThat(output(engine, flow, "a")).isEqualTo("a/1");
            hit = engine.executeFromTrigger(flow, "t", "a").await();
            assertThat(output(engine, flow, "b")).isEqualTo("b/2");
        }

        assertThat(hit.output("n", Object.class)).isEqualTo("a/1");
        assertThat(hit.snapshot().node("n").orElseThrow().cached()).isTrue();
        assertThat(hit.snapshot().explain("n")).contains("its result was found in the cache");
        assertThat(hit.snapshot().log().lines()).anyMatch(line -> line.text().contains("taken from the cache"));
        assertThat(kept.times).containsOnly(Duration.ofHours(1));
        // Listeners are told on a thread of their own.
        await().untilAsserted(() -> assertThat(events)
                .filteredOn(event -> event instanceof NodeCompleted completed
                        && completed.nodeId().equals("n"))
                .extracting(event -> ((NodeCompleted) event).cached())
                .containsExactlyInAnyOrder(false, true, false));
    }

    @Test
    @DisplayName("A result belongs to flow, version, node and inputs, unless the policy says otherwise")
    void a_result_belongs_to_its_key() throws InterruptedException {
        UnaryOperator<NodeDefinition.Builder> versioned = node -> node.cache(HOUR.version("x"));
        UnaryOperator<NodeDefinition.Builder> keyed = node ->
                node.cache(HOUR.key(context -> String.valueOf(context.input()).length()));
        try (FlowEngine engine = engine(kept)) {
            assertThat(output(engine, flow("f", "1", node -> node), "a")).isEqualTo("a/1");
            assertThat(output(engine, flow("f", "2", node -> node), "a")).isEqualTo("a/2");
            assertThat(output(engine, flow("g", "1", node -> node), "a")).isEqualTo("a/3");
            assertThat(output(engine, flow("h", "1", versioned), "a")).isEqualTo("a/4");
            assertThat(output(engine, flow("h", "2", versioned), "a")).isEqualTo("a/4");
            assertThat(output(engine, flow("k", "1", keyed), "ab")).isEqualTo("ab/5");
            assertThat(output(engine, flow("k", "1", keyed), "xy")).isEqualTo("ab/5");
            assertThat(output(engine, flow("k", "1", keyed), "xyz")).isEqualTo("xyz/6");
        }
    }

    @Test
    @DisplayName("A run that refreshes calls every body and renews what is kept")
    void a_run_can_refresh() throws InterruptedException {
        Flow flow = flow("f", "1", node -> node);
        RunOptions refresh = RunOptions.builder().refreshCache().build();
        try (FlowEngine engine = engine(kept)) {
            assertThat(output(engine, flow, "a")).isEqualTo("a/1");
            assertThat(output(engine, flow, "a", refresh.toBuilder().build())).isEqualTo("a/2");
            assertThat(output(engine, flow, "a")).isEqualTo("a/2");
        }
    }

    @Test
    @DisplayName("Null is a result, a failure is none, and a stage is kept when it has completed")
    void null_failures_and_stages() throws InterruptedException {
        Flow nothing = flow(
                "nothing",
                "1",
                node -> node.body(context -> {
                    calls.incrementAndGet();
                    return null;
                }));
        Flow failing = flow(
                "failing",
                "1",
                node -> node.retry(RetryPolicy.fixed(Duration.ZERO)).body(context -> {
                    if (calls.incrementAndGet() < 3) {
                        throw new IllegalStateException("not yet");
                    }
                    return calls.get();
                }));
        Flow later = flow(
                "later",
                "1",
                node -> node.asyncBody(context -> CompletableFuture.completedFuture(calls.incrementAndGet())));
        try (FlowEngine engine = engine(kept)) {
            assertThat(output(engine, nothing, "a")).isNull();
            assertThat(output(engine, nothing, "a")).isNull();
            assertThat(calls).hasValue(1);
            assertThat(output(engine, failing, "a")).isEqualTo(3);
            assertThat(output(engine, failing, "a")).isEqualTo(3);
            assertThat(output(engine, later, "a")).isEqualTo(4);
            assertThat(output(engine, later, "a")).isEqualTo(4);
        }
    }

    /** How a cache can fail. */
    enum Fault {
        GET,
        PUT,
        KEY,
        ERROR
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("Whatever a cache throws: nodes run, and health tells")
    void a_failing_cache_fails_no_run(Fault fault) throws InterruptedException {
        ResultCache broken = new ResultCache() {
            @Override
            public Optional<Result> get(Key key) {
                if (fault == Fault.ERROR) {
                    throw new LinkageError("planted");
                }
                if (fault == Fault.GET) {
                    throw new IllegalStateException("planted");
                }
                return Optional.empty();
            }

            @Override
            public void put(Key key, Result result, Duration keep) {
                if (fault == Fault.PUT) {
                    throw new IllegalStateException("planted");
                }
            }
        };
        Flow flow = flow(
                "f",
                "1",
                node -> fault == Fault.KEY
                        ? node.cache(HOUR.key(context -> {
                            throw new IllegalStateException("planted");
                        }))
                        : node);
        try (FlowEngine engine = engine(broken)) {
            assertThat(engine.health().status()).isEqualTo(EngineHealth.Status.UP);
            assertThat(output(engine, flow, "a")).isEqualTo("a/1");
            assertThat(output(engine, flow, "a")).isEqualTo("a/2");
            assertThat(engine.health().reasons())
                    .containsExactly("The result cache has failed 2 times; nodes run without it.");
            assertThat(engine.health().status()).isEqualTo(EngineHealth.Status.DEGRADED);
        }
    }

    @Test
    @DisplayName("S28 of two executions that miss the same result none waits for the other")
    void no_execution_waits_for_another_one() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Flow flow = flow(
                "f",
                "1",
                node -> node.body(context -> {
                    int call = calls.incrementAndGet();
                    if (call == 1) {
                        begun.countDown();
                        release.await();
                    }
                    return call;
                }));
        try (FlowEngine engine = engine(kept)) {
            FlowExecution first = engine.executeFromTrigger(flow, "t", "a");
            begun.await();
            assertThat(output(engine, flow, "a")).isEqualTo(2);
            release.countDown();
            assertThat(first.await().output("n", Object.class)).isEqualTo(1);
        }
    }

    @Test
    @DisplayName(
            "Interceptors stand around what is found in the cache as around a body; without a cache a policy says nothing")
    void interceptors_see_what_is_found() throws InterruptedException {
        AtomicInteger seen = new AtomicInteger();
        Flow flow = flow("f", "1", node -> node.cpuBound());
        try (FlowEngine engine = FlowEngine.builder()
                .resultCache(kept)
                .interceptor((context, invocation) -> {
                    seen.incrementAndGet();
                    return invocation.proceed();
                })
                .build()) {
            assertThat(output(engine, flow, "a")).isEqualTo("a/1");
            assertThat(output(engine, flow, "a")).isEqualTo("a/1");
        }
        assertThat(seen).hasValue(2);

        try (FlowEngine plain = FlowEngine.create()) {
            assertThat(List.of(output(plain, flow, "a"), output(plain, flow, "a")))
                    .containsExactly("a/2", "a/3");
        }
    }

    @Test
    @DisplayName("A node that chooses its ports has no result to keep: the definition is refused")
    void a_node_that_chooses_its_ports_is_refused() {
        assertThatThrownBy(() -> flow("f", "1", node -> node.emittingBody((context, out) -> out.emit("main", 1))))
                .isInstanceOf(InvalidFlowException.class)
                .hasMessageContaining("node 'n' has a cache, but no body that returns a value to be used again");
        assertThatThrownBy(() -> CachePolicy.keepFor(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }
}
