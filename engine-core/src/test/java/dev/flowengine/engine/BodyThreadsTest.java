package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.event.NodeEvent;
import dev.flowengine.event.NodeFailed;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowError;
import dev.flowengine.node.ValueBody;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.NeedsOverlap;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BodyThreadsTest {

    private static Flow fan(int width, ValueBody body, boolean cpuBound) {
        FlowDefinition definition = Flow.definition("fan").trigger("t");
        for (int i = 0; i < width; i++) {
            NodeDefinition.Builder node = NodeDefinition.builder("n" + i).body(body);
            definition.add((cpuBound ? node.cpuBound() : node).build()).connect("t", "n" + i);
        }
        return definition.build();
    }

    private static ExecutionResult run(FlowEngine engine, Flow flow) {
        return Runs.ended(engine.executeFromTrigger(flow, "t", 1));
    }

    @Test
    @NeedsOverlap
    @DisplayName("S16 siblings really overlap, on body threads and on workers")
    void siblings_overlap() {
        for (boolean cpuBound : new boolean[] {false, true}) {
            CyclicBarrier meeting = new CyclicBarrier(4);
            Flow flow = fan(4, context -> meeting.await(30, TimeUnit.SECONDS), cpuBound);
            try (FlowEngine engine =
                    FlowEngine.builder().workers(4).bodyThreads(4).build()) {
                assertThat(run(engine, flow).status()).isEqualTo(ExecutionStatus.COMPLETED);
            }
        }
    }

    @Test
    @DisplayName("S28 computing bodies run on the engine's workers")
    void computing_bodies_run_on_workers() {
        Set<String> names = ConcurrentHashMap.newKeySet();
        try (FlowEngine engine = Engines.builder().workers(2).build()) {
            run(engine, fan(200, context -> names.add(Thread.currentThread().getName()), true));
        }
        assertThat(names).isNotEmpty().allMatch(name -> name.matches("flowengine-worker-[12]"));
    }

    @Test
    @DisplayName(
            "R18 other bodies run on virtual threads where there are some, else on body threads, never on a shared pool")
    void other_bodies_run_on_body_threads() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        try (FlowEngine engine = Engines.create()) {
            run(engine, fan(50, context -> threads.add(Thread.currentThread()), false));
        }
        assertThat(threads).isNotEmpty().noneMatch(ForkJoinWorkerThread.class::isInstance);
        if (Runtime.version().feature() >= 21) {
            assertThat(threads).allMatch(BodyThreadsTest::isVirtual);
            assertThat(threads).extracting(Thread::getName).containsOnly("flowengine-body");
        } else {
            assertThat(threads).extracting(Thread::getName).allMatch(name -> name.startsWith("flowengine-body-"));
            assertThat(threads).allMatch(Thread::isDaemon);
        }
    }

    private static boolean isVirtual(Thread thread) {
        try {
            Method method = Thread.class.getMethod("isVirtual");
            return (boolean) method.invoke(thread);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("this Java should have virtual threads", e);
        }
    }

    @Test
    @DisplayName("S28 bodyThreads bounds how many bodies run at once, over all executions")
    void body_threads_bound_how_many_run_at_once() {
        int limit = Integer.getInteger("flowengine.test.bodyThreads", 3);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch full = new CountDownLatch(limit);
        CountDownLatch release = new CountDownLatch(1);
        Flow flow = fan(
                50,
                context -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    full.countDown();
                    Runs.awaitOpen(release);
                    return running.decrementAndGet();
                },
                false);
        try (FlowEngine engine = Engines.builder().bodyThreads(limit).build()) {
            List<FlowExecution> runs = IntStream.range(0, 10)
                    .mapToObj(i -> engine.executeFromTrigger(flow, "t", i))
                    .toList();
            Runs.awaitOpen(full);
            assertThat(running).hasValue(limit);
            release.countDown();
            runs.forEach(run -> assertThat(Runs.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED));
        }
        assertThat(most).hasValue(limit);
    }

    @Test
    @DisplayName("S28 a host's executor runs the bodies and is not shut down")
    void a_hosts_executor_runs_the_bodies() {
        ExecutorService host = Executors.newFixedThreadPool(2, task -> new Thread(task, "host"));
        try {
            Set<String> names = ConcurrentHashMap.newKeySet();
            Flow flow = fan(50, context -> names.add(Thread.currentThread().getName()), false);
            try (FlowEngine engine = Engines.builder().bodyExecutor(host).build()) {
                assertThat(run(engine, flow).status()).isEqualTo(ExecutionStatus.COMPLETED);
            }
            assertThat(names).containsExactly("host");
            assertThat(host.isShutdown()).isFalse();
        } finally {
            host.shutdown();
        }
    }

    @Test
    @DisplayName("S28 an executor that refuses a body fails its node, says so, and the run ends")
    void a_refusing_executor_fails_the_node() {
        ExecutorService closed = Executors.newSingleThreadExecutor();
        closed.shutdown();
        for (int limit : new int[] {1, 100}) {
            try (FlowEngine engine =
                    Engines.builder().bodyExecutor(closed).bodyThreads(limit).build()) {
                ExecutionResult result = run(engine, fan(20, context -> 1, false));

                assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
                for (int i = 0; i < 20; i++) {
                    FlowError error = Runs.node(result, "n" + i).failure().orElseThrow();
                    assertThat(error.message())
                            .startsWith("the executor for bodies refused node 'n" + i + "'")
                            .contains(RejectedExecutionException.class.getName());
                    assertThat(error.suggestedResolution()).contains("bodyExecutor", "bodyThreads");
                }
            }
        }
    }

    @Test
    @DisplayName("S28 an executor that refuses only what is too much fails only that")
    void an_executor_that_is_full_fails_only_what_is_too_much() {
        AtomicInteger accepted = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        ExecutorService host = Executors.newSingleThreadExecutor();
        try (FlowEngine engine = Engines.builder()
                .bodyExecutor(task -> {
                    if (accepted.incrementAndGet() > 5) {
                        refused.incrementAndGet();
                        throw new RejectedExecutionException("full");
                    }
                    host.execute(task);
                })
                .build()) {
            ExecutionResult result = run(engine, fan(20, context -> 1, false));

            assertThat(result.snapshot().nodes())
                    .filteredOn(node -> node.failure().isPresent())
                    .hasSize(refused.get())
                    .hasSizeLessThan(20);
        } finally {
            host.shutdown();
        }
    }

    @Test
    @DisplayName("R18 nothing of the engine runs in the common pool")
    void nothing_runs_in_the_common_pool() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Recorder recorder = new Recorder();
        ExecutionListener listener = new ExecutionListener() {
            @Override
            public void onEvent(ExecutionEvent event) {
                threads.add(Thread.currentThread());
            }
        };
        try (FlowEngine engine = recorder.listeningTo(Engines.builder().listener(listener))) {
            run(engine, fan(20, context -> threads.add(Thread.currentThread()), true));
            var execution = engine.executeFromTrigger(fan(20, context -> 1, false), "t", 1);
            execution.completion().thenRun(() -> threads.add(Thread.currentThread()));
            recorder.eventsOf(Runs.ended(execution).executionId());
        }
        assertThat(threads).isNotEmpty().noneMatch(ForkJoinWorkerThread.class::isInstance);
    }

    @Test
    @DisplayName("S28 S36 a body the executor refused has not started: no event of a start, and attempt 0 everywhere")
    void a_refused_body_has_not_started() {
        for (int limit : new int[] {1, 100}) {
            Recorder recorder = new Recorder();
            try (FlowEngine engine =
                    recorder.listeningTo(Engines.builder().bodyThreads(limit).bodyExecutor(task -> {
                        throw new RejectedExecutionException("full");
                    }))) {
                ExecutionResult result = run(engine, fan(20, context -> 1, false));

                List<NodeEvent> events = recorder.eventsOf(result.executionId()).stream()
                        .filter(NodeEvent.class::isInstance)
                        .map(NodeEvent.class::cast)
                        .filter(event -> !event.nodeId().equals("t"))
                        .toList();
                assertThat(events).hasSize(20).allSatisfy(event -> mustNotHaveStarted(event, result));
                assertThat(result.executionPath()).containsExactly("t");
            }
        }
    }

    private static void mustNotHaveStarted(NodeEvent event, ExecutionResult result) {
        assertThat(event).isInstanceOfSatisfying(NodeFailed.class, failed -> {
            assertThat(failed.attempt()).isZero();
            assertThat(failed.error().attempt()).isZero();
        });
        NodeState state = Runs.node(result, event.nodeId());
        assertThat(state.attempt()).isZero();
        assertThat(state.failure().orElseThrow().attempt()).isZero();
        assertThat(state.startedAt()).isEmpty();
    }
}
