package dev.flowengine.observing;

import static dev.flowengine.observing.Observatory.ended;
import static dev.flowengine.observing.Observatory.failing;
import static dev.flowengine.observing.Observatory.line;
import static dev.flowengine.observing.Observatory.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.flowengine.execution.ExecutionSnapshot;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.Progress;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Connection;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.testing.NeedsOverlap;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S37 progress and time remaining")
class ProgressTest {
    private final Observatory observatory = new Observatory();

    @AfterEach
    void close() {
        observatory.close();
    }

    /** {@code a} before {@code b}, and {@code c} beside them. */
    private Flow twoWays() {
        return Flow.definition("two ways")
                .trigger("t")
                .add(observatory.held("a"))
                .add(observatory.held("b"))
                .add(observatory.held("c"))
                .connect("t", "a")
                .connect("a", "b")
                .connect("t", "c")
                .build();
    }

    /** Runs {@link #twoWays} once: {@code a} takes 10 seconds, {@code b} 5, {@code c} 20. */
    private void runOnce(Flow flow) {
        FlowExecution run = observatory.startUntil(flow, "a", "c");
        observatory.advance(10);
        observatory.end(run, "a");
        Observatory.awaitRunning(run, "b");
        observatory.advance(5);
        observatory.end(run, "b");
        observatory.advance(5);
        observatory.release("c");
        ended(run);
    }

    private static Optional<Duration> remaining(FlowExecution run) {
        Progress progress = run.progress();
        assertThat(run.snapshot().progress()).isEqualTo(progress);
        return progress.remaining();
    }

