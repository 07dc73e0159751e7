package dev.flowengine.observing;

import static dev.flowengine.observing.Observatory.ended;
import static dev.flowengine.observing.Observatory.failing;
import static dev.flowengine.observing.Observatory.line;
import static dev.flowengine.observing.Observatory.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.CriticalPath;
import dev.flowengine.execution.ExecutionMetrics;
import dev.flowengine.execution.ExecutionSnapshot;
import dev.flowengine.execution.ExecutionTiming;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeDuration;
import dev.flowengine.execution.NodeState;
import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.TypeRef;
import dev.flowengine.testing.NeedsOverlap;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@DisplayName("S38 metrics of an execution")
class ExecutionMetricsTest {
    private final Observatory observatory = new Observatory();

    @AfterEach
    void close() {
        observatory.close();
    }

    private static ExecutionTiming timing(ExecutionSnapshot snapshot) {
        return snapshot.metrics().timing().orElseThrow();
    }

    @Test
    @DisplayName("S21 nodes are counted by status, and handled failures apart")
    void nodes_are_counted_by_status() {
        ExecutionMetrics metrics = observatory
                .run(line(
                        NodeDefinition.builder("handled")
                                .body(context -> {
                                    throw new IllegalStateException("planned failure");
                                })
                                .onError(ErrorHandling.fallback(1))
                                .build(),
                        failing("failed"),
                        failing("skipped")))
                .snapshot()
                .metrics();

        assertThat(metrics.totals())
                .containsOnlyKeys(NodeStatus.values())
                .containsEntry(NodeStatus.COMPLETED, 2)
                .containsEntry(NodeStatus.FAILED, 1)
                .containsEntry(NodeStatus.SKIPPED, 1)
                .containsEntry(NodeStatus.RUNNING, 0);
        assertThat(metrics.handledFailures()).isEqualTo(1);
    }

    @Test
    @DisplayName("where the time of a chain went: mean, longest, bottlenecks, and no parallelism wasted")
    void where_the_time_of_a_chain_went() {
        ExecutionSnapshot last = observatory
                .run(line(observatory.lasting("a", 20), observatory.lasting("b", 50), observatory.lasting("c", 30)))
                .snapshot();
        ExecutionTiming timing = timing(last);

        assertThat(last.metrics().wallTime()).isEqualTo(seconds(100));
        assertThat(timing.busy()).isEqualTo(seconds(100));
        assertThat(timing.mean()).isEqualTo(Duration.ofNanos(seconds(100).toNanos() / 3));
        assertThat(timing.longest()).isEqualTo(new NodeDuration("b", seconds(50)));
        assertThat(timing.bottlenecks())
                .as("a took a fifth, not more")
                .containsExactly(new NodeDuration("b", seconds(50)), new NodeDuration("c", seconds(30)));
        assertThat(timing.criticalPath()).isEqualTo(new CriticalPath(List.of("t", "a", "b", "c"), seconds(100)));
        assertThat(timing.utilisation()).isEqualTo(1);
    }

    @Test
    @DisplayName("without times of nodes there are counts and wall time only")
    void without_times_there_are_counts_only() {
        try (Observatory untimed = new Observatory(builder -> builder.nodeTimes(false))) {
            ExecutionMetrics metrics =
                    untimed.run(line(untimed.lasting("a", 3))).snapshot().metrics();

            assertThat(metrics.totals()).containsEntry(NodeStatus.COMPLETED, 2);
            assertThat(metrics.wallTime()).isEqualTo(seconds(3));
            assertThat(metrics.timing()).isEmpty();
        }
    }

    @Test
    @DisplayName("an execution without bodies has no timing")
    void an_execution_without_bodies_has_no_timing() {
        assertThat(observatory.run(line()).snapshot().metrics().timing()).isEmpty();
    }

    /** {@code a} beside {@code b}, both before {@code c}. */
    private FlowDefinition diamond(NodeDefinition last) {
        return Flow.definition("diamond")
                .trigger("t")
                .add(observatory.held("a"))
                .add(observatory.held("b"))
                .add(last)
                .connect("t", "a")
                .connect("t", "b")
                .connect("a", "c")
                .connect("b", "c");
    }

    private static NodeDefinition.Builder node(String id) {
        return NodeDefinition.builder(id).body(context -> 1);
    }

