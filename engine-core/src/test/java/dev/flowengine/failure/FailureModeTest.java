package dev.flowengine.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.SkipReason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("S22 what an unhandled failure means to the rest of the run")
class FailureModeTest {

    /** {@code bad} and {@code good} side by side, each with a node behind it, and a join of the two. */
    private static FlowDefinition diamond(NodeDefinition join) {
        return Nodes.fanOf(Nodes.failing("bad").build(), Nodes.fine("good").build())
                .add(Nodes.echo("behind bad"))
                .add(Nodes.echo("behind good"))
                .add(join)
                .connect("bad", "behind bad")
                .connect("good", "behind good")
                .connect("behind bad", "join")
                .connect("behind good", "join");
    }

    private static ExecutionResult run(FailureMode mode, FlowDefinition flow) {
        try (Bench bench = Bench.plain()) {
            return bench.run(flow.failureMode(mode).build());
        }
    }

    private static NodeDefinition join(JoinRule rule) {
        return Nodes.collecting("join").join(rule).build();
    }

    @Test
    @DisplayName("S22 ISOLATE_BRANCH is the default: what depends on the failure is skipped, the rest goes on")
    void isolating_skips_what_depends_on_the_failure() {
        assertThat(Flow.definition("f").trigger("t").build().failureMode()).isEqualTo(FailureMode.ISOLATE_BRANCH);
        ExecutionResult result = run(FailureMode.ISOLATE_BRANCH, diamond(join(JoinRule.DEFAULT)));

        assertThat(Bench.states(result))
                .isEqualTo(Map.of(
                        "t", "COMPLETED",
                        "bad", "FAILED",
                        "behind bad", "SKIPPED(UPSTREAM_FAILED)",
                        "good", "COMPLETED",
                        "behind good", "COMPLETED",
                        "join", "SKIPPED(UPSTREAM_FAILED)"));
        assertThat(result.status()).as("no sink was reached").isEqualTo(ExecutionStatus.FAILED);
    }

    @Test
    @DisplayName("S22 SKIP_FAILED_BRANCH: the join goes on with what succeeded, and the run is PARTIAL")
    void skipping_lets_joins_go_on() {
        ExecutionResult result = run(FailureMode.SKIP_FAILED_BRANCH, diamond(join(JoinRule.DEFAULT)));

        assertThat(Bench.states(result))
                .isEqualTo(Map.of(
                        "t", "COMPLETED",
                        "bad", "FAILED",
                        "behind bad", "SKIPPED(BRANCH_NOT_TAKEN)",
                        "good", "COMPLETED",
                        "behind good", "COMPLETED",
                        "join", "COMPLETED"));
        assertThat(result.output("join", Object.class)).isEqualTo(List.of("good"));
        assertThat(result.status()).isEqualTo(ExecutionStatus.PARTIAL);
        assertThat(result.failure().orElseThrow().affectedNodes()).containsExactly("bad");
    }

    @ParameterizedTest
    @CsvSource({
        "ALL_SUCCESS, SKIPPED(BRANCH_NOT_TAKEN)",
        "NONE_FAILED, COMPLETED",
        "NONE_FAILED_MIN_ONE_SUCCESS, COMPLETED",
        "ANY_SUCCESS, COMPLETED",
        "ALL_DONE, COMPLETED",
        "ALL_DONE_MIN_ONE_SUCCESS, COMPLETED",
        "ANY_FAILED, SKIPPED(CONDITION_FALSE)",
        "ALL_FAILED, SKIPPED(CONDITION_FALSE)"
    })
    @DisplayName("S22 S12 under SKIP_FAILED_BRANCH every join rule counts a failed connection as one not taken")
    void every_rule_counts_a_failure_as_not_taken(JoinRule.Kind kind, String expected) {
        JoinRule rule = ruleOf(kind);

        assertThat(Bench.states(run(FailureMode.SKIP_FAILED_BRANCH, diamond(join(rule)))))
                .containsEntry("join", expected);
    }

    @ParameterizedTest
    @CsvSource({
        "ALL_SUCCESS, SKIPPED(UPSTREAM_FAILED)",
        "NONE_FAILED, SKIPPED(UPSTREAM_FAILED)",
        "NONE_FAILED_MIN_ONE_SUCCESS, SKIPPED(UPSTREAM_FAILED)",
        "ANY_SUCCESS, COMPLETED",
        "ALL_DONE, COMPLETED",
        "ALL_DONE_MIN_ONE_SUCCESS, COMPLETED",
        "ANY_FAILED, COMPLETED",
        "ALL_FAILED, SKIPPED(CONDITION_FALSE)"
    })
    @DisplayName("S22 S12 under ISOLATE_BRANCH the same joins see the failure")
    void every_rule_sees_the_failure(JoinRule.Kind kind, String expected) {
        assertThat(Bench.states(run(FailureMode.ISOLATE_BRANCH, diamond(join(ruleOf(kind))))))
                .containsEntry("join", expected);
    }

    private static JoinRule ruleOf(JoinRule.Kind kind) {
        return switch (kind) {
            case ALL_SUCCESS -> JoinRule.ALL_SUCCESS;
            case NONE_FAILED -> JoinRule.NONE_FAILED;
            case NONE_FAILED_MIN_ONE_SUCCESS -> JoinRule.NONE_FAILED_MIN_ONE_SUCCESS;
            case ANY_SUCCESS -> JoinRule.ANY_SUCCESS;
            case ALL_DONE -> JoinRule.ALL_DONE;
            case ALL_DONE_MIN_ONE_SUCCESS -> JoinRule.ALL_DONE_MIN_ONE_SUCCESS;
            case ANY_FAILED -> JoinRule.ANY_FAILED;
            case ALL_FAILED -> JoinRule.ALL_FAILED;
            default -> throw new AssertionError(kind);
        };
    }