    @Test
    @DisplayName("is settled nodes over nodes in scope, and complete when the execution has ended")
    void is_settled_over_in_scope() {
        FlowExecution run =
                observatory.startUntil(line(observatory.held("a"), failing("b"), observatory.held("c")), "a");

        assertThat(run.progress()).isEqualTo(new Progress(1, 4, Optional.empty()));
        assertThat(run.progress().fraction()).isEqualTo(0.25);
        assertThat(run.snapshot().progress()).isEqualTo(run.progress());
        observatory.release("a");
        ExecutionSnapshot last = ended(run).snapshot();
        assertThat(last.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(run.progress()).isEqualTo(new Progress(4, 4, Optional.of(Duration.ZERO)));
        assertThat(last.progress()).isEqualTo(run.progress());
        assertThat(observatory.engine().find(run.id()).orElseThrow().progress()).isEqualTo(run.progress());
        assertThat(run.progress().fraction()).isEqualTo(1);
    }

    @Test
    @DisplayName("counts only what is in scope")
    void counts_only_what_is_in_scope() {
        Flow flow = line(observatory.held("a"), observatory.held("b"));
        FlowExecution run =
                observatory.engine().executeNode(flow, "b", PortValues.of("main", 1), RunOptions.ofDefaults());
        Observatory.awaitRunning(run, "b");

        assertThat(run.progress()).isEqualTo(new Progress(0, 1, Optional.empty()));
    }

    @Test
    @NeedsOverlap
    @DisplayName("what remains is the longest way through the nodes that are open, less what those that run have used")
    void what_remains_is_the_longest_way() {
        Flow flow = twoWays();
        runOnce(flow);
        FlowExecution run = observatory.startUntil(flow, "a", "c");

        assertThat(remaining(run)).contains(seconds(20));
        observatory.advance(6);
        assertThat(remaining(run)).contains(seconds(14));
        observatory.end(run, "c");
        Observatory.awaitRunning(run, "a");
        assertThat(remaining(run)).as("a has 4 s left, b takes 5").contains(seconds(9));
        observatory.advance(100);
        assertThat(remaining(run)).as("a is late, b takes 5").contains(seconds(5));
        observatory.end(run, "a");
        Observatory.awaitRunning(run, "b");
        observatory.advance(2);
        assertThat(remaining(run)).contains(seconds(3));
        observatory.advance(100);
        assertThat(remaining(run)).as("never negative").contains(Duration.ZERO);
    }

    @Test
    @DisplayName("each node takes as long as it did on average, failed or not")
    void each_node_takes_as_long_as_on_average() {
        Flow flow =
                line(observatory.held("a"), observatory.lasting("b", 10, 20, 60), observatory.lasting("c", 4, 5, 6));
        observatory.release("a", "a", "a");
        for (int i = 0; i < 3; i++) {
            observatory.run(flow);
        }

        assertThat(remaining(observatory.startUntil(flow, "a"))).contains(seconds(30 + 5));
    }

    @Test
    @DisplayName("what remains is unknown as long as a node that is still to run never ran")
    void what_remains_is_unknown_without_history() {
        AtomicBoolean big = new AtomicBoolean();
        Flow flow = Flow.definition("branch")
                .trigger("t")
                .add(NodeDefinition.branch("size")
                        .outputs("big", "small")
                        .emittingBody((context, out) -> out.emit(big.get() ? "big" : "small", 1))
                        .build())
                .add(observatory.held("review"))
                .add(observatory.held("ship"))
                .connect("t", "size")
                .connect(new Connection("size", "big", "review", "main"))
                .connect(new Connection("size", "small", "ship", "main"))
                .build();
        observatory.release("ship");
        observatory.run(flow);
        big.set(true);
        FlowExecution run = observatory.startUntil(flow, "review");

        assertThat(remaining(run)).as("review never ran").isEmpty();
        observatory.release("review");
        ended(run);
        run = observatory.startUntil(flow, "review");
        assertThat(remaining(run)).contains(Duration.ZERO);
    }

    @Test
    @DisplayName("what remains is unknown while the execution is paused, and known again after it is resumed")
    void what_remains_is_unknown_while_paused() {
        Flow flow = line(observatory.held("a"), observatory.lasting("b", 7), observatory.held("c"));
        observatory.release("a", "c");
        observatory.run(flow);
        FlowExecution run = observatory.startUntil(flow, "a");
        assertThat(remaining(run)).contains(seconds(7));

        run.pause();
        Observatory.awaitStatus(run, ExecutionStatus.PAUSING);
        assertThat(remaining(run)).isEmpty();
        observatory.end(run, "a");
        Observatory.awaitStatus(run, ExecutionStatus.PAUSED);
        assertThat(remaining(run)).isEmpty();
        run.resume();
        Observatory.awaitRunning(run, "c");
        assertThat(remaining(run)).isPresent();
    }

    @Test
    @DisplayName("what remains is unknown where times are not kept")
    void what_remains_is_unknown_without_times() {
        try (Observatory untimed = new Observatory(builder -> builder.nodeTimes(false))) {
            Flow flow = line(untimed.held("a"));
            untimed.release("a");
            untimed.run(flow);
            FlowExecution run = untimed.start(flow);
            Observatory.awaitUntil("a runs", () -> Observatory.statusOf(run, "a") == NodeStatus.RUNNING);

            assertThat(run.progress()).isEqualTo(new Progress(1, 2, Optional.empty()));
        }
    }

    @Test
    @DisplayName("what a pinned node took before does not matter: its body will not be called")
    void a_pinned_node_takes_no_time() {
        Flow flow = line(observatory.held("a"), observatory.lasting("b", 7), observatory.lasting("c", 2));
        observatory.release("a");
        observatory.run(flow);
        FlowExecution run = observatory
                .engine()
                .executeFromTrigger(
                        flow,
                        "t",
                        1,
                        RunOptions.builder().pin("b", PortValues.of("main", 1)).build());
        Observatory.awaitRunning(run, "a");

        assertThat(remaining(run)).contains(seconds(2));
    }

    @Test
    @DisplayName("what one flow took says nothing about another, even of the same id")
    void flows_do_not_share_what_they_took() {
        observatory.release("a");
        observatory.run(line(observatory.held("a")));
        FlowExecution run = observatory.startUntil(line(observatory.held("a")), "a");

        assertThat(remaining(run)).isEmpty();
    }

    @Test
    @DisplayName("a node that was cancelled says nothing about how long it takes")
    void a_cancelled_node_is_not_counted() {
        Flow flow = line(observatory.held("a"));
        FlowExecution cancelled = observatory.startUntil(flow, "a");
        cancelled.cancel("enough");
        Observatory.awaitStatus(cancelled, ExecutionStatus.CANCELLING);
        // The interrupt, and then the end of the grace period.
        observatory.advance(10);
        assertThat(ended(cancelled).snapshot().node("a").orElseThrow().status()).isEqualTo(NodeStatus.CANCELLED);
        FlowExecution run = observatory.startUntil(flow, "a");

        assertThat(cancelled.progress().fraction()).isEqualTo(1);
        assertThat(remaining(run)).isEmpty();
    }

    @Test
    @DisplayName("a snapshot keeps what it said")
    void a_snapshot_keeps_what_it_said() {
        Flow flow = line(observatory.held("a"), observatory.lasting("b", 3));
        observatory.release("a");
        observatory.run(flow);
        FlowExecution run = observatory.startUntil(flow, "a");
        ExecutionSnapshot snapshot = run.snapshot();
        Progress before = snapshot.progress();
        observatory.advance(9);
        observatory.release("a");
        ended(run);

        assertThat(snapshot.progress()).isEqualTo(before);
        assertThat(snapshot.node("b").orElseThrow().startedAt()).isEmpty();
        assertThat(snapshot.takenAt()).isBefore(run.snapshot().takenAt());
        assertThat(run.snapshot().endedAt()).contains(run.snapshot().takenAt());
    }

    @Test
    @DisplayName("numbers that make no sense are refused")
    void impossible_numbers_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Progress(2, 1, Optional.empty()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Progress(-1, 1, Optional.empty()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Progress(0, 0, Optional.empty()));
    }
}