    @Test
    @NeedsOverlap
    @DisplayName("the critical path goes back over the dependency that ended last")
    void the_critical_path_follows_what_ended_last() {
        FlowExecution run =
                observatory.startUntil(diamond(observatory.lasting("c", 10)).build(), "a", "b");
        observatory.advance(10);
        observatory.end(run, "b");
        observatory.advance(20);
        observatory.release("a");
        ExecutionTiming timing = timing(ended(run).snapshot());

        assertThat(timing.criticalPath()).isEqualTo(new CriticalPath(List.of("t", "a", "c"), seconds(40)));
        assertThat(timing.utilisation()).as("50 s of 2 · 40").isCloseTo(0.625, within(1e-9));
    }

    @Test
    @NeedsOverlap
    @DisplayName("S12 a join that fired early waited only for what fired it")
    void an_early_join_waited_only_for_what_fired_it() {
        NodeDefinition any =
                observatory.heldBuilder("c").join(JoinRule.ANY_SUCCESS).build();
        FlowExecution run = observatory.startUntil(diamond(any).build(), "a", "b");
        observatory.advance(10);
        observatory.end(run, "b");
        Observatory.awaitRunning(run, "c");
        observatory.advance(5);
        observatory.end(run, "a");
        observatory.advance(5);
        observatory.release("c");

        assertThat(timing(ended(run).snapshot()).criticalPath())
                .isEqualTo(new CriticalPath(List.of("t", "b", "c"), seconds(20)));
    }

    @Test
    @NeedsOverlap
    @DisplayName("the critical path leads over nodes without a body, and over a skip to the failure that caused it")
    void the_critical_path_leads_over_nodes_without_a_body() {
        FlowDefinition flow = Flow.definition("skip")
                .trigger("t")
                .add(observatory
                        .heldBuilder("fails")
                        .outputType("main", TypeRef.of(Integer.class))
                        .build())
                .add(observatory.held("late"))
                .add(node("off").passThrough().disabled().build())
                .add(node("skipped").build())
                .add(observatory.heldBuilder("c").join(JoinRule.ALL_DONE).build())
                .connect("t", "fails")
                .connect("t", "late")
                .connect("fails", "off")
                .connect("off", "skipped")
                .connect("late", "skipped")
                .connect("skipped", "c");
        FlowExecution run = observatory.startUntil(flow.build(), "fails", "late");
        observatory.advance(10);
        observatory.end(run, "fails");
        Observatory.awaitRunning(run, "c");
        observatory.advance(5);
        observatory.end(run, "late");
        observatory.advance(5);
        observatory.release("c");
        ExecutionSnapshot last = ended(run).snapshot();

        assertThat(last.node("skipped").orElseThrow().status()).isEqualTo(NodeStatus.SKIPPED);
        assertThat(timing(last).criticalPath())
                .isEqualTo(new CriticalPath(List.of("t", "fails", "off", "skipped", "c"), seconds(20)));
    }

    @Test
    @NeedsOverlap
    @DisplayName("no more than all of the parallelism is used, also where nodes of several levels overlap")
    void utilisation_is_one_at_most() {
        Flow flow = Flow.definition("levels")
                .trigger("t")
                .add(observatory.held("a"))
                .add(observatory.held("b"))
                .add(observatory.held("c"))
                .add(observatory.held("d"))
                .connect("t", "a")
                .connect("t", "b")
                .connect("b", "c")
                .connect("b", "d")
                .build();
        FlowExecution run = observatory.startUntil(flow, "a", "b");
        observatory.advance(1);
        observatory.end(run, "b");
        Observatory.awaitRunning(run, "c", "d");
        observatory.advance(19);
        observatory.release("a", "c", "d");
        ExecutionTiming timing = timing(ended(run).snapshot());

        assertThat(timing.busy()).as("more than 2 · 20 s").isEqualTo(seconds(59));
        assertThat(timing.utilisation()).isEqualTo(1);
    }

    @Test
    @NeedsOverlap
    @DisplayName("what goes on is measured up to now")
    void what_goes_on_is_measured_up_to_now() {
        FlowExecution run =
                observatory.startUntil(diamond(observatory.held("c")).build(), "a", "b");
        observatory.advance(10);
        observatory.end(run, "b");
        observatory.advance(10);
        ExecutionSnapshot snapshot = run.snapshot();
        observatory.advance(100);

        assertThat(snapshot.metrics().wallTime()).isEqualTo(seconds(20));
        assertThat(timing(snapshot).busy()).isEqualTo(seconds(30));
        assertThat(timing(snapshot).longest()).isEqualTo(new NodeDuration("a", seconds(20)));
        assertThat(timing(snapshot).criticalPath()).isEqualTo(new CriticalPath(List.of("t", "a"), seconds(20)));
        assertThat(timing(snapshot).utilisation()).isCloseTo(0.75, within(1e-9));
        assertThat(snapshot.metrics().totals())
                .containsEntry(NodeStatus.RUNNING, 1)
                .containsEntry(NodeStatus.IDLE, 1);
    }

