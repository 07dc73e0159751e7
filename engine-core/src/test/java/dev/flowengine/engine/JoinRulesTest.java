package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.InputSpec;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.Input;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JoinRulesTest {

    /** Sources by letter: T is taken, N fires nothing, F fails, S is skipped. */
    @ParameterizedTest(name = "{0} over {1} is {2}")
    @CsvSource({
        "ALL_SUCCESS, TTT, COMPLETED",
        "ALL_SUCCESS, TNT, SKIPPED(BRANCH_NOT_TAKEN)",
        "ALL_SUCCESS, TNF, SKIPPED(UPSTREAM_FAILED)",
        "NONE_FAILED, NNT, COMPLETED",
        "NONE_FAILED, NNN, COMPLETED",
        "NONE_FAILED, TFT, SKIPPED(UPSTREAM_FAILED)",
        "NONE_FAILED_MIN_ONE_SUCCESS, NTN, COMPLETED",
        "NONE_FAILED_MIN_ONE_SUCCESS, NNN, SKIPPED(BRANCH_NOT_TAKEN)",
        "NONE_FAILED_MIN_ONE_SUCCESS, TTF, SKIPPED(UPSTREAM_FAILED)",
        "ANY_SUCCESS, FNT, COMPLETED",
        "ANY_SUCCESS, FNN, SKIPPED(UPSTREAM_FAILED)",
        "ANY_SUCCESS, NNN, SKIPPED(BRANCH_NOT_TAKEN)",
        "ANY_SUCCESS, SSS, SKIPPED(ALL_INPUTS_SKIPPED)",
        "AT_LEAST, TFT, COMPLETED",
        "AT_LEAST, TFN, SKIPPED(UPSTREAM_FAILED)",
        "AT_LEAST, TNN, SKIPPED(BRANCH_NOT_TAKEN)",
        "ALL_DONE, FNS, COMPLETED",
        "ALL_DONE_MIN_ONE_SUCCESS, FNT, COMPLETED",
        "ALL_DONE_MIN_ONE_SUCCESS, FNN, SKIPPED(UPSTREAM_FAILED)",
        "ALL_DONE_MIN_ONE_SUCCESS, SSS, SKIPPED(ALL_INPUTS_SKIPPED)",
        "ANY_FAILED, TFN, COMPLETED",
        "ANY_FAILED, TNS, SKIPPED(CONDITION_FALSE)",
        "ALL_FAILED, FFF, COMPLETED",
        "ALL_FAILED, FFT, SKIPPED(CONDITION_FALSE)",
        "ALL_FAILED, NNN, SKIPPED(CONDITION_FALSE)",
    })
    @DisplayName("S12 S13 a join runs when its rule is met, and is skipped for the first reason that holds")
    void a_join_runs_when_its_rule_is_met(String rule, String outcomes, String expected) {
        FlowDefinition definition = Flow.definition("join").trigger("t").add(Nodes.silent("silent"));
        definition.connect("t", "silent");
        for (int i = 0; i < outcomes.length(); i++) {
            String id = "s" + i;
            definition.add(source(outcomes.charAt(i), id));
            definition.connect(outcomes.charAt(i) == 'S' ? "silent" : "t", id).connect(id, "join");
        }
        JoinRule.Kind kind = JoinRule.Kind.valueOf(rule);
        definition.add(NodeDefinition.builder("join")
                .inputs(InputPort.optional("main"))
                .join(new JoinRule(kind, kind == JoinRule.Kind.AT_LEAST ? 2 : 0))
                .passThrough()
                .build());
        Flow flow = definition.build();
        try (FlowEngine engine = Engines.create()) {
            assertThat(Runs.states(Runs.ended(engine.executeFromTrigger(flow, "t", 1))))
                    .containsEntry("join", expected);
        }
    }

    private static NodeDefinition source(char outcome, String id) {
        return switch (outcome) {
            case 'N' -> Nodes.silent(id);
            case 'F' -> Nodes.failing(id);
            default -> Nodes.tracing(id);
        };
    }

    @Test
    @DisplayName("S12 a body over Inputs sees values, why one is absent, and the failure of a source")
    void a_body_over_inputs_sees_what_became_of_each() {
        FlowBuilder f = Flow.builder("inputs");
        TriggerRef<Integer> start = f.trigger("start", Integer.class);
        NodeRef<Integer> good = f.node("good", start, n -> n + 1);
        NodeRef<Integer> bad = f.node("bad", start, n -> Integer.divideUnsigned(n, 0));
        NodeRef<Integer> worse = f.node("behind bad", bad, n -> n);
        var branch = f.branch("branch", start).when("never", n -> false);
        var never = branch.on("never");
        NodeRef<List<Input<Integer>>> seen = f.node(
                "seen",
                InputSpec.of(good, bad, worse, never).join(JoinRule.ALL_DONE),
                in -> List.of(in.input(good), in.input(bad), in.input(worse), in.input(never)));
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            List<Input<Integer>> inputs =
                    Runs.ended(engine.executeFromTrigger(flow, start, 1)).output(seen);

            assertThat(inputs.get(0)).isEqualTo(Input.present(2));
            assertThat(inputs.get(1).error().orElseThrow().nodeId()).isEqualTo("bad");
            assertThat(inputs.get(1).error().orElseThrow().type()).isEqualTo("java.lang.ArithmeticException");
            assertThat(inputs.get(2).error().orElseThrow().nodeId())
                    .as("the failure behind a skip")
                    .isEqualTo("bad");
            assertThat(inputs.get(3)).isEqualTo(Input.absent(Input.Absence.NOT_TAKEN));
        }
    }

    @Test
    @DisplayName("S12 reading the value of an input that did not arrive says why there is none")
    void reading_an_absent_value_says_why() {
        FlowBuilder f = Flow.builder("inputs");
        TriggerRef<Integer> start = f.trigger("start", Integer.class);
        NodeRef<Integer> bad = f.node("bad", start, n -> Integer.divideUnsigned(n, 0));
        f.node("reader", InputSpec.of(bad, start).join(JoinRule.ALL_DONE), in -> in.get(bad));
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow, start, 1));

            assertThat(Runs.node(result, "reader").failure().orElseThrow().message())
                    .isEqualTo("node 'reader' reads the value of 'bad', but none arrived: "
                            + "java.lang.ArithmeticException: / by zero");
        }
    }

    @WithThreads
    @DisplayName("S12 ANY_SUCCESS runs at the first taken connection and ignores what comes later")
    void any_success_runs_at_once(int threads) {
        early(threads, JoinRule.ANY_SUCCESS, List.of("b"), List.of());
    }

    @WithThreads
    @DisplayName("S12 AT_LEAST(2) runs at the second taken connection")
    void at_least_runs_at_the_second(int threads) {
        early(threads, JoinRule.atLeast(2), List.of("c", "b"), List.of());
    }

    @WithThreads
    @DisplayName("S12 ANY_FAILED runs at the first failure")
    void any_failed_runs_at_once(int threads) {
        early(threads, JoinRule.ANY_FAILED, List.of(), List.of("b"));
    }

    /** Settles some of the stages a, b and c, and expects the join to run because of them while the others are open. */
    private static void early(int threads, JoinRule rule, List<String> complete, List<String> fail) {
        List<String> ids = List.of("a", "b", "c");
        List<CompletableFuture<Object>> stages =
                ids.stream().map(id -> new CompletableFuture<>()).toList();
        FlowDefinition definition = Flow.definition("early").trigger("t");
        ids.forEach(id -> definition
                .add(Nodes.async(id, stages.get(ids.indexOf(id))))
                .connect("t", id)
                .connect(id, "join"));
        definition.add(NodeDefinition.builder("join")
                .inputs(InputPort.collecting("main"))
                .inputs(new InputPort("main", false, true))
                .join(rule)
                .passThrough()
                .build());
        Flow flow = definition.build();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
            complete.forEach(id -> stages.get(ids.indexOf(id)).complete(id));
            fail.forEach(id -> stages.get(ids.indexOf(id)).completeExceptionally(new IllegalStateException(id)));
            Runs.awaitNode(run, "join", NodeStatus.COMPLETED);
            assertThat(run.status().isTerminal()).isFalse();

            stages.forEach(stage -> stage.complete("late"));
            ExecutionResult result = Runs.ended(run);
            List<String> sorted = complete.stream().sorted().toList();
            assertThat(result.output("join", Object.class)).isEqualTo(sorted.isEmpty() ? null : sorted);
            assertThat(Runs.node(result, "join").decidedBy())
                    .extracting(Connection::from)
                    .containsExactlyElementsOf(sorted.isEmpty() ? fail : sorted);
            assertThat(Runs.node(result, "a").status()).isEqualTo(NodeStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("S12 an input that has not arrived when the join fires is absent as not decided")
    void an_open_input_is_not_decided() {
        CompletableFuture<Integer> open = new CompletableFuture<>();
        FlowBuilder f = Flow.builder("inputs");
        TriggerRef<Integer> start = f.trigger("start", Integer.class);
        NodeRef<Integer> slow = f.asyncNode("slow", start, n -> open);
        NodeRef<Input<Integer>> seen =
                f.node("seen", InputSpec.of(start, slow).join(JoinRule.ANY_SUCCESS), in -> in.input(slow));
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            FlowExecution run = engine.executeFromTrigger(flow, start, 1);
            Runs.awaitNode(run, "seen", NodeStatus.COMPLETED);
            open.complete(1);

            assertThat(Runs.ended(run).output(seen)).isEqualTo(Input.absent(Input.Absence.NOT_DECIDED));
        }
    }
}
