package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.RunOptions;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SkipReasonsTest {

    @WithThreads
    @DisplayName("S12 S13 ALL_SUCCESS over a failed and a not taken input gives one reason, in either order")
    void one_reason_in_either_order(int threads) {
        for (boolean failureFirst : new boolean[] {true, false}) {
            CompletableFuture<Object> failing = new CompletableFuture<>();
            CompletableFuture<Object> silent = new CompletableFuture<>();
            Flow flow = Flow.definition("order")
                    .trigger("t")
                    .add(Nodes.async("failing", failing))
                    .add(Nodes.async("slow", silent))
                    .add(Nodes.silent("silent"))
                    .add(NodeDefinition.builder("join")
                            .join(JoinRule.ALL_SUCCESS)
                            .passThrough()
                            .build())
                    .connect("t", "failing")
                    .connect("t", "slow")
                    .connect("slow", "silent")
                    .connect("failing", "join")
                    .connect("silent", "join")
                    .build();
            try (FlowEngine engine = Engines.withThreads(threads)) {
                FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
                if (failureFirst) {
                    failing.completeExceptionally(new IllegalStateException("planned"));
                    Runs.awaitNode(run, "failing", NodeStatus.FAILED);
                    silent.complete(1);
                } else {
                    silent.complete(1);
                    Runs.awaitNode(run, "silent", NodeStatus.COMPLETED);
                    failing.completeExceptionally(new IllegalStateException("planned"));
                }
                assertThat(Runs.states(Runs.ended(run))).containsEntry("join", "SKIPPED(UPSTREAM_FAILED)");
            }
        }
    }

    @WithThreads
    @DisplayName("S12 a default join skips at the first failure, while other inputs are still open")
    void a_default_join_skips_at_the_first_failure(int threads) {
        CompletableFuture<Object> open = new CompletableFuture<>();
        Flow flow = Flow.definition("early skip")
                .trigger("t")
                .add(Nodes.failing("failing"))
                .add(Nodes.async("open", open))
                .add(Nodes.pair("join"))
                .connect("t", "failing")
                .connect("t", "open")
                .connect(new Connection("failing", "main", "join", "left"))
                .connect(new Connection("open", "main", "join", "right"))
                .build();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
            Runs.awaitNode(run, "join", NodeStatus.SKIPPED);
            assertThat(run.status()).isEqualTo(ExecutionStatus.RUNNING);

            open.complete(1);
            assertThat(Runs.states(Runs.ended(run)))
                    .containsEntry("open", "COMPLETED")
                    .containsEntry("join", "SKIPPED(UPSTREAM_FAILED)");
        }
    }

    @Test
    @DisplayName("S13 a failure comes before a missing input, that before skipped sources, and a branch not taken last")
    void reasons_have_an_order() {
        FlowDefinition definition = Flow.definition("reasons")
                .trigger("t")
                .trigger("other")
                .add(Nodes.failing("failing"))
                .add(Nodes.silent("silent"))
                .add(Nodes.tracing("skipped"))
                .add(Nodes.pair("failed and missing"))
                .add(Nodes.pair("missing and skipped"))
                .add(Nodes.pair("both skipped"))
                .add(Nodes.pair("skipped and silent"))
                .connect("t", "failing")
                .connect("t", "silent")
                .connect("silent", "skipped");
        pair(definition, "failing", "other", "failed and missing");
        pair(definition, "skipped", "other", "missing and skipped");
        pair(definition, "skipped", "skipped", "both skipped");
        pair(definition, "skipped", "silent", "skipped and silent");
        RunOptions unchecked = RunOptions.builder().skipDependencyCheck().build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(definition.build(), "t", 1, unchecked));

            assertThat(Runs.states(result))
                    .containsEntry("skipped", "SKIPPED(BRANCH_NOT_TAKEN)")
                    .containsEntry("failed and missing", "SKIPPED(UPSTREAM_FAILED)")
                    .containsEntry("missing and skipped", "SKIPPED(MISSING_INPUT)")
                    .containsEntry("both skipped", "SKIPPED(ALL_INPUTS_SKIPPED)")
                    .containsEntry("skipped and silent", "SKIPPED(BRANCH_NOT_TAKEN)");
        }
    }

    private static void pair(FlowDefinition definition, String left, String right, String target) {
        definition
                .connect(new Connection(left, "main", target, "left"))
                .connect(new Connection(right, "main", target, "right"));
    }

    @ParameterizedTest(name = "{0} hops")
    @ValueSource(ints = {2, 100_000})
    @DisplayName("S13 R24 a dead branch, however long, reaches the merge behind it, which runs on the live one")
    void a_dead_branch_reaches_the_merge(int hops) {
        FlowDefinition definition = Flow.definition("dead branch")
                .trigger("t")
                .add(Nodes.silent("n0"))
                .add(Nodes.tracing("live"))
                .add(Nodes.tracing("merge"))
                .connect("t", "live")
                .connect("t", "n0")
                .connect("live", "merge");
        for (int i = 1; i <= hops; i++) {
            definition.add(Nodes.passing("n" + i)).connect("n" + (i - 1), "n" + i);
        }
        Flow flow = definition.connect("n" + hops, "merge").build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow, "t", 1));

            assertThat(result.output("merge", String.class)).isEqualTo("1>live>merge");
            assertThat(Runs.node(result, "n1").skipReason().orElseThrow()).hasToString("BRANCH_NOT_TAKEN");
            assertThat(Runs.node(result, "n" + hops).skipReason().orElseThrow()).hasToString("ALL_INPUTS_SKIPPED");
            assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @WithThreads
    @DisplayName(
            "S11 a merge where one input fails and the other succeeds is skipped; an optional error path is not needed")
    void one_input_fails_and_the_other_succeeds(int threads) {
        Flow flow = Flow.definition("mixed")
                .trigger("t")
                .add(Nodes.failing("bad"))
                .add(Nodes.tracing("good"))
                .add(Nodes.tracing("merge"))
                .add(NodeDefinition.builder("tolerant")
                        .inputs(InputPort.optional("main"))
                        .join(JoinRule.ALL_DONE_MIN_ONE_SUCCESS)
                        .passThrough()
                        .build())
                .connect("t", "bad")
                .connect("t", "good")
                .connect("bad", "merge")
                .connect("good", "merge")
                .connect("bad", "tolerant")
                .connect("good", "tolerant")
                .build();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            for (int i = 0; i < 100; i++) {
                ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow, "t", 1));
                assertThat(Runs.states(result)).containsEntry("merge", "SKIPPED(UPSTREAM_FAILED)");
                assertThat(result.output("tolerant", String.class)).isEqualTo("1>good");
                assertThat(result.status()).isEqualTo(ExecutionStatus.PARTIAL);
            }
        }
    }
}