    @Test
    @DisplayName("of a node that was tried again the latest attempt counts; a backoff keeps nobody busy")
    void the_latest_attempt_counts() {
        NodeDefinition retried = NodeDefinition.builder("a")
                .body(context -> {
                    observatory.advance(context.attempt() == 1 ? 3 : 4);
                    if (context.attempt() == 1) {
                        throw new IllegalStateException("planned failure of attempt 1");
                    }
                    return 1;
                })
                .retry(RetryPolicy.fixed(seconds(10)))
                .build();
        FlowExecution run = observatory.start(line(retried));
        Observatory.awaitStatus(run, ExecutionStatus.WAITING);
        ExecutionSnapshot waiting = run.snapshot();
        NodeState before = waiting.node("a").orElseThrow();
        assertThat(waiting.metrics().timing()).as("nothing runs").isEmpty();
        observatory.advance(10);
        ExecutionSnapshot last = ended(run).snapshot();

        assertThat(waiting.node("a")).as("a snapshot is a moment").contains(before);
        assertThat(last.metrics().wallTime()).isEqualTo(seconds(17));
        assertThat(timing(last).busy()).isEqualTo(seconds(4));
    }

    @Test
    @DisplayName("S26 a body that was given up was busy until the end")
    void a_body_that_was_given_up_was_busy_until_the_end() {
        FlowExecution run = observatory.startUntil(
                line(NodeDefinition.builder("a")
                        .body(context -> {
                            while (!Thread.currentThread().isInterrupted()) {
                                Thread.onSpinWait();
                            }
                            // Not even an interrupt ends it.
                            Thread.interrupted();
                            return observatory.hold("a");
                        })
                        .build()),
                "a");
        observatory.advance(30);
        run.cancel("enough");
        Observatory.awaitStatus(run, ExecutionStatus.CANCELLING);
        observatory.advance(10);
        ExecutionSnapshot last = ended(run).snapshot();

        assertThat(last.node("a").orElseThrow().endedAt()).isEqualTo(last.endedAt());
        assertThat(timing(last).busy()).isEqualTo(seconds(40));
    }

    @Test
    @DisplayName("S27 a node that ran out of time was busy until then")
    void a_node_that_ran_out_of_time_was_busy_until_then() {
        NodeDefinition limited =
                observatory.heldBuilder("a").nodeTimeout(seconds(30)).build();
        FlowExecution run = observatory.startUntil(line(limited), "a");
        observatory.advance(30);
        ExecutionSnapshot last = ended(run).snapshot();

        assertThat(last.node("a").orElseThrow().status()).isEqualTo(NodeStatus.FAILED);
        assertThat(timing(last).busy()).isEqualTo(seconds(30));
    }

    @Test
    @DisplayName("as many bodies can run at once as there are threads for them; a stage holds none")
    void max_parallelism_counts_threads() throws InterruptedException {
        NodeDefinition computing = node("a").cpuBound().build();
        NodeDefinition async = NodeDefinition.builder("c")
                .asyncBody(context -> CompletableFuture.completedStage(1))
                .build();
        try (FlowEngine engine = FlowEngine.builder().workers(3).bodyThreads(5).build()) {
            assertThat(maxParallelism(engine, computing)).isEqualTo(3);
            assertThat(maxParallelism(engine, node("b").build())).isEqualTo(5);
            assertThat(maxParallelism(engine, computing, node("b").build())).isEqualTo(8);
            assertThat(maxParallelism(engine, computing, async)).isEqualTo(Integer.MAX_VALUE);
            assertThat(maxParallelism(engine)).isEqualTo(1);
        }
    }

    private static int maxParallelism(FlowEngine engine, NodeDefinition... nodes) throws InterruptedException {
        return engine.executeFromTrigger(line(nodes), "t", 1).await().snapshot().maxParallelism();
    }

    @Test
    @Tag("once")
    @DisplayName("a long chain is no danger to the stack")
    void a_long_chain_is_measured() {
        NodeDefinition[] nodes = new NodeDefinition[100_000];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = NodeDefinition.builder("n" + i).passThrough().build();
        }
        ExecutionTiming timing = timing(observatory.run(line(nodes)).snapshot());

        assertThat(timing.criticalPath().nodes()).hasSize(nodes.length + 1).startsWith("t", "n0", "n1");
    }
}
