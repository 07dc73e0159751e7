package dev.flowengine.execution;

import static dev.flowengine.execution.SampleNodes.blocked;
import static dev.flowengine.execution.SampleNodes.branch;
import static dev.flowengine.execution.SampleNodes.failing;
import static dev.flowengine.execution.SampleNodes.node;
import static dev.flowengine.execution.SampleRuns.flow;
import static dev.flowengine.execution.SampleRuns.to;
import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.RunOptions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SkipExplanationTest {
    private static final String RESET = "java.io.IOException: connection reset";

    private final SampleRuns runs = new SampleRuns();

    @AfterEach
    void close() {
        runs.close();
    }

    @Test
    @DisplayName("S39, S13 a node skipped after a failure names the connection and the node that failed")
    void a_node_skipped_after_a_failure_names_what_failed() throws Exception {
        FlowDefinition flow = flow().add(failing("charge")).add(node("bill")).add(node("ship"));
        flow.connect("start", "charge").connect("charge", "bill").connect("bill", "ship");
        ExecutionSnapshot run = runs.ended(flow);

        assertThat(run.explain("bill"))
                .isEqualTo("Node 'bill' is SKIPPED (UPSTREAM_FAILED): its join rule DEFAULT skips it at the first "
                        + "failure: charge.main → bill.main failed, as 'charge' FAILED at attempt 1 with " + RESET
                        + ".");
        assertThat(run.explain("ship"))
                .isEqualTo("Node 'ship' is SKIPPED (UPSTREAM_FAILED): its join rule DEFAULT skips it at the first "
                        + "failure: bill.main → ship.main failed, as 'bill' was skipped (UPSTREAM_FAILED); this goes "
                        + "back to 'charge', 2 steps upstream, which FAILED at attempt 1 with " + RESET + ".");
    }

    @Test
    @DisplayName("S39, S11 a node skipped because of an order dependency names it")
    void a_node_skipped_because_of_an_order_dependency_names_it() throws Exception {
        FlowDefinition flow = flow().add(failing("audit")).add(node("ship"));
        ExecutionSnapshot run = runs.ended(
                flow.connect("start", "audit").connect("start", "ship").after("ship", "audit"));

        assertThat(run.explain("ship"))
                .isEqualTo("Node 'ship' is SKIPPED (UPSTREAM_FAILED): its join rule DEFAULT skips it at the first "
                        + "failure: the order dependency on 'audit' failed, as 'audit' FAILED at attempt 1 with "
                        + RESET
                        + ".");
    }

    @Test
    @DisplayName("S39, S12 a rule that stands failures counts what it got")
    void a_rule_that_stands_failures_counts_what_it_got() throws Exception {
        FlowDefinition flow = flow().add(failing("a")).add(failing("b")).add(node("two", JoinRule.atLeast(2), "main"));
        flow.connect("start", "a").connect("start", "b");
        flow.connect("start", "two").connect("a", "two").connect("b", "two");

        assertThat(runs.ended(flow).explain("two"))
                .isEqualTo("Node 'two' is SKIPPED (UPSTREAM_FAILED): its join rule AT_LEAST(2) was not met with 1 of 3 "
                        + "connections taken: a.main → two.main and 1 more failed, as 'a' FAILED at attempt 1 with "
                        + RESET + ".");
    }

    @Test
    @DisplayName("S39, S13 a node on a branch not taken names the branch and what it fired instead")
    void a_node_on_a_branch_not_taken_names_the_branch() throws Exception {
        FlowDefinition flow =
                flow().add(branch("size", "small", "big", "small")).add(node("review"));
        flow.add(node("approve")).add(node("both", JoinRule.ALL_SUCCESS, "main"));
        flow.connect("start", "size").connect(new Connection("size", "big", "review", "main"));
        flow.connect("review", "approve").connect("start", "both").connect("approve", "both");
        ExecutionSnapshot run = runs.ended(flow);

        assertThat(run.explain("review"))
                .isEqualTo(
                        "Node 'review' is SKIPPED (BRANCH_NOT_TAKEN): its join rule DEFAULT needs a taken connection "
                                + "on 'main', but 'size' fired 'small' instead of 'big'.");
        assertThat(run.explain("approve"))
                .isEqualTo("Node 'approve' is SKIPPED (ALL_INPUTS_SKIPPED): its join rule DEFAULT was not met, as all "
                        + "its sources were skipped: 'review' was skipped (BRANCH_NOT_TAKEN); this goes back to 'size', "
                        + "2 steps upstream, which fired 'small' instead of 'big'.");
        assertThat(run.explain("both"))
                .isEqualTo("Node 'both' is SKIPPED (BRANCH_NOT_TAKEN): its join rule ALL_SUCCESS was not met with 1 of "
                        + "2 connections taken, but 'approve' was skipped (ALL_INPUTS_SKIPPED); this goes back to "
                        + "'size', 3 steps upstream, which fired 'small' instead of 'big'.");
    }

    @Test
    @DisplayName("S39, S11 only connections to a port that stayed empty are blamed")
    void only_connections_to_a_port_that_stayed_empty_are_blamed() throws Exception {
        FlowDefinition flow = flow().add(branch("mute", "", "out")).add(node("n", JoinRule.DEFAULT, "a", "b"));
        flow.connect("start", "mute")
                .connect(new Connection("mute", "out", "n", "a"))
                .connect(to("start", "n", "a"));
        flow.connect(new Connection("mute", "out", "n", "b"));

        assertThat(runs.ended(flow).explain("n"))
                .isEqualTo("Node 'n' is SKIPPED (BRANCH_NOT_TAKEN): its join rule DEFAULT needs a taken connection on "
                        + "'b', but 'mute' fired no port, 'out' included.");
    }

    @Test
    @DisplayName("S39, S5 a node with an unfed port names the port and what was pruned")
    void a_node_with_an_unfed_port_names_it_and_what_was_pruned() throws Exception {
        FlowDefinition flow = flow().trigger("other").add(node("n", JoinRule.DEFAULT, "a", "b"));
        flow.connect(to("start", "n", "a")).connect(to("other", "n", "b"));
        ExecutionSnapshot run =
                runs.ended(flow, RunOptions.builder().skipDependencyCheck().build());

        assertThat(run.explain("n"))
                .isEqualTo("Node 'n' is SKIPPED (MISSING_INPUT): its required input port 'b' has no source in this "
                        + "execution, as other.main → n.b is out of scope, and the start did not insist on it.");
    }

    @Test
    @DisplayName("S39, S5, S13 a node with an unfed port says so before it is decided, and beside a failure")
    void a_node_with_an_unfed_port_says_so_whatever_else_happens() {
        FlowDefinition flow = flow().trigger("other").add(failing("bad")).add(blocked("slow", runs.release()));
        flow.add(node("n", JoinRule.ANY_SUCCESS, "a", "b")).add(node("m", JoinRule.ANY_SUCCESS, "a", "b"));
        flow.connect("start", "bad").connect("start", "slow").connect(to("start", "n", "a"));
        flow.connect(to("slow", "n", "a")).connect(to("other", "n", "b"));
        flow.connect(to("bad", "m", "a")).connect(to("other", "m", "b"));
        FlowExecution run =
                runs.start(flow, RunOptions.builder().skipDependencyCheck().build());
        await().until(() -> SampleRuns.statuses(run.snapshot(), "slow", "m")
                .equals(List.of(NodeStatus.RUNNING, NodeStatus.SKIPPED)));

        assertThat(run.explain("n"))
                .isEqualTo(
                        "Node 'n' is IDLE: it waits for 1 of its 2 connections, slow.main → n.a ('slow' is RUNNING); "
                                + "it will not run, as a required input port of it has no source in this execution.");
        assertThat(run.explain("m"))
                .isEqualTo("Node 'm' is SKIPPED (UPSTREAM_FAILED): its required input port 'b' has no source in this "
                        + "execution, as other.main → m.b is out of scope, and the start did not insist on it, while "
                        + "bad.main → m.a failed, as 'bad' FAILED at attempt 1 with " + RESET + ".");
    }

    @Test
    @DisplayName("S39, S13 a node that runs on failures only says that there were none, or not enough")
    void a_node_that_runs_on_failures_only_says_what_it_missed() throws Exception {
        FlowDefinition flow = flow().add(failing("a")).add(node("b"));
        flow.add(node("alert", JoinRule.ANY_FAILED, "main")).add(node("give-up", JoinRule.ALL_FAILED, "main"));
        flow.connect("start", "a").connect("start", "b").connect("b", "alert");
        flow.connect("a", "give-up").connect("b", "give-up");
        ExecutionSnapshot run = runs.ended(flow);

        assertThat(run.explain("alert"))
                .isEqualTo("Node 'alert' is SKIPPED (CONDITION_FALSE): its join rule ANY_FAILED runs it only on a "
                        + "failure, but none of 1 connection failed.");
        assertThat(run.explain("give-up"))
                .isEqualTo("Node 'give-up' is SKIPPED (CONDITION_FALSE): its join rule ALL_FAILED runs it only if all "
                        + "its connections failed, but only 1 of 2 connections failed.");
    }

    @Test
    @Tag("once")
    @DisplayName("S39, S13 a skip is traced through a chain of 100,000 nodes")
    void a_skip_is_traced_through_a_long_chain() throws Exception {
        assertThat(explainEndOfChain(100_000))
                .contains("back to 'n0', 100000 steps upstream, which FAILED at attempt 1");
    }

    @Test
    @Tag("long")
    @DisplayName("S39, S13 a skip is traced through a chain of 1,000,000 nodes")
    void a_skip_is_traced_through_a_very_long_chain() throws Exception {
        assertThat(explainEndOfChain(1_000_000)).contains("back to 'n0', 1000000 steps upstream, which FAILED");
    }

    private String explainEndOfChain(int length) throws InterruptedException {
        FlowDefinition flow = flow().add(failing("n0")).connect("start", "n0");
        for (int i = 1; i <= length; i++) {
            flow.add(node("n" + i)).connect("n" + (i - 1), "n" + i);
        }
        return runs.ended(flow).explain("n" + length);
    }
}
