package dev.flowengine.execution;

import static dev.flowengine.execution.SampleNodes.blocked;
import static dev.flowengine.execution.SampleNodes.branch;
import static dev.flowengine.execution.SampleNodes.failing;
import static dev.flowengine.execution.SampleNodes.node;
import static dev.flowengine.execution.SampleRuns.flow;
import static dev.flowengine.execution.SampleRuns.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplanationTest {
    private static final String RESET = "java.io.IOException: connection reset";

    private final SampleRuns runs = new SampleRuns();

    @AfterEach
    void close() {
        runs.close();
    }

    @Test
    @DisplayName("S39 a node the flow does not have is an error that names near ones")
    void an_unknown_node_is_an_error_that_names_near_ones() throws Exception {
        ExecutionSnapshot run = runs.ended(flow().add(node("ship")).connect("start", "ship"));

        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> run.explain("shp"))
                .withMessage("flow 'f': there is no node 'shp'; the nearest are ship")
                .satisfies(unknown -> assertThat(unknown.kind()).isEqualTo(FailureKind.NOT_FOUND))
                .satisfies(unknown -> assertThat(unknown.affectedNodes()).containsExactly("shp"));
    }

    @Test
    @DisplayName("S39, S5 a node the start does not reach is said to be out of its reach")
    void a_node_the_start_does_not_reach_does_not_belong_to_the_execution() throws Exception {
        FlowDefinition flow = flow().trigger("other").add(node("a")).add(node("b"));
        ExecutionSnapshot run = runs.ended(flow.connect("start", "a").connect("other", "b"));

        assertThat(run.explain("b"))
                .isEqualTo("Node 'b' does not belong to this execution: "
                        + "it is not reachable from the start, trigger 'start'.");
    }

    @Test
    @DisplayName("S39, S4 a node that upTo cut away is told from one that is out of reach")
    void a_node_that_up_to_cut_away_is_told_apart() throws Exception {
        FlowDefinition flow = flow().add(node("a")).add(node("b")).add(node("c"));
        flow.connect("start", "a").connect("a", "b").connect("b", "c");
        ExecutionSnapshot run = runs.ended(flow, RunOptions.builder().upTo("b").build());

        assertThat(run.explain("c"))
                .isEqualTo("Node 'c' does not belong to this execution: "
                        + "the execution stops before it, as it does not lead to 'b'.");
    }

    @Test
    @DisplayName("S39, S3 an execution of a single node has no other")
    void an_execution_of_a_single_node_has_no_other() throws Exception {
        Flow flow = flow().add(node("a"))
                .add(node("b"))
                .connect("start", "a")
                .connect("a", "b")
                .build();
        FlowExecution run = runs.engine().executeNode(flow, "a", PortValues.of("main", "x"), RunOptions.ofDefaults());
        ExecutionSnapshot end = run.await().snapshot();

        assertThat(end.explain("b")).isEqualTo("Node 'b' does not belong to this execution: only 'a' was executed.");
        assertThat(end.explain("a")).isEqualTo("Node 'a' is COMPLETED: attempt 1 fired 'main'.");
    }

    @Test
    @DisplayName("S39, S2 a node outside whose output is pinned supplies it")
    void a_pinned_node_out_of_scope_supplies_its_output() throws Exception {
        FlowDefinition flow = flow().trigger("other").add(branch("size", "big", "big", "small"));
        flow.add(node("a", JoinRule.DEFAULT, "x", "y")).connect("other", "size").connect(to("start", "a", "x"));
        flow.connect(new Connection("size", "big", "a", "y"));
        ExecutionSnapshot run =
                runs.ended(flow, RunOptions.builder().pin("size", "small", 1).build());

        assertThat(run.explain("size"))
                .isEqualTo("Node 'size' does not run in this execution: "
                        + "its output is supplied, by a pin or from an earlier execution.");
        assertThat(run.explain("a"))
                .isEqualTo("Node 'a' is SKIPPED (BRANCH_NOT_TAKEN): its join rule DEFAULT needs a taken connection on "
                        + "'y', but 'size' does not run and its output is supplied.");
    }

    @Test
    @DisplayName("S39, S11 an idle node names the connections it waits for, and its join rule")
    void an_idle_node_names_the_connections_it_waits_for() {
        FlowDefinition flow = flow().add(blocked("slow", runs.release()))
                .add(node("quick"))
                .add(node("both", JoinRule.DEFAULT, "a", "b"));
        flow.connect("start", "slow").connect("start", "quick");
        flow.connect(to("slow", "both", "a")).connect(to("quick", "both", "b"));
        FlowExecution run = runs.started(flow, "slow", "quick");

        assertThat(run.explain("both"))
                .isEqualTo("Node 'both' is IDLE: it waits for 1 of its 2 connections, slow.main → both.a ('slow' is "
                        + "RUNNING); its join rule DEFAULT runs it once all are decided, none failed "
                        + "and every required input port has one taken.");
    }

    @Test
    @DisplayName("S39 an idle node that waits for much names the first few")
    void an_idle_node_that_waits_for_much_names_the_first_few() {
        FlowDefinition flow = flow().add(blocked("slow", runs.release())).add(node("all", JoinRule.atLeast(2), "main"));
        flow.connect("start", "slow").connect("start", "all").after("all", "slow");
        for (int i = 1; i <= 5; i++) {
            flow.add(node("n" + i)).connect("slow", "n" + i).connect("n" + i, "all");
        }
        FlowExecution run = runs.started(flow, "slow");

        assertThat(run.explain("all"))
                .isEqualTo(
                        "Node 'all' is IDLE: it waits for 5 of its 6 connections, n1.main → all.main ('n1' is IDLE), "
                                + "n2.main → all.main ('n2' is IDLE), n3.main → all.main ('n3' is IDLE) and 2 more, and for "
                                + "'slow' (RUNNING) to settle; its join rule AT_LEAST(2) runs it once 2 are taken, with 1 so "
                                + "far.");
    }

    @Test
    @DisplayName("S39, S11 an idle node whose early join is met waits for order only")
    void an_idle_node_whose_early_join_is_met_waits_for_order_only() {
        FlowDefinition flow =
                flow().add(blocked("slow", runs.release())).add(node("any", JoinRule.ANY_SUCCESS, "main"));
        flow.connect("start", "slow")
                .connect("start", "any")
                .connect("slow", "any")
                .after("any", "slow");
        FlowExecution run = runs.started(flow, "slow");

        assertThat(run.explain("any"))
                .isEqualTo("Node 'any' is IDLE: it waits for 'slow' (RUNNING) to settle; "
                        + "its join rule ANY_SUCCESS is met.");
    }

    @Test
    @DisplayName("S39, S11 an idle node whose connections are decided waits for order only")
    void an_idle_node_whose_connections_are_decided_waits_for_order_only() {
        FlowDefinition flow =
                flow().add(blocked("slow", runs.release())).add(node("a")).add(node("b", JoinRule.DEFAULT));
        flow.connect("start", "slow").connect("start", "a").after("a", "slow").after("b", "slow");
        FlowExecution run = runs.started(flow, "slow");

        assertThat(run.explain("a"))
                .isEqualTo("Node 'a' is IDLE: it waits for 'slow' (RUNNING) to settle; its connections are decided.");
        assertThat(run.explain("b")).isEqualTo("Node 'b' is IDLE: it waits for 'slow' (RUNNING) to settle.");
    }

    @ParameterizedTest
    @CsvSource({
        "ALL_SUCCESS, once all are taken",
        "NONE_FAILED, once all are decided and none failed",
        "NONE_FAILED_MIN_ONE_SUCCESS, 'once all are decided, none failed and one is taken'",
        "ANY_SUCCESS, at the first one taken",
        "ALL_DONE, once all are decided",
        "ALL_DONE_MIN_ONE_SUCCESS, once all are decided and one is taken",
        "ANY_FAILED, at the first one failed",
        "ALL_FAILED, once all failed"
    })
    @DisplayName("S39, S12 an idle node says when its join rule runs it")
    void an_idle_node_says_when_its_join_rule_runs_it(JoinRule.Kind rule, String condition) {
        FlowDefinition flow =
                flow().add(blocked("slow", runs.release())).add(node("next", new JoinRule(rule, 0), "main"));
        FlowExecution run = runs.started(flow.connect("start", "slow").connect("slow", "next"), "slow");

        assertThat(run.explain("next"))
                .isEqualTo(
                        "Node 'next' is IDLE: it waits for its connection slow.main → next.main ('slow' is RUNNING); "
                                + "its join rule " + rule + " runs it " + condition + ".");
    }

    @Test
    @DisplayName("S39, S8 a queued node waits for a thread")
    void a_queued_node_waits_for_a_thread() {
        try (SampleRuns narrow = new SampleRuns(1)) {
            FlowDefinition flow = flow().add(blocked("first", narrow.release()));
            flow.add(blocked("second", narrow.release()))
                    .connect("start", "first")
                    .connect("start", "second");
            FlowExecution run = narrow.started(flow, "first");

            assertThat(run.explain("second"))
                    .isEqualTo("Node 'second' is QUEUED: its join rule DEFAULT is met and it waits for a thread.");
            assertThat(new AlteredSnapshot(run.snapshot(), ExecutionStatus.PAUSED, NodeStatus.QUEUED).explain("second"))
                    .isEqualTo(
                            "Node 'second' is QUEUED: its join rule DEFAULT is met and it waits until the execution, "
                                    + "which is PAUSED, is resumed.");
        }
    }

    @Test
    @DisplayName("S39, S8 a running node tells its attempt and since when")
    void a_running_node_tells_its_attempt_and_since_when() {
        FlowExecution run =
                runs.started(flow().add(blocked("slow", runs.release())).connect("start", "slow"), "slow");

        assertThat(run.explain("slow"))
                .matches(
                        "Node 'slow' is RUNNING: attempt 1 has been running since \\d{4}-\\d\\d-\\d\\dT[0-9:.]{8,12}Z\\.");
        assertThat(new AlteredSnapshot(run.snapshot(), ExecutionStatus.WAITING, NodeStatus.WAITING).explain("slow"))
                .isEqualTo("Node 'slow' is WAITING: after attempt 1 it holds no thread until a time, a signal or "
                        + "another execution wakes it.");
    }

    @Test
    @DisplayName("S39, S10 a completed node tells which ports fired")
    void a_completed_node_tells_which_ports_fired() throws Exception {
        FlowDefinition flow =
                flow().add(branch("size", "small", "big", "small")).add(branch("mute", "", "big"));
        ExecutionSnapshot run = runs.ended(flow.connect("start", "size").connect("start", "mute"));

        assertThat(run.explain("start"))
                .isEqualTo(
                        "Node 'start' is COMPLETED: the execution was started from this trigger, which fired 'main'.");
        assertThat(run.explain("size")).isEqualTo("Node 'size' is COMPLETED: attempt 1 fired 'small'.");
        assertThat(run.explain("mute")).isEqualTo("Node 'mute' is COMPLETED: attempt 1 fired no port.");
    }

    @Test
    @DisplayName("S39, S17, S18 a completed node whose body was not called says why")
    void a_completed_node_whose_body_was_not_called_says_why() throws Exception {
        FlowDefinition flow = flow().add(node("pinned")).connect("start", "pinned");
        flow.add(NodeDefinition.builder("off").passThrough().disabled().build()).connect("start", "off");
        ExecutionSnapshot run =
                runs.ended(flow, RunOptions.builder().pin("pinned", "main", 1).build());

        assertThat(run.explain("pinned"))
                .isEqualTo("Node 'pinned' is COMPLETED: its output is pinned, so it fired 'main' and its body was not "
                        + "called.");
        assertThat(run.explain("off"))
                .isEqualTo("Node 'off' is COMPLETED: it is disabled, so it fired 'main' and its body was not called.");
    }

    @Test
    @DisplayName("S39, S12 a node whose join fired early names the connections that fired it")
    void a_node_whose_join_fired_early_names_what_fired_it() {
        FlowDefinition flow =
                flow().add(blocked("slow", runs.release())).add(node("any", JoinRule.ANY_SUCCESS, "main"));
        flow.connect("start", "slow").connect("slow", "any").connect("start", "any");
        FlowExecution run = runs.started(flow, "slow", "any");

        assertThat(run.explain("any"))
                .isEqualTo("Node 'any' is COMPLETED: attempt 1 fired 'main', after its join was fired early by "
                        + "start.main → any.main.");
    }

    @Test
    @DisplayName("S39, S19 a failed node tells its attempt and the failure, on one line")
    void a_failed_node_tells_its_attempt_and_its_failure() throws Exception {
        FlowDefinition flow = flow().add(failing("charge")).connect("start", "charge");
        flow.add(failing("long", "a\n" + "b".repeat(300))).connect("start", "long");
        ExecutionSnapshot run = runs.ended(flow);

        assertThat(run.explain("charge")).isEqualTo("Node 'charge' is FAILED: attempt 1 failed with " + RESET + ".");
        assertThat(run.explain("long"))
                .contains("IOException: a bbb")
                .endsWith("bbb….")
                .hasSizeLessThan(260);
    }

    @Test
    @DisplayName("S39, S26 a cancelled node tells how the execution ended")
    void a_cancelled_node_tells_how_the_execution_ended() throws Exception {
        Semaphore deaf = new Semaphore(0);
        NodeDefinition slow = NodeDefinition.builder("slow")
                .body(context -> {
                    deaf.acquireUninterruptibly();
                    return "too late";
                })
                .build();
        FlowDefinition flow = flow().add(slow).add(node("next"));
        FlowExecution run = runs.started(flow.connect("start", "slow").connect("slow", "next"), "slow");
        runs.engine().close(Duration.ZERO);
        ExecutionSnapshot end = run.await().snapshot();

        assertThat(end.explain("next"))
                .isEqualTo("Node 'next' is CANCELLED: the execution ended CANCELLED before it started.");
        assertThat(end.explain("slow"))
                .isEqualTo("Node 'slow' is CANCELLED: the execution ended CANCELLED before attempt 1 ended.");
        deaf.release();
    }
}