    @Test
    @DisplayName("S22 S11 under SKIP_FAILED_BRANCH a node that needs two ports is still skipped if one stays empty")
    void a_missing_required_port_still_skips() {
        NodeDefinition pair = Nodes.fine("join")
                .inputs(InputPort.required("left"), InputPort.required("right"))
                .build();
        NodeDefinition lenient = Nodes.fine("lenient")
                .inputs(InputPort.optional("left"), InputPort.required("right"))
                .build();
        FlowDefinition flow = Nodes.fanOf(
                        Nodes.failing("bad").build(), Nodes.fine("good").build())
                .add(pair)
                .add(lenient)
                .connect(new Connection("bad", "main", "join", "left"))
                .connect(new Connection("good", "main", "join", "right"))
                .connect(new Connection("bad", "main", "lenient", "left"))
                .connect(new Connection("good", "main", "lenient", "right"));

        assertThat(Bench.states(run(FailureMode.SKIP_FAILED_BRANCH, flow)))
                .containsEntry("join", "SKIPPED(BRANCH_NOT_TAKEN)")
                .containsEntry("lenient", "COMPLETED");
    }

    @Test
    @DisplayName("S22 S11 under SKIP_FAILED_BRANCH a failure in after() does not skip; under ISOLATE_BRANCH it does")
    void an_order_dependency_follows_the_mode() {
        for (FailureMode mode : List.of(FailureMode.ISOLATE_BRANCH, FailureMode.SKIP_FAILED_BRANCH)) {
            FlowDefinition flow = Nodes.fanOf(
                            Nodes.failing("bad").build(), Nodes.fine("waits").build())
                    .after("waits", "bad");

            assertThat(Bench.states(run(mode, flow)).get("waits"))
                    .as(mode.toString())
                    .isEqualTo(mode == FailureMode.ISOLATE_BRANCH ? "SKIPPED(UPSTREAM_FAILED)" : "COMPLETED");
        }
    }

    @Test
    @DisplayName("S22 S39 explain() says of a skipped node that the failure is at the root of it, in both modes")
    void explanations_name_the_failure() {
        ExecutionResult isolated = run(FailureMode.ISOLATE_BRANCH, diamond(join(JoinRule.DEFAULT)));
        assertThat(isolated.snapshot().explain("join"))
                .startsWith(
                        "Node 'join' is SKIPPED (UPSTREAM_FAILED): its join rule DEFAULT skips it at the first failure")
                .contains("'behind bad'", "'bad'", "bad failed at attempt 1");

        ExecutionResult skipped = run(FailureMode.SKIP_FAILED_BRANCH, diamond(join(JoinRule.ALL_SUCCESS)));
        assertThat(skipped.snapshot().explain("behind bad"))
                .startsWith("Node 'behind bad' is SKIPPED (BRANCH_NOT_TAKEN)")
                .contains("'bad'", "FAILED", "bad failed at attempt 1");
        assertThat(skipped.snapshot().explain("join"))
                .startsWith("Node 'join' is SKIPPED (BRANCH_NOT_TAKEN)")
                .contains("1 of 2 connections taken", "'behind bad'", "bad failed at attempt 1");
        assertThat(skipped.snapshot().explain("bad"))
                .isEqualTo("Node 'bad' is FAILED: attempt 1 failed with java.lang.IllegalStateException: "
                        + "bad failed at attempt 1.");
    }

    @Test
    @DisplayName("S22 S13 under SKIP_FAILED_BRANCH no skip is blamed on the failure, all the way down")
    void skips_behind_a_skipped_failure_have_other_reasons() {
        FlowDefinition flow =
                Nodes.lineOf(Nodes.failing("bad").build(), Nodes.echo("one"), Nodes.echo("two"), Nodes.echo("three"));
        ExecutionResult result = run(FailureMode.SKIP_FAILED_BRANCH, flow);

        assertThat(List.of("one", "two", "three"))
                .extracting(id -> Bench.node(result, id).skipReason().orElseThrow())
                .containsExactly(
                        SkipReason.BRANCH_NOT_TAKEN, SkipReason.ALL_INPUTS_SKIPPED, SkipReason.ALL_INPUTS_SKIPPED);
        assertThat(result.status()).as("S23 nothing was reached").isEqualTo(ExecutionStatus.FAILED);
    }

    @Test
    @DisplayName("S39 S22 what SKIP_FAILED_BRANCH does to a node is explained")
    void its_effect_is_explained() {
        for (JoinRule rule : List.of(JoinRule.ANY_FAILED, JoinRule.ALL_FAILED)) {
            Flow flow = Nodes.lineOf(
                            Nodes.failing("a").build(),
                            Nodes.fine("b").join(rule).build())
                    .failureMode(FailureMode.SKIP_FAILED_BRANCH)
                    .build();
            try (Bench bench = Bench.plain()) {
                assertThat(bench.run(flow).snapshot().explain("b"))
                        .contains("SKIP_FAILED_BRANCH", "counts as one that was not taken");
            }
        }
        Flow plain = Nodes.lineOf(Nodes.failing("a").build(), Nodes.fine("b").build())
                .failureMode(FailureMode.SKIP_FAILED_BRANCH)
                .build();
        try (Bench bench = Bench.plain()) {
            assertThat(bench.run(plain).snapshot().explain("b"))
                    .contains("needs a taken connection on 'main', but 'a' FAILED at attempt 1");
        }
    }
}
