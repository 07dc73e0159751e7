package dev.flowengine.observing;

import static dev.flowengine.observing.Observatory.awaitUntil;
import static dev.flowengine.observing.Observatory.ended;
import static dev.flowengine.observing.Observatory.line;
import static dev.flowengine.observing.Observatory.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.event.ExecutionStuck;
import dev.flowengine.execution.EngineHealth;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.NodeContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("R34 executions that stand still")
class StuckTest {
    private static final int MINUTE = 60;

    private final List<ExecutionEvent> events = new CopyOnWriteArrayList<>();
    private final Observatory observatory =
            new Observatory(builder -> builder.stuckAfter(seconds(MINUTE)).listener(new ExecutionListener() {
                @Override
                public void onEvent(ExecutionEvent event) {
                    events.add(event);
                }
            }));

    @AfterEach
    void close() {
        observatory.close();
    }

    private List<ExecutionStuck> told() {
        return events.stream()
                .filter(ExecutionStuck.class::isInstance)
                .map(ExecutionStuck.class::cast)
                .toList();
    }

    /** All events of the only execution, which has ended. */
    private List<ExecutionEvent> all() {
        awaitUntil("the last event", () -> events.stream().anyMatch(ExecutionFinished.class::isInstance));
        return events;
    }

    private EngineHealth health() {
        return observatory.engine().health();
    }

    @Test
    @DisplayName("are told once per standstill, in order with all events, and degrade the engine until they go on")
    void are_told_once_and_degrade_the_engine() {
        FlowExecution run = observatory.startUntil(line(observatory.held("a"), observatory.held("b")), "a");
        observatory.advance(MINUTE + 14);
        assertThat(health().status()).as("first seen at 15 s").isEqualTo(EngineHealth.Status.UP);
        observatory.advance(1);

        awaitUntil("it is told", () -> !told().isEmpty());
        ExecutionStuck stuck = told().get(0);
        assertThat(stuck.since()).isEqualTo(run.snapshot().startedAt().plusSeconds(15));
        assertThat(stuck.instant()).isEqualTo(stuck.since().plusSeconds(MINUTE));
        assertThat(stuck.openNodes()).containsExactly("a");
        assertThat(health().status()).isEqualTo(EngineHealth.Status.DEGRADED);
        assertThat(health().stuckExecutions()).isEqualTo(1);
        assertThat(health().reasons())
                .containsExactly("Execution " + run.id() + " of flow 'line' has stood still since " + stuck.since()
                        + ". " + run.explain("a"));
        observatory.advance(10 * MINUTE);
        assertThat(health().stuckExecutions()).isEqualTo(1);

        observatory.end(run, "a");
        Observatory.awaitRunning(run, "b");
        assertThat(health().status()).as("it has gone on").isEqualTo(EngineHealth.Status.UP);
        observatory.advance(2 * MINUTE);
        awaitUntil("the next standstill is told", () -> told().size() == 2);
        assertThat(told().get(1).openNodes()).containsExactly("b");
        observatory.release("b");
        ended(run);
        assertThat(all()).extracting(ExecutionEvent::seq).containsExactlyElementsOf(seqTo(events.size()));
        assertThat(told()).hasSize(2);
        assertThat(health().stuckExecutions()).isZero();
    }

    private static List<Long> seqTo(int end) {
        return LongStream.rangeClosed(1, end).boxed().toList();
    }

    @Test
    @DisplayName("are not those in which now and then something happens")
    void are_not_those_in_which_something_happens() {
        NodeDefinition[] nodes = new NodeDefinition[6];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = observatory.held("n" + i);
        }
        FlowExecution run = observatory.start(line(nodes));
        for (int i = 0; i < nodes.length; i++) {
            Observatory.awaitRunning(run, "n" + i);
            observatory.advance(MINUTE - 10);
            observatory.end(run, "n" + i);
        }
        ended(run);
        all();

