package dev.flowengine.engine;

import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.flowengine.FlowEngine;
import dev.flowengine.FlowEngineBuilder;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.event.ExecutionStarted;
import dev.flowengine.event.NodeCompleted;
import dev.flowengine.event.NodeEvent;
import dev.flowengine.event.NodeFailed;
import dev.flowengine.event.NodeSkipped;
import dev.flowengine.event.NodeStarted;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.SkipReason;
import dev.flowengine.node.RunOptions;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ListenerTest {

    private static Flow flow() {
        FlowDefinition definition = Flow.definition("told").trigger("t");
        for (int i = 0; i < 20; i++) {
            definition.add(i % 5 == 0 ? Nodes.failing("a" + i) : Nodes.tracing("a" + i));
            definition.add(Nodes.passing("b" + i)).connect("t", "a" + i).connect("a" + i, "b" + i);
        }
        return definition.build();
    }

    @WithThreads
    @DisplayName("S36 events of a run come in order, numbered without a gap from 1, with exactly one end as the last")
    void events_come_in_order_without_a_gap(int threads) {
        Flow flow = flow();
        Recorder recorder = new Recorder();
        try (FlowEngine engine =
                recorder.listeningTo(Engines.builder().workers(threads).bodyThreads(threads))) {
            List<FlowExecution> runs = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                runs.add(engine.executeFromTrigger(flow, "t", i));
            }
            for (FlowExecution run : runs) {
                List<ExecutionEvent> events = recorder.eventsOf(run.id());
                ExecutionResult result = Runs.ended(run);

                assertThat(events)
                        .extracting(ExecutionEvent::seq)
                        .containsExactlyElementsOf(
                                LongStream.rangeClosed(1, events.size()).boxed().toList());
                assertThat(events.get(0)).isInstanceOf(ExecutionStarted.class);
                assertThat(events)
                        .filteredOn(ExecutionFinished.class::isInstance)
                        .hasSize(1);
                assertThat(events.get(events.size() - 1))
                        .isEqualTo(new ExecutionFinished(
                                run.id(),
                                "told",
                                events.size(),
                                result.snapshot().endedAt().orElseThrow(),
                                result.status()));
                mustFollowTheFlow(events);
            }
        }
    }

    private static void mustFollowTheFlow(List<ExecutionEvent> events) {
        List<String> told = events.stream()
                .filter(NodeEvent.class::isInstance)
                .map(event -> event.wireName() + " " + ((NodeEvent) event).nodeId())
                .toList();
        for (int i = 0; i < 20; i++) {
            if (i % 5 == 0) {
                assertThat(told).containsSubsequence("node-started a" + i, "node-failed a" + i, "node-skipped b" + i);
                assertThat(told).doesNotContain("node-started b" + i);
            } else {
                assertThat(told)
                        .containsSubsequence(
                                "node-started a" + i,
                                "node-completed a" + i,
                                "node-started b" + i,
                                "node-completed b" + i);
            }
        }
    }

    @Test
    @DisplayName("S36 events carry the failure, the reason of a skip, and whether an output was pinned")
    void events_carry_what_happened() {
        Recorder recorder = new Recorder();
        RunOptions pin = RunOptions.builder().pin("a1", "main", "pin").build();
        try (FlowEngine engine = recorder.listeningTo(Engines.builder())) {
            FlowExecution run = engine.executeFromTrigger(flow(), "t", "x", pin);
            List<ExecutionEvent> events = recorder.eventsOf(run.id());

            assertThat(the(NodeFailed.class, "a0", events).error().message()).isEqualTo("planned failure of a0");
            assertThat(the(NodeFailed.class, "a0", events).attempt()).isEqualTo(1);
            assertThat(the(NodeSkipped.class, "b0", events).reason()).isEqualTo(SkipReason.UPSTREAM_FAILED);
            assertThat(the(NodeSkipped.class, "b0", events).attempt()).isZero();
            assertThat(the(NodeCompleted.class, "a1", events).pinned()).isTrue();
            assertThat(the(NodeCompleted.class, "a1", events).attempt()).isZero();
            assertThat(the(NodeCompleted.class, "a2", events).pinned()).isFalse();
            assertThat(((ExecutionStarted) events.get(0)).startNodeId()).isEqualTo("t");
        }
    }

    private static <E extends NodeEvent> E the(Class<E> kind, String nodeId, List<ExecutionEvent> events) {
        return events.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .filter(event -> event.nodeId().equals(nodeId))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @DisplayName("R20 a listener that throws does not affect the run, nor other listeners; it is logged")
    void a_throwing_listener_affects_nobody() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger("dev.flowengine.internal.delivery");
        logger.setAdditive(false);
        logger.addAppender(log);
        log.list = new CopyOnWriteArrayList<>();
        log.start();
        Recorder recorder = new Recorder();
        ExecutionListener throwing = new ExecutionListener() {
            @Override
            public void onEvent(ExecutionEvent event) {
                if (event.seq() % 2 == 0) {
                    throw new IllegalStateException("planned");
                }
                throw new AssertionError("planned");
            }
        };
        try (FlowEngine engine = recorder.listeningTo(Engines.builder().listener(throwing))) {
            FlowExecution run = engine.executeFromTrigger(flow(), "t", "x");
            int events = recorder.eventsOf(run.id()).size();

            assertThat(Runs.ended(run).status()).isEqualTo(ExecutionStatus.PARTIAL);
            await().until(() -> log.list.size() == events);
            assertThat(log.list.get(0).getFormattedMessage()).contains("failed on execution-started", run.id());
        } finally {
            logger.detachAppender(log);
            logger.setAdditive(true);
        }
    }

    @WithThreads
    @DisplayName("R21 a listener that blocks holds up neither runs nor other listeners")
    void a_blocking_listener_holds_up_nobody(int threads) {
        CountDownLatch release = new CountDownLatch(1);
        List<ExecutionEvent> late = new CopyOnWriteArrayList<>();
        Recorder recorder = new Recorder();
        ExecutionListener blocking = new ExecutionListener() {
            @Override
            public void onExecutionStarted(ExecutionStarted event) {
                Runs.awaitOpen(release);
            }

            @Override
            public void onExecutionFinished(ExecutionFinished event) {
                late.add(event);
            }
        };
        FlowEngineBuilder builder =
                Engines.builder().workers(threads).bodyThreads(threads).listener(blocking);
        try (FlowEngine engine = recorder.listeningTo(builder)) {
            for (int i = 0; i < 20; i++) {
                recorder.eventsOf(
                        Runs.ended(engine.executeFromTrigger(flow(), "t", i)).executionId());
            }
            assertThat(late).isEmpty();
            release.countDown();
            await().until(() -> late.size() == 20);
        }
    }

    @Test
    @DisplayName("S36 what one node brings about at once is told whole to a listener that is not behind")
    void a_listener_that_is_not_behind_misses_nothing() {
        int width = 10_000;
        CountDownLatch notBehind = new CountDownLatch(1);
        FlowDefinition definition = Flow.definition("wide").trigger("t").add(Nodes.node("f", context -> {
            Runs.awaitOpen(notBehind);
            throw new IllegalStateException("planned");
        }));
        definition.connect("t", "f");
        for (int i = 0; i < width; i++) {
            definition.add(Nodes.tracing("n" + i)).connect("f", "n" + i);
        }
        Recorder recorder = new Recorder();
        ExecutionListener listener = new ExecutionListener() {
            @Override
            public void onEvent(ExecutionEvent event) {
                recorder.onEvent(event);
                if (event instanceof NodeStarted started && started.nodeId().equals("f")) {
                    notBehind.countDown();
                }
            }
        };
        try (FlowEngine engine =
                Engines.builder().listenerBuffer(10).listener(listener).build()) {
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(definition.build(), "t", 1));

            assertThat(recorder.eventsOf(result.executionId()))
                    .filteredOn(NodeSkipped.class::isInstance)
                    .hasSize(width);
        }
    }

    @Test
    @DisplayName("S36 a listener that leaves its thread interrupted is told the next event as if it had not")
    void an_interrupt_does_not_reach_the_next_event() {
        List<Boolean> interrupted = new CopyOnWriteArrayList<>();
        ExecutionListener listener = new ExecutionListener() {
            @Override
            public void onEvent(ExecutionEvent event) {
                interrupted.add(Thread.currentThread().isInterrupted());
                Thread.currentThread().interrupt();
            }
        };
        Recorder recorder = new Recorder();
        try (FlowEngine engine = recorder.listeningTo(Engines.builder().listener(listener))) {
            List<ExecutionEvent> events = recorder.eventsOf(
                    Runs.ended(engine.executeFromTrigger(flow(), "t", 1)).executionId());

            await().until(() -> interrupted.size() == events.size());
            assertThat(interrupted).containsOnly(false);
        }
    }

    @Test
    @DisplayName("S36 a start that is refused tells nobody")
    void a_refused_start_tells_nobody() {
        List<ExecutionEvent> told = new CopyOnWriteArrayList<>();
        ExecutionListener listener = new ExecutionListener() {
            @Override
            public void onEvent(ExecutionEvent event) {
                told.add(event);
            }
        };
        try (FlowEngine engine = Engines.builder().listener(listener).build()) {
            assertThat(catchThrowable(() -> engine.executeFromTrigger(flow(), "nobody", 1)))
                    .isNotNull();
            Runs.ended(engine.executeFromTrigger(flow(), "t", 1));
            await().until(() -> told.stream().anyMatch(ExecutionFinished.class::isInstance));
        }
        assertThat(told)
                .extracting(ExecutionEvent::executionId)
                .containsOnly(told.get(0).executionId());
    }

    @Test
    @DisplayName("R20 a listener whose failure cannot even be logged is told of what follows all the same")
    void a_failure_that_cannot_be_logged_loses_nothing() {
        List<ExecutionEvent> told = new CopyOnWriteArrayList<>();
        ExecutionListener unspeakable = new ExecutionListener() {
            @Override
            public void onEvent(ExecutionEvent event) {
                told.add(event);
                if (told.size() > 1) {
                    return;
                }
                throw new IllegalStateException() {
                    private static final long serialVersionUID = 1;

                    @Override
                    public String getMessage() {
                        throw new UnsupportedOperationException("not even that");
                    }
                };
            }
        };
        Recorder recorder = new Recorder();
        try (FlowEngine engine = recorder.listeningTo(Engines.builder().listener(unspeakable))) {
            FlowExecution run = engine.executeFromTrigger(flow(), "t", "x");
            int events = recorder.eventsOf(run.id()).size();

            await().until(() -> told.size() == events);
        }
    }
}
