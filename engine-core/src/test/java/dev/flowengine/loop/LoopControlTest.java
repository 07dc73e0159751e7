package dev.flowengine.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.event.NodeCompleted;
import dev.flowengine.event.NodeEvent;
import dev.flowengine.event.NodeStarted;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowDiagram;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.LoopRef;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.TypeRef;
import dev.flowengine.testing.Engines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S32 what is done to a loop while it runs, and what is seen of it")
@Timeout(120)
class LoopControlTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final FlowBuilder f = Flow.builder("loops");
    private final TriggerRef<List<Integer>> numbers = f.trigger("numbers", new TypeRef<List<Integer>>() {});
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private final List<Integer> done = Collections.synchronizedList(new ArrayList<>());

    @Test
    @DisplayName("S25 a pause holds the next iteration, and a resume goes on with it")
    void pause() throws InterruptedException {
        LoopRef<Integer> all = f.loop("each", numbers, each -> f.node("gate", each, this::gate));
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            FlowExecution run = engine.executeFromTrigger(flow, numbers, List.of(1, 2, 3));
            entered.await();
            run.pause();
            await().atMost(PATIENCE).until(run::status, ExecutionStatus.PAUSING::equals);
            open.countDown();
            await().atMost(PATIENCE).until(run::status, ExecutionStatus.PAUSED::equals);
            assertThat(done).containsExactly(1);
            NodeState loop = run.snapshot().node("each").orElseThrow();
            assertThat(loop.status()).isEqualTo(NodeStatus.RUNNING);
            assertThat(run.snapshot().progress().settled()).isEqualTo(1);
            run.resume();
            assertThat(run.await().output(all)).containsExactly(1, 2, 3);
        }
    }

    @Test
    @DisplayName("S26 a cancel in the middle of an iteration settles the loop and its body")
    void cancel() throws InterruptedException {
        f.loop("each", numbers, each -> f.node("behind", f.node("gate", each, this::gate), n -> n));
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            FlowExecution run = engine.executeFromTrigger(flow, numbers, List.of(1, 2, 3));
            entered.await();
            run.cancel("enough");
            open.countDown();
            ExecutionResult end = run.await();
            assertThat(end.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(end.snapshot().nodes()).allMatch(node -> node.status().isSettled());
            assertThat(end.snapshot().node("each").orElseThrow().status()).isEqualTo(NodeStatus.CANCELLED);
        }
    }

    @Test
    @DisplayName("S27 the node timeout of a loop ends its iteration, and its onError applies")
    void node_timeout() throws InterruptedException {
        LoopRef<Integer> all = f.loop(
                        "each", numbers, each -> f.node("behind", f.node("gate", each, this::gate), n -> n))
                .nodeTimeout(Duration.ofMillis(50))
                .recover(error -> List.of(error.kind() == FailureKind.NODE_TIMEOUT ? -1 : -2));
        NodeRef<Integer> after = f.node("after", all, List::size);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            FlowExecution run = engine.executeFromTrigger(flow, numbers, List.of(1, 2, 3));
            ExecutionResult end = run.await();
            open.countDown();
            assertThat(end.output(all)).containsExactly(-1);
            assertThat(end.output(after)).isEqualTo(1);
            assertThat(end.snapshot().node("gate").orElseThrow().status()).isEqualTo(NodeStatus.CANCELLED);
            assertThat(end.snapshot().node("behind").orElseThrow().status()).isEqualTo(NodeStatus.CANCELLED);
        }
    }

    @Test
    @DisplayName("a node of a body, or the loop, can be completed and skipped by hand")
    void by_hand() throws Exception {
        LoopRef<Integer> all = f.loop("each", numbers, each -> f.node("gate", each, this::gate));
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            FlowExecution run = engine.executeFromTrigger(flow, numbers, List.of(1, 2));
            entered.await();
            run.node("gate").complete(7).toCompletableFuture().get(30, TimeUnit.SECONDS);
            await().atMost(PATIENCE)
                    .until(() -> run.snapshot()
                            .node("gate")
                            .orElseThrow()
                            .iteration()
                            .path()
                            .equals(List.of(2)));
            await().atMost(PATIENCE)
                    .until(() -> run.snapshot().node("gate").orElseThrow().status() == NodeStatus.RUNNING);
            assertThat(run.explain("gate")).contains("RUNNING in iteration 2");
            run.node("each").complete(List.of(9)).toCompletableFuture().get(30, TimeUnit.SECONDS);
            ExecutionResult end = run.await();
            open.countDown();
            assertThat(end.output(all)).containsExactly(9);
        }
    }

    @Test
    @DisplayName("S36 events of a body tell their iteration; the loop starts and completes once")
    void events() throws InterruptedException {
        List<NodeEvent> events = Collections.synchronizedList(new ArrayList<>());
        AtomicBoolean failed = new AtomicBoolean();
        CountDownLatch told = new CountDownLatch(1);
        f.loop(
                "each",
                numbers,
                each -> f.node("work", each, n -> {
                            if (n == 2 && failed.compareAndSet(false, true)) {
                                throw new IllegalStateException("once");
                            }
                            return n;
                        })
                        .retry(RetryPolicy.fixed(Duration.ofMillis(1)).maxAttempts(2)));
        Flow flow = f.build();
        ExecutionListener listener = new ExecutionListener() {
            @Override
            public void onEvent(ExecutionEvent event) {
                if (event instanceof NodeEvent node) {
                    events.add(node);
                } else if (event instanceof ExecutionFinished) {
                    told.countDown();
                }
            }
        };
        try (FlowEngine engine = Engines.builder().listener(listener).build()) {
            engine.executeFromTrigger(flow, numbers, List.of(1, 2));
            assertThat(told.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        assertThat(told(events, NodeStarted.class, "work")).containsExactly("1#1", "2#1", "2#2");
        assertThat(told(events, NodeCompleted.class, "work")).containsExactly("1#1", "2#2");
        assertThat(told(events, NodeStarted.class, "each")).containsExactly("#1");
        assertThat(told(events, NodeCompleted.class, "each")).containsExactly("#1");
    }

    @Test
    @DisplayName("S38 metrics take a loop as one node that lasts from its first iteration to its last")
    void metrics() throws InterruptedException {
        LoopRef<Integer> all = f.loop("each", numbers, each -> f.node("work", each, n -> n));
        f.node("after", all, List::size);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult end =
                    engine.executeFromTrigger(flow, numbers, List.of(1, 2)).await();
            NodeState loop = end.snapshot().node("each").orElseThrow();
            NodeState work = end.snapshot().node("work").orElseThrow();
            assertThat(loop.startedAt().orElseThrow())
                    .isBeforeOrEqualTo(work.startedAt().orElseThrow());
            assertThat(loop.endedAt().orElseThrow())
                    .isAfterOrEqualTo(work.endedAt().orElseThrow());
            assertThat(end.snapshot()
                            .metrics()
                            .timing()
                            .orElseThrow()
                            .criticalPath()
                            .nodes())
                    .contains("each", "after")
                    .doesNotContain("work");
            assertThat(FlowDiagram.mermaid(end.snapshot())).contains("each", "work");
            assertThat(end.snapshot().plan().order()).containsSubsequence("each", "work", "after");
        }
    }

    @Test
    @DisplayName(
            "S29 a redrive runs a failed loop again from its first iteration, and takes over one that has completed")
    void redrive() throws InterruptedException {
        AtomicInteger bodies = new AtomicInteger();
        AtomicBoolean broken = new AtomicBoolean(true);
        List<NodeRef<Integer>> body = new ArrayList<>();
        LoopRef<Integer> good = f.loop("good", numbers, each -> f.node("count", each, n -> bodies.incrementAndGet()));
        LoopRef<Integer> bad = f.loop("bad", good, each -> {
            body.add(f.node("shaky", each, n -> {
                if (n == 2 && broken.get()) {
                    throw new IllegalStateException("broken");
                }
                return n;
            }));
            return body.get(0);
        });
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult first =
                    engine.executeFromTrigger(flow, numbers, List.of(5, 6)).await();
            assertThat(first.status()).isEqualTo(ExecutionStatus.FAILED);
            broken.set(false);
            assertThat(engine.redrive(first.executionId()).plan().rerun()).containsExactlyInAnyOrder("bad", "shaky");
            assertThatThrownBy(() -> engine.redrive(first.executionId()).from(body.get(0), 3))
                    .hasMessageContaining("body of a loop");
            ExecutionResult again = engine.redrive(first.executionId()).start().await();
            assertThat(again.output(bad)).containsExactly(1, 2);
            assertThat(again.output(good)).containsExactly(1, 2);
            assertThat(bodies).hasValue(2);
        }
    }

    private Integer gate(Integer value) throws InterruptedException {
        entered.countDown();
        open.await();
        done.add(value);
        return value;
    }

    private static List<String> told(List<NodeEvent> events, Class<? extends NodeEvent> kind, String node) {
        Function<NodeEvent, String> told = event -> event.iteration() + "#" + event.attempt();
        return events.stream()
                .filter(kind::isInstance)
                .filter(event -> event.nodeId().equals(node))
                .map(told)
                .collect(Collectors.toList());
    }
}
