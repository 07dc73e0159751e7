package dev.flowengine.engine;

import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.NodeCancelled;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.NodeContext;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CloseTest {
    private static final Duration SHORT = Duration.ofMillis(20);

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicReference<NodeContext> context = new AtomicReference<>();
    private final AtomicReference<Throwable> thrown = new AtomicReference<>();

    /** Waits until it is released, and keeps what it is thrown. */
    private Object hold(NodeContext given) throws InterruptedException {
        context.set(given);
        entered.countDown();
        try {
            release.await();
        } catch (InterruptedException e) {
            thrown.set(e);
            throw e;
        }
        return "released";
    }

    /** Cannot be interrupted. */
    private Object clutch(NodeContext given) {
        context.set(given);
        entered.countDown();
        boolean open = false;
        while (!open) {
            try {
                release.await();
                open = true;
            } catch (InterruptedException e) {
                thrown.set(e);
            }
        }
        return "released";
    }

    private static Flow withNext(NodeDefinition first) {
        return Flow.definition("closing")
                .trigger("t")
                .add(first)
                .add(Nodes.tracing("next"))
                .add(Nodes.tracing("last"))
                .connect("t", first.id())
                .connect(first.id(), "next")
                .connect("next", "last")
                .build();
    }

    private static Flow alone(NodeDefinition only) {
        return Flow.definition("closing")
                .trigger("t")
                .add(only)
                .connect("t", only.id())
                .build();
    }

    private FlowExecution started(FlowEngine engine, Flow flow) {
        FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
        Runs.awaitOpen(entered);
        return run;
    }

    private static CompletableFuture<Void> closing(FlowEngine engine, Duration grace) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        Thread closer = new Thread(
                () -> {
                    engine.close(grace);
                    closed.complete(null);
                },
                "closer");
        closer.setDaemon(true);
        closer.start();
        return closed;
    }

    @Test
    @DisplayName("S24 a closed engine refuses everything that would start something, with ENGINE_CLOSED")
    void a_closed_engine_refuses_new_starts() {
        Flow flow = Flow.definition("short").trigger("t").build();
        FlowEngine engine = Engines.create();
        FlowExecution before = engine.executeFromTrigger(flow, "t", 1);
        Runs.ended(before);
        engine.close();

        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> engine.executeFromTrigger(flow, "t", 1))
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.ENGINE_CLOSED));
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> engine.register(flow))
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.ENGINE_CLOSED));
        assertThat(engine.find(before.id()))
                .as("what has ended can still be read")
                .isPresent();
    }

    @WithThreads
    @DisplayName("S23 an execution whose last node finishes in the grace ends as it would have")
    void an_execution_that_finishes_in_the_grace_completes(int threads) {
        FlowEngine engine = Engines.withThreads(threads);
        FlowExecution run = started(engine, alone(Nodes.node("a", this::hold)));
        CompletableFuture<Void> closed = closing(engine, Runs.PATIENCE);
        await().until(() -> refuses(engine));
        assertThat(run.status()).isEqualTo(ExecutionStatus.RUNNING);

        release.countDown();
        assertThat(Runs.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(run.snapshot().node("a").orElseThrow().status()).isEqualTo(NodeStatus.COMPLETED);
        closed.join();
        assertThat(thrown).hasNullValue();
    }

    private static boolean refuses(FlowEngine engine) {
        try {
            engine.register(Flow.definition("probe").trigger("t").build());
            return false;
        } catch (FlowException refusal) {
            return true;
        }
    }

    @WithThreads
    @DisplayName("S23 S26 a running body may finish, but nothing starts after it: the execution is cancelled")
    void nothing_starts_after_the_running_body(int threads) {
        FlowEngine engine = Engines.withThreads(threads);
        FlowExecution run = started(engine, withNext(Nodes.node("a", this::hold)));
        CompletableFuture<Void> closed = closing(engine, Runs.PATIENCE);
        await().until(() -> refuses(engine));
        release.countDown();
        ExecutionResult result = Runs.ended(run);
        closed.join();

        assertThat(result.status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(Runs.states(result))
                .isEqualTo(Map.of("t", "COMPLETED", "a", "COMPLETED", "next", "CANCELLED", "last", "CANCELLED"));
        FlowException failure = result.failure().orElseThrow();
        assertThat(failure.kind()).isEqualTo(FailureKind.ENGINE_CLOSED);
        assertThat(failure).hasMessageContainingAll(run.id(), "'closing'", "closed");
    }

    @WithThreads
    @DisplayName("S26 after the grace a body sees the cancellation and is interrupted, and every node is settled")
    void after_the_grace_a_body_is_interrupted(int threads) {
        FlowEngine engine = Engines.withThreads(threads);
        FlowExecution run = started(engine, withNext(Nodes.node("a", this::hold)));
        assertThat(context.get().cancellation().isRequested()).isFalse();
        engine.close(SHORT);

        assertThat(Runs.states(Runs.ended(run)))
                .isEqualTo(Map.of("t", "COMPLETED", "a", "CANCELLED", "next", "CANCELLED", "last", "CANCELLED"));
        assertThat(run.status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(context.get().cancellation().isRequested()).isTrue();
        await().untilAsserted(() -> assertThat(thrown.get()).isInstanceOf(InterruptedException.class));
    }

    @WithThreads
    @DisplayName("S26 what a body does about its interrupt no longer counts: the run is cancelled, not failed")
    void an_interrupted_body_does_not_fail_its_run(int threads) {
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < 200; i++) {
            CountDownLatch running = new CountDownLatch(1);
            FlowEngine engine = Engines.withThreads(threads);
            Flow flow = alone(Nodes.node("a", given -> {
                running.countDown();
                never.await();
                return 1;
            }));
            FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
            Runs.awaitOpen(running);
            engine.close(Duration.ZERO);

            assertThat(Runs.states(Runs.ended(run))).isEqualTo(Map.of("t", "COMPLETED", "a", "CANCELLED"));
            assertThat(run.status()).isEqualTo(ExecutionStatus.CANCELLED);
        }
    }

    @WithThreads
    @DisplayName("S26 R14 bodies that ignore everything, on all threads, do not hold up the close")
    void bodies_that_ignore_everything_do_not_hold_up_the_close(int threads) {
        FlowEngine engine = Engines.withThreads(threads);
        List<FlowExecution> runs = new ArrayList<>();
        for (int i = 0; i < 2 * threads; i++) {
            NodeDefinition.Builder clutching = NodeDefinition.builder("a").body(this::clutch);
            runs.add(started(engine, withNext((i % 2 == 0 ? clutching.cpuBound() : clutching).build())));
        }
        engine.close(SHORT);

        for (FlowExecution run : runs) {
            ExecutionResult result = Runs.ended(run);
            assertThat(result.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(Runs.states(result)).containsEntry("a", "CANCELLED").containsEntry("last", "CANCELLED");
        }
        release.countDown();
    }

    @Test
    @DisplayName("S8 closing again changes nothing, also from several threads at once")
    void closing_again_changes_nothing() {
        FlowEngine engine = Engines.create();
        FlowExecution run = started(engine, alone(Nodes.node("a", this::hold)));
        List<CompletableFuture<Void>> closed = List.of(closing(engine, Runs.PATIENCE), closing(engine, Runs.PATIENCE));
        await().until(() -> refuses(engine));
        release.countDown();
        closed.forEach(CompletableFuture::join);
        engine.close();

        assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
    }

    @Test
    @DisplayName("S28 a body must not close its engine")
    void a_body_must_not_close_its_engine() {
        try (FlowEngine engine = Engines.create()) {
            Flow flow = alone(Nodes.node("a", given -> {
                engine.close(SHORT);
                return 1;
            }));
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow, "t", 1));

            assertThat(Runs.node(result, "a").failure().orElseThrow().summary())
                    .startsWith("java.lang.IllegalStateException: a body must not close its engine");
            Runs.ended(engine.executeFromTrigger(
                    Flow.definition("open").trigger("t").build(), "t", 1));
        }
    }

    @Test
    @DisplayName("R37 an interrupted close still ends every execution, and keeps the interrupt")
    void an_interrupted_close_ends_everything() {
        FlowEngine engine = Engines.create();
        FlowExecution run = started(engine, withNext(Nodes.node("a", this::hold)));
        Thread.currentThread().interrupt();
        try {
            engine.close(Runs.PATIENCE);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(Runs.ended(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
    }

    @WithThreads
    @DisplayName("S36 a cancelled execution tells its listeners of every node, and of its end as the last")
    void listeners_are_told_of_the_end(int threads) {
        Recorder recorder = new Recorder();
        FlowEngine engine = recorder.listeningTo(Engines.builder().workers(threads));
        FlowExecution run = started(engine, withNext(Nodes.node("a", this::hold)));
        engine.close(SHORT);

        List<ExecutionEvent> events = recorder.eventsOf(run.id());
        assertThat(events)
                .extracting(ExecutionEvent::wireName)
                .filteredOn(name -> name.equals("node-cancelled"))
                .hasSize(3);
        assertThat(((ExecutionFinished) events.get(events.size() - 1)).status()).isEqualTo(ExecutionStatus.CANCELLED);
    }

    @Test
    @DisplayName("S8 a close may be given all the time there is")
    void a_close_may_take_forever() {
        Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
        FlowEngine engine = Engines.create();
        FlowExecution run = started(engine, alone(Nodes.node("a", this::hold)));
        CompletableFuture<Void> closed = closing(engine, forever);
        await().until(() -> refuses(engine));
        assertThat(closed).isNotDone();
        release.countDown();

        await().until(closed::isDone);
        assertThat(closed).isCompleted();
        assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
        Engines.create().close(forever);
    }

    @WithThreads
    @DisplayName("S26 S36 a node that is cancelled before it starts has made no attempt")
    void a_node_cancelled_before_it_starts_has_made_no_attempt(int threads) {
        Recorder recorder = new Recorder();
        FlowEngine engine = recorder.listeningTo(Engines.builder().workers(threads));
        Flow flow = withNext(Nodes.async("a", new CompletableFuture<>()));
        FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
        Runs.awaitNode(run, "a", NodeStatus.RUNNING);
        engine.close(Duration.ZERO);

        Map<String, Integer> told = recorder.eventsOf(run.id()).stream()
                .filter(NodeCancelled.class::isInstance)
                .map(NodeCancelled.class::cast)
                .collect(Collectors.toMap(NodeCancelled::nodeId, NodeCancelled::attempt));
        assertThat(told).isEqualTo(Map.of("a", 1, "next", 0, "last", 0));
        assertThat(told)
                .allSatisfy((id, attempt) -> assertThat(
                                run.snapshot().node(id).orElseThrow().attempt())
                        .isEqualTo(attempt));
    }

    @Test
    @DisplayName("a second close waits until the first is done")
    void a_second_close_waits_for_the_first() throws Exception {
        FlowEngine engine = Engines.create();
        Flow flow = Flow.definition("held")
                .trigger("t")
                .add(NodeDefinition.builder("a").body(this::hold).build())
                .connect("t", "a")
                .build();
        FlowExecution run = engine.executeFromTrigger(flow, "t", null);
        Runs.awaitOpen(entered);
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> engine.close(Duration.ofSeconds(30)));
        await().until(() -> refusesStarts(engine, flow));

        CompletableFuture<Boolean> second = CompletableFuture.supplyAsync(() -> {
            engine.close(Duration.ofSeconds(30));
            return run.status().isTerminal();
        });
        release.countDown();

        first.get();
        assertThat(second.get()).as("ended when the second close returned").isTrue();
    }

    private static boolean refusesStarts(FlowEngine engine, Flow flow) {
        try {
            engine.executeFromTrigger(flow, "t", null);
            return false;
        } catch (FlowException refused) {
            return refused.kind() == FailureKind.ENGINE_CLOSED;
        }
    }
}