        assertThat(told()).isEmpty();
    }

    @Test
    @DisplayName("are not those whose bodies report that they get on")
    void are_not_those_whose_bodies_report() {
        AtomicReference<NodeContext> body = new AtomicReference<>();
        CountDownLatch release = new CountDownLatch(1);
        FlowExecution run = observatory.start(line(NodeDefinition.builder("a")
                .body(context -> {
                    body.set(context);
                    release.await();
                    return 1;
                })
                .build()));
        Observatory.awaitRunning(run, "a");
        awaitUntil("its body runs", () -> body.get() != null);
        for (int i = 0; i < 10; i++) {
            observatory.advance(MINUTE - 20);
            body.get().progress(i / 10.0, "getting on");
        }
        release.countDown();
        ended(run);
        all();

        assertThat(told()).isEmpty();
    }

    @Test
    @DisplayName("S8 are not those that wait, although nothing happens in them for long")
    void are_not_those_that_wait() {
        NodeDefinition failing = NodeDefinition.builder("a")
                .body(context -> {
                    if (context.attempt() == 1) {
                        throw new IllegalStateException("planned failure of attempt 1");
                    }
                    return 1;
                })
                .retry(RetryPolicy.fixed(Duration.ofHours(1)))
                .build();
        FlowExecution run = observatory.start(line(failing));
        Observatory.awaitStatus(run, ExecutionStatus.WAITING);
        observatory.time().advance(Duration.ofHours(1));
        ended(run);
        all();

        assertThat(told()).isEmpty();
    }

    @Test
    @DisplayName("S25 are not those that somebody has paused")
    void are_not_those_that_are_paused() {
        FlowExecution run = observatory.startUntil(line(observatory.held("a"), observatory.held("b")), "a");
        run.pause();
        Observatory.awaitStatus(run, ExecutionStatus.PAUSING);
        observatory.advance(10 * MINUTE);
        observatory.end(run, "a");
        Observatory.awaitStatus(run, ExecutionStatus.PAUSED);
        observatory.advance(10 * MINUTE);
        assertThat(health().status()).isEqualTo(EngineHealth.Status.UP);
        run.resume();
        Observatory.awaitRunning(run, "b");
        observatory.advance(MINUTE);
        assertThat(health().stuckExecutions())
                .as("a pause is no part of a standstill")
                .isZero();
        observatory.release("b");
        ended(run);
        all();

        assertThat(told()).isEmpty();
    }

    @Test
    @DisplayName("S20 are not those in which a node is tried again and again")
    void are_not_those_that_try_again() {
        NodeDefinition failing = NodeDefinition.builder("a")
                .body(context -> {
                    throw new IllegalStateException("planned failure");
                })
                .retry(RetryPolicy.fixed(seconds(20)).maxAttempts(10))
                .build();
        FlowDefinition flow = Flow.definition("both")
                .trigger("t")
                .add(failing)
                .add(NodeDefinition.builder("b")
                        .asyncBody(context -> new CompletableFuture<>())
                        .build())
                .connect("t", "a")
                .connect("t", "b");
        FlowExecution run = observatory.startUntil(flow.build(), "b");
        for (int attempt = 1; attempt < 10; attempt++) {
            int number = attempt;
            awaitUntil(
                    "attempt " + number,
                    () -> run.snapshot().node("a").orElseThrow().attempt() == number
                            && Observatory.statusOf(run, "a") == NodeStatus.WAITING);
            // A snapshot may be ahead of the timers: one for the next attempt, beside the one that looks for
            // standstills.
            observatory.time().awaitPending(2);
            observatory.advance(20);
        }

        assertThat(told()).isEmpty();
        assertThat(run.status()).isEqualTo(ExecutionStatus.RUNNING);
    }

    @Test
    @DisplayName("name 20 open nodes and three executions at most")
    void name_only_some() {
        FlowDefinition wide = Flow.definition("wide").trigger("t");
        for (int i = 0; i < 25; i++) {
            // Stages hold no thread, so that all begin also where there is but one.
            NodeDefinition endless = NodeDefinition.builder("n" + i)
                    .asyncBody(context -> new CompletableFuture<>())
                    .build();
            wide.add(endless).connect("t", "n" + i);
        }
        Flow flow = wide.build();
        for (int i = 0; i < 5; i++) {
            FlowExecution run = observatory.start(flow);
            awaitUntil("all have begun", () -> run.snapshot().executionPath().size() == 26);
        }
        observatory.advance(2 * MINUTE);
        assertThat(health().stuckExecutions()).isEqualTo(5);
        awaitUntil("it is told", () -> !told().isEmpty());

        assertThat(told().get(0).openNodes()).hasSize(20).startsWith("n0", "n1");
        assertThat(health().reasons()).hasSize(4).last().isEqualTo("2 more executions have stood still for as long.");
    }

    @Test
    @DisplayName("are looked for by one task of the timer, and only as long as executions go on")
    void are_looked_for_while_executions_go_on() {
        assertThat(observatory.time().pending()).isZero();
        Flow flow = line(observatory.held("a"));
        FlowExecution first = observatory.startUntil(flow, "a");
        FlowExecution second = observatory.start(flow);
        assertThat(observatory.time().pending()).isEqualTo(1);
        observatory.advance(20);
        assertThat(observatory.time().pending()).isEqualTo(1);
        observatory.release("a", "a");
        ended(first);
        ended(second);
        observatory.advance(20);
        assertThat(observatory.time().pending()).isZero();

        observatory.startUntil(flow, "a");
        assertThat(observatory.time().pending()).isEqualTo(1);
        observatory.engine().close(Duration.ZERO);
        assertThat(observatory.time().pending()).isZero();
    }

    @Test
    @DisplayName("are not looked for where that is switched off")
    void are_not_looked_for_where_switched_off() {
        try (Observatory careless = new Observatory(builder -> builder.stuckAfter(Duration.ZERO))) {
            careless.startUntil(line(careless.held("a")), "a");

            assertThat(careless.time().pending()).isZero();
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FlowEngine.builder().stuckAfter(seconds(-1)))
                .withMessageContaining("stuckAfter");
    }

    @Test
    @DisplayName("a timer that fails hurts no execution; health says that nobody looks, until somebody does")
    void a_timer_that_fails_hurts_no_execution() {
        AtomicBoolean broken = new AtomicBoolean(true);
        try (Observatory troubled = new Observatory(builder -> builder.stuckAfter(seconds(MINUTE)), broken)) {
            Flow flow = line(troubled.held("a"));
            troubled.release("a", "a");

            assertThat(troubled.run(flow).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(troubled.engine().health().status()).isEqualTo(EngineHealth.Status.DEGRADED);
            assertThat(troubled.engine().health().reasons())
                    .singleElement()
                    .asString()
                    .contains("Nobody looks", RejectedExecutionException.class.getName());
            broken.set(false);
            troubled.run(flow);
            assertThat(troubled.engine().health().status()).isEqualTo(EngineHealth.Status.UP);
        }
    }
}
