package dev.flowengine.engine;

import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.event.NodeLogged;
import dev.flowengine.event.NodeProgressed;
import dev.flowengine.event.NodeReport;
import dev.flowengine.event.NodeStarted;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.LogLevel;
import dev.flowengine.model.LogLine;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.NodeLog;
import dev.flowengine.node.ValueBody;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S36 what bodies report: how far they have come, and lines for the log of the execution")
class NodeReportTest {
    private final Recorder recorder = new Recorder();

    private static Flow flow(boolean cpuBound, ValueBody body) {
        NodeDefinition.Builder node = NodeDefinition.builder("a").body(body);
        return Flow.definition("reporting")
                .trigger("t")
                .add((cpuBound ? node.cpuBound() : node).build())
                .connect("t", "a")
                .build();
    }

    private static NodeState a(FlowExecution run) {
        return run.snapshot().node("a").orElseThrow();
    }

    private <E extends NodeReport> List<E> reports(String executionId, Class<E> kind) {
        return recorder.eventsOf(executionId).stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    @WithThreads
    void the_latest_word_of_a_body_is_in_the_snapshot_and_told(int threads) throws Exception {
        CountDownLatch halfWay = new CountDownLatch(1);
        CountDownLatch seen = new CountDownLatch(1);
        try (FlowEngine engine = recorder.listeningTo(Engines.builder(threads))) {
            FlowExecution run = engine.executeFromTrigger(
                    flow(false, context -> {
                        context.progress(0.25, "a quarter");
                        context.progress(0.5, "half way");
                        halfWay.countDown();
                        Runs.awaitOpen(seen);
                        context.progress(1, "");
                        return 1;
                    }),
                    "t",
                    1);
            Runs.awaitOpen(halfWay);
            assertThat(a(run).progress()).hasValueSatisfying(progress -> {
                assertThat(progress.fraction()).isEqualTo(0.5);
                assertThat(progress.message()).isEqualTo("half way");
            });
            seen.countDown();
            Runs.ended(run);

            assertThat(a(run).progress())
                    .hasValueSatisfying(last -> assertThat(last.fraction()).isEqualTo(1));
            List<NodeProgressed> told = reports(run.id(), NodeProgressed.class);
            assertThat(told).hasSizeBetween(1, 3);
            assertThat(told.get(told.size() - 1).progress())
                    .isEqualTo(a(run).progress().orElseThrow());
            assertThat(told).allSatisfy(event -> assertThat(event.attempt()).isEqualTo(1));
        }
    }

    @WithThreads
    @DisplayName("S36 reports carry the number of the event before them, come before the end, and leave no gap")
    void reports_are_not_counted(int threads) {
        for (boolean cpuBound : new boolean[] {false, true}) {
            try (FlowEngine engine = recorder.listeningTo(Engines.builder(threads))) {
                ExecutionResult result = Runs.ended(engine.executeFromTrigger(
                        flow(cpuBound, context -> {
                            for (int i = 0; i <= 100; i++) {
                                context.progress(i / 100.0, "step " + i);
                                context.log().info("line " + i);
                            }
                            return 1;
                        }),
                        "t",
                        1));

                long last = 0;
                for (ExecutionEvent event : recorder.eventsOf(result.executionId())) {
                    last += event instanceof NodeReport ? 0 : 1;
                    assertThat(event.seq()).as("%s", event).isEqualTo(last);
                }
                assertThat(reports(result.executionId(), NodeLogged.class).stream()
                                .flatMap(event -> event.lines().stream())
                                .map(LogLine::text))
                        .hasSize(101)
                        .isSubsetOf(result.snapshot().log().lines().stream()
                                .map(LogLine::text)
                                .toList());
            }
        }
    }

    @Test
    @DisplayName("R27 the first 1,000 lines of an execution are kept, of all nodes together; the others are counted")
    void the_log_is_bounded() {
        Flow flow = Flow.definition("talkative")
                .trigger("t")
                .add(NodeDefinition.builder("a").body(NodeReportTest::talk).build())
                .add(NodeDefinition.builder("b").body(NodeReportTest::talk).build())
                .connect("t", "a")
                .connect("a", "b")
                .build();
        try (FlowEngine engine = recorder.listeningTo(Engines.builder())) {
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow, "t", 1));

            assertThat(result.snapshot().log().lines()).hasSize(NodeLog.MOST_LINES);
            assertThat(result.snapshot().log().dropped()).isEqualTo(2L * 700 - NodeLog.MOST_LINES);
            assertThat(result.snapshot().log().lines().get(700)).satisfies(line -> {
                assertThat(line.nodeId()).isEqualTo("b");
                assertThat(line.level()).isEqualTo(LogLevel.WARN);
                assertThat(line.text()).isEqualTo("line 0");
                assertThat(line.attempt()).isEqualTo(1);
            });
            assertThat(reports(result.executionId(), NodeLogged.class).stream()
                            .mapToInt(event -> event.lines().size()))
                    .hasSizeLessThanOrEqualTo(NodeLog.MOST_LINES)
                    .satisfies(sizes -> assertThat(
                                    sizes.stream().mapToInt(Integer::intValue).sum())
                            .isEqualTo(NodeLog.MOST_LINES));
        }
    }

    private static Object talk(NodeContext context) {
        for (int i = 0; i < 700; i++) {
            context.log().warn("line " + i);
        }
        return 1;
    }

    @Test
    void a_fraction_that_is_none_fails_the_body_that_gave_it() {
        try (FlowEngine engine = Engines.create()) {
            for (double wrong : new double[] {-0.1, 1.1, Double.NaN}) {
                ExecutionResult result = Runs.ended(engine.executeFromTrigger(
                        flow(false, context -> {
                            context.progress(wrong, "");
                            return 1;
                        }),
                        "t",
                        1));
                assertThat(result.failure().orElseThrow())
                        .hasMessageContaining("the progress is " + wrong + ", but must be from 0 to 1");
            }
        }
    }

    @Test
    @DisplayName("S8 what a body reports after its attempt or its execution has ended is nobody's business")
    void late_reports_are_ignored() {
        AtomicReference<NodeContext> kept = new AtomicReference<>();
        for (boolean cpuBound : new boolean[] {false, true}) {
            try (FlowEngine engine = recorder.listeningTo(Engines.builder())) {
                FlowExecution run = engine.executeFromTrigger(
                        flow(cpuBound, context -> {
                            kept.set(context);
                            return 1;
                        }),
                        "t",
                        1);
                ExecutionResult result = Runs.ended(run);
                kept.get().progress(0.5, "too late");
                kept.get().log().error("too late");

                assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(a(run).progress()).isEmpty();
                assertThat(run.snapshot().log().lines()).isEmpty();
                assertThat(run.snapshot().log().dropped()).isZero();
            }
        }
    }

    @Test
    @DisplayName("R21 R27 a listener that is behind is told the latest of what a busy body reports, not everything")
    void reports_that_wait_become_one() {
        CountDownLatch release = new CountDownLatch(1);
        ExecutionListener slow = new ExecutionListener() {
            @Override
            public void onNodeStarted(NodeStarted event) {
                Runs.awaitOpen(release);
            }
        };
        Recorder behind = new Recorder();
        ExecutionListener both = new ExecutionListener() {
            @Override
            public void onEvent(ExecutionEvent event) {
                slow.onEvent(event);
                behind.onEvent(event);
            }
        };
        try (FlowEngine engine =
                Engines.builder().listener(both).listenerBuffer(16).build()) {
            FlowExecution run = engine.executeFromTrigger(
                    flow(false, context -> {
                        for (int i = 0; i < 100_000; i++) {
                            context.progress(i / 100_000.0, "step " + i);
                        }
                        return 1;
                    }),
                    "t",
                    1);
            Runs.ended(run);
            assertThat(engine.health().droppedEvents()).isZero();
            release.countDown();
            await().until(() -> !behind.executions().isEmpty());

            assertThat(behind.eventsOf(run.id()).stream()
                            .filter(NodeProgressed.class::isInstance)
                            .map(event -> ((NodeProgressed) event).progress().message()))
                    .hasSizeLessThan(100)
                    .endsWith("step 99999");
        }
    }

    @Test
    @DisplayName("R26 a snapshot does not change, whatever bodies report afterwards")
    void a_snapshot_keeps_what_was_reported_by_then() {
        CountDownLatch reported = new CountDownLatch(1);
        CountDownLatch seen = new CountDownLatch(1);
        try (FlowEngine engine = Engines.create()) {
            FlowExecution run = engine.executeFromTrigger(
                    flow(false, context -> {
                        context.progress(0.1, "");
                        context.log().info("one");
                        reported.countDown();
                        Runs.awaitOpen(seen);
                        context.progress(0.9, "");
                        context.log().info("two");
                        return 1;
                    }),
                    "t",
                    1);
            Runs.awaitOpen(reported);
            var early = run.snapshot();
            seen.countDown();
            Runs.ended(run);

            assertThat(early.log().lines()).hasSize(1);
            assertThat(early.node("a").orElseThrow().progress().orElseThrow().fraction())
                    .isEqualTo(0.1);
            assertThat(run.snapshot().log().lines()).hasSize(2);
        }
    }
}
