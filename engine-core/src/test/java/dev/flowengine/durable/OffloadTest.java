package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.FlowEngineBuilder;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.event.ExecutionStatusChanged;
import dev.flowengine.event.NodeEvent;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeControl;
import dev.flowengine.execution.NodeState;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.SignalRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.Ownership;
import dev.flowengine.persistence.Standing;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S35 S43 executions that only wait are let go of, and taken up again when there is something to do")
@Timeout(120)
class OffloadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration IDLE = Duration.ofSeconds(10);
    /** No lease ends by the virtual time that goes by here. */
    private static final Duration LEASE = Duration.ofDays(3_000);

    private final VirtualTime time = new VirtualTime();
    private final InMemoryExecutionStore memory = new InMemoryExecutionStore(100_000, 256L << 20, time);
    private final AtomicInteger bodies = new AtomicInteger();

    @Test
    @DisplayName("one that waits for a time is nobody's until that comes, and ends then; nothing is done twice")
    void waits_for_a_time() throws Exception {
        try (FlowEngine engine = engine(memory)) {
            FlowExecution run = engine.executeFromTrigger(waiting(), "t", 4);
            awaitStatus(run, ExecutionStatus.WAITING);
            Instant until = until(run);
            awaitLetGo(engine);

            assertThat(owner(run).standing())
                    .isInstanceOfSatisfying(
                            Standing.Due.class, due -> assertThat(due.at()).isBetween(until.minusSeconds(1), until));
            assertThat(run.status()).isEqualTo(ExecutionStatus.WAITING);
            assertThat(node(run, "wait").status()).isEqualTo(NodeStatus.WAITING);
            assertThat(until(run)).isEqualTo(until);
            assertThat(run.progress().settled()).isEqualTo(2);
            assertThat(run.explain("wait")).contains(until.toString());
            assertThat(engine.find(run.id()).orElseThrow().status()).isEqualTo(ExecutionStatus.WAITING);

            time.advance(Duration.between(time.instant(), until));
            ExecutionResult end = end(run);
            assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(end.output("after", Integer.class)).isEqualTo(6);
            assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(bodies).hasValue(2);
        }
    }

    @Test
    @DisplayName("one that waits for a signal is nobody's until that comes, and goes on at once then")
    void waits_for_a_signal() throws Exception {
        try (FlowEngine engine = engine(memory)) {
            FlowExecution run = engine.executeFromTrigger(asking(), "t", 4);
            awaitLetGo(engine);
            assertThat(owner(run).standing()).isInstanceOf(Standing.Dormant.class);
            engine.signal(run.id(), "answer", "yes");
            assertThat(end(run).output("after", String.class)).isEqualTo("4yes");
        }
    }

    @Test
    @DisplayName("whoever waited before it was let go of, or asks for its end meanwhile, is told when it has ended")
    void handles_are_told() throws Exception {
        try (FlowEngine engine = engine(memory)) {
            FlowExecution run = engine.executeFromTrigger(asking(), "t", 4);
            CompletableFuture<ExecutionResult> before = run.completion().toCompletableFuture();
            FutureTask<ExecutionResult> blocked = new FutureTask<>(run::await);
            Thread host = new Thread(blocked);
            host.start();
            await().atMost(PATIENCE).until(() -> host.getState() == Thread.State.WAITING);
            awaitLetGo(engine);
            CompletableFuture<ExecutionResult> meanwhile = run.completion().toCompletableFuture();
            FlowExecution found = engine.find(run.id()).orElseThrow();
            CompletableFuture<ExecutionResult> elsewhere = found.completion().toCompletableFuture();
            run.signal("answer", "yes");
            for (Future<ExecutionResult> each : List.of(before, blocked, meanwhile, elsewhere)) {
                assertThat(each.get(20, TimeUnit.SECONDS).output("after", String.class))
                        .isEqualTo("4yes");
            }
            assertThat(run.snapshot().status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName(
            "listeners are told the same, in the same order and with the same numbers, as if it had never been let go of")
    void events_go_on() throws Exception {
        List<String> live = events(Duration.ZERO);
        List<String> letGo = events(IDLE);
        assertThat(letGo).isEqualTo(live).anyMatch(event -> event.contains("node-timeout-near"));
    }

    private static Flow told() {
        AtomicInteger attempts = new AtomicInteger();
        FlowBuilder f = Flow.builder("told");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Integer> unsteady = f.node("unsteady", t, n -> {
                    if (attempts.incrementAndGet() == 1) {
                        throw new IllegalStateException("not yet");
                    }
                    return n;
                })
                .returns(Integer.class)
                .retry(RetryPolicy.fixed(Duration.ofHours(1)));
        NodeRef<Integer> waited = f.waitFor("wait", unsteady, Duration.ofHours(1));
        f.waitForSignal("answer", waited, String.class).nodeTimeout(Duration.ofHours(10));
        return f.build();
    }

    /** What is told of an execution with two waits, a retry and a signal, with engines that let go of it or do not. */
    private List<String> events(Duration offloadAfter) throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        InMemoryExecutionStore store = new InMemoryExecutionStore(100, 1L << 20, time);
        try (FlowEngine engine = builder(store)
                .offloadAfter(offloadAfter)
                .listener(new ExecutionListener() {
                    @Override
                    public void onEvent(ExecutionEvent event) {
                        told.add(event.seq() + " " + event.wireName()
                                + (event instanceof NodeEvent node ? " " + node.nodeId() + " " + node.attempt() : "")
                                + (event instanceof ExecutionStatusChanged change ? " " + change.status() : ""));
                    }
                })
                .build()) {
            FlowExecution run = engine.executeFromTrigger(told(), "t", 4);
            Instant start = time.instant();
            for (String node : List.of("unsteady", "wait")) {
                await().atMost(PATIENCE).until(() -> node(run, node).status() == NodeStatus.WAITING);
                pass(engine, offloadAfter, start.plus(Duration.ofMinutes(59)));
                time.advance(Duration.ofMinutes(5));
                start = time.instant();
                await().atMost(PATIENCE).until(() -> node(run, node).status() == NodeStatus.COMPLETED);
            }
            awaitStatus(run, ExecutionStatus.WAITING);
            pass(engine, offloadAfter, start.plus(Duration.ofHours(7)));
            time.advance(Duration.ofMinutes(90));
            await().atMost(PATIENCE).until(() -> told.stream().anyMatch(event -> event.contains("near")));
            pass(engine, offloadAfter, time.instant());
            run.signal("answer", "yes");
            assertThat(end(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
            await().atMost(PATIENCE).until(() -> told.get(told.size() - 1).contains("execution-finished"));
        }
        return told;
    }

    /** Time goes by until an instant; the execution is let go of meanwhile, if the engine does that. */
    private void pass(FlowEngine engine, Duration offloadAfter, Instant until) {
        if (!offloadAfter.isZero()) {
            awaitLetGo(engine);
        }
        if (until.isAfter(time.instant())) {
            time.advance(Duration.between(time.instant(), until));
        }
    }

    @Test
    @DisplayName("S26 one that was let go of is cancelled")
    void cancelled() throws Exception {
        try (FlowEngine engine = engine(memory)) {
            FlowExecution run = engine.executeFromTrigger(asking(), "t", 4);
            awaitLetGo(engine);
            assertThat(run.cancel("not wanted any more")).isEqualTo(ExecutionStatus.WAITING);
            ExecutionResult end = end(run);
            assertThat(end.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(end.failure().orElseThrow()).hasMessageContaining("not wanted any more");
            assertThat(run.cancel("again")).isEqualTo(ExecutionStatus.CANCELLED);
        }
    }

    @Test
    @DisplayName("S25 one that was let go of is paused, stays here then, and is resumed")
    void paused() throws Exception {
        try (FlowEngine engine = engine(memory)) {
            FlowExecution run = engine.executeFromTrigger(asking(), "t", 4);
            awaitLetGo(engine);
            run.pause();
            awaitStatus(run, ExecutionStatus.PAUSED);
            run.signal("answer", "yes");
            time.advance(IDLE.multipliedBy(4));
            assertThat(engine.health().executions()).isEqualTo(1);
            run.resume();
            assertThat(end(run).output("after", String.class)).isEqualTo("4yes");
        }
    }

    @Test
    @DisplayName("nodes of one that was let go of can be intervened in, by what was asked for before and after")
    void interventions() throws Exception {
        try (FlowEngine engine = engine(memory)) {
            FlowExecution run = engine.executeFromTrigger(waiting(), "t", 4);
            awaitStatus(run, ExecutionStatus.WAITING);
            NodeControl before = run.node("wait");
            awaitLetGo(engine);
            assertThatThrownBy(() -> run.node("nowhere")).hasMessageContaining("no node 'nowhere'");
            assertThatThrownBy(() -> before.retryNow().toCompletableFuture().get(20, TimeUnit.SECONDS))
                    .hasMessageContaining("does not wait for another attempt");
            awaitLetGo(engine);
            run.node("wait").complete(41).toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThat(end(run).output("after", Integer.class)).isEqualTo(42);
        }
    }

    @Test
    @DisplayName(
            "R6 being taken up again is no try, however often it is in vain: by the clock of the store it is due, by that of"
                    + " the engine it is not")
    void no_tries() throws Exception {
        try (FlowEngine engine = builder(memory).maxTakeOvers(1).build()) {
            FlowExecution run = engine.executeFromTrigger(waiting(), "t", 4);
            awaitLetGo(engine);
            memory.advance(Duration.ofHours(3));
            await().atMost(PATIENCE).until(() -> {
                time.advance(IDLE.dividedBy(2));
                return owner(run).epoch() > 4;
            });
            assertThat(owner(run).tries()).isZero();
            assertThat(run.status()).isEqualTo(ExecutionStatus.WAITING);
            time.advance(Duration.ofHours(3));
            assertThat(end(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("thousands wait without being anybody's, and all of them end when they are asked to, or are due")
    void many() throws Exception {
        int many = 2_000;
        try (FlowEngine engine = engine(memory)) {
            List<FlowExecution> runs = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                runs.add(engine.executeFromTrigger(i % 2 == 0 ? waiting() : asking(), "t", i));
            }
            assertThat(engine.health().executions()).isPositive();
            awaitLetGo(engine);
            for (int i = 1; i < many; i += 2) {
                engine.signal(runs.get(i).id(), "answer", "!");
            }
            for (int i = 1; i < many; i += 2) {
                assertThat(end(runs.get(i)).output("after", String.class)).isEqualTo(i + "!");
            }
            assertThat(engine.health().executions()).isZero();
            time.advance(Duration.ofHours(3));
            for (int i = 0; i < many; i += 2) {
                assertThat(end(runs.get(i)).status()).isEqualTo(ExecutionStatus.COMPLETED);
            }
            assertThat(bodies).hasValue(many);
        }
    }

    @Test
    @DisplayName("what would be lost, or goes on soon, is not let go of; nor is anything if the host does not want it")
    void stays() throws Exception {
        FlowBuilder f = Flow.builder("early");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        SignalRef<Integer, String> gate = f.waitForSignal("gate", t, String.class);
        f.waitForSignal("later", gate, String.class);
        FlowBuilder g = Flow.builder("limited");
        g.waitForSignal("answer", g.trigger("t", Integer.class), String.class).nodeTimeout(Duration.ofDays(1));
        FlowBuilder h = Flow.builder("soon");
        h.waitFor("wait", h.trigger("t", Integer.class), Duration.ofMinutes(10));
        try (FlowEngine engine = engine(memory);
                FlowEngine never = builder(new InMemoryExecutionStore(9, 1L << 20, time))
                        .offloadAfter(Duration.ZERO)
                        .build()) {
            FlowExecution early = engine.executeFromTrigger(f.build(), "t", 4);
            FlowExecution extended = engine.executeFromTrigger(g.build(), "t", 4);
            FlowExecution letGo = engine.executeFromTrigger(asking(), "t", 4);
            FlowExecution kept = never.executeFromTrigger(asking(), "t", 4);
            for (FlowExecution each : List.of(early, extended, letGo, kept)) {
                awaitStatus(each, ExecutionStatus.WAITING);
            }
            early.signal("later", "kept for the node that waits for it later");
            extended.node("answer")
                    .extendTimeout(Duration.ofDays(1))
                    .toCompletableFuture()
                    .get();
            await().atMost(PATIENCE).until(() -> {
                time.advance(IDLE.dividedBy(2));
                return owner(letGo).standing() instanceof Standing.Dormant;
            });
            FlowExecution soon = engine.executeFromTrigger(h.build(), "t", 4);
            awaitStatus(soon, ExecutionStatus.WAITING);
            time.advance(Duration.ofMinutes(10).minus(IDLE));
            FlowExecution second = engine.executeFromTrigger(asking(), "t", 4);
            awaitStatus(second, ExecutionStatus.WAITING);
            assertThat(List.of(owner(early), owner(extended), owner(soon)))
                    .extracting(Ownership::standing)
                    .containsOnly(Standing.owned());
            assertThat(never.health().executions()).isEqualTo(1);
        }
    }

    private Flow waiting() {
        FlowBuilder f = Flow.builder("waiting");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Integer> first =
                f.node("first", t, n -> n + bodies.incrementAndGet()).returns(Integer.class);
        NodeRef<Integer> waited = f.waitFor("wait", first, Duration.ofHours(3));
        f.node("after", waited, n -> n - 1 + bodies.incrementAndGet()).returns(Integer.class);
        return f.build();
    }

    private static Flow asking() {
        FlowBuilder f = Flow.builder("asking");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        SignalRef<Integer, String> answer = f.waitForSignal("answer", t, String.class);
        f.node("after", t, answer, (n, text) -> n + text).returns(String.class);
        return f.build();
    }

    private FlowEngine engine(ExecutionStore store) {
        return builder(store).build();
    }

    private FlowEngineBuilder builder(ExecutionStore store) {
        return time.in(Durable.builder(store).lease(LEASE)).offloadAfter(IDLE);
    }

    private void awaitLetGo(FlowEngine engine) {
        await().atMost(PATIENCE).until(() -> {
            time.advance(IDLE.dividedBy(2));
            return engine.health().executions() == 0;
        });
    }

    private Ownership owner(FlowExecution run) {
        return memory.find(run.id()).orElseThrow().ownership();
    }

    private static Instant until(FlowExecution run) {
        return node(run, "wait").waitsFor().orElseThrow().until().orElseThrow();
    }

    private static NodeState node(FlowExecution run, String node) {
        return run.snapshot().node(node).orElseThrow();
    }

    private static void awaitStatus(FlowExecution run, ExecutionStatus status) {
        await().atMost(PATIENCE).until(run::status, status::equals);
    }

    private static ExecutionResult end(FlowExecution run) throws InterruptedException {
        return run.await(PATIENCE)
                .orElseThrow(() -> new AssertionError(run.snapshot().nodes()));
    }
}
