package dev.flowengine.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSummary;
import dev.flowengine.execution.HistoryQuery;
import dev.flowengine.execution.Redrive;
import dev.flowengine.execution.RedrivePlan;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.LoopRef;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.RunOptions;
import dev.flowengine.node.TypeRef;
import dev.flowengine.plan.Rerun;
import dev.flowengine.plan.Rerun.Cause;
import dev.flowengine.testing.Engines;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Executions that are run again with another edition of their flow. */
class RedriveOnAnotherVersionTest {
    private final Bodies bodies = new Bodies();
    private final FlowEngine engine = Engines.create();

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    @DisplayName(
            "S29 what failed runs again on the newer version, and what had completed and is what it was is taken over")
    void what_failed_runs_on_the_newer_version() {
        ExecutionResult first = runBreaking("b", flow("1", Map.of()));

        Redrive redrive = engine.redrive(first.executionId(), flow("2", Map.of()));
        ExecutionResult second = Runs.ended(redrive.userId("ann").start());

        assertThat(redrive.plan().rerun()).containsExactly("b", "d");
        assertThat(redrive.plan().reused()).containsExactly("t", "a", "c");
        assertThat(bodies.takeCalls()).containsExactly("b", "d");
        assertThat(second.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(second.snapshot().flowVersion()).isEqualTo("2");
        assertThat(second.snapshot().plan().reused()).containsExactly("t", "a", "c");
        assertThat(second.output("d", String.class)).isEqualTo("go>a>b>d");
    }

    @Test
    @DisplayName("S29 S7 what is configured otherwise runs again with everything downstream, and the plan says why")
    void what_has_changed_runs_again() {
        ExecutionResult first = Runs.ended(engine.executeFromTrigger(flow("1", Map.of("rate", 1)), "t", "go"));
        bodies.takeCalls();

        Redrive redrive = engine.redrive(first.executionId(), flow("2", Map.of("rate", 2)));
        RedrivePlan plan = redrive.plan();
        ExecutionResult second = Runs.ended(redrive.start());

        assertThat(plan.reasons())
                .containsExactly(
                        new Rerun("b", Cause.CHANGED, List.of()), new Rerun("d", Cause.DOWNSTREAM, List.of("b")));
        assertThat(plan.describe().lines())
                .containsExactly(
                        "taken over from " + first.executionId() + ": t, a, c",
                        "'b' runs again: it is not configured or connected as it was",
                        "'d' runs again: it depends on b");
        assertThat(bodies.takeCalls()).containsExactly("b", "d");
        assertThat(Runs.states(second)).contains(entry("a", "COMPLETED*"), entry("b", "COMPLETED"));
    }

    @Test
    @DisplayName(
            "S29 R35 with a flow that is what it was nothing runs again, unless a node is named whose code has changed")
    void code_cannot_be_compared() {
        ExecutionResult first = Runs.ended(engine.executeFromTrigger(flow("1", Map.of()), "t", "go"));
        bodies.takeCalls();
        Redrive redrive = engine.redrive(first.executionId(), flow("2", Map.of()));

        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(redrive::start)
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_FLOW_STATE));
        assertThat(redrive.from("c").plan().reasons())
                .containsExactly(
                        new Rerun("c", Cause.CHOSEN, List.of()), new Rerun("d", Cause.DOWNSTREAM, List.of("c")));
        Runs.ended(redrive.start());
        assertThat(bodies.takeCalls()).containsExactly("c", "d");
    }

    @Test
    @DisplayName("S29 S4 up to a node, or before it, only what leads there runs again or is taken over")
    void up_to_a_node() {
        ExecutionResult first = runBreaking("b", flow("1", Map.of()));

        Redrive upTo = engine.redrive(first.executionId(), flow("2", Map.of())).upTo("b");
        Redrive before = engine.redrive(first.executionId()).before("d").from("a");

        assertThat(upTo.plan().rerun()).containsExactly("b");
        assertThat(upTo.plan().reused()).containsExactly("t", "a");
        ExecutionResult cut = Runs.ended(upTo.start());
        assertThat(Runs.states(cut))
                .containsExactly(entry("a", "COMPLETED*"), entry("b", "COMPLETED"), entry("t", "COMPLETED*"));
        assertThat(before.plan().rerun()).containsExactly("a", "b", "c");
        assertThat(before.plan().reused()).containsExactly("t");
    }

    @Test
    @DisplayName(
            "S29 a node that is new, fed otherwise, or fed by what is new is decided anew; one that is gone is forgotten")
    void structure_may_change() {
        ExecutionResult first = Runs.ended(engine.executeFromTrigger(flow("1", Map.of()), "t", "go"));
        bodies.takeCalls();
        Flow newer = Flow.definition("line")
                .version("2")
                .trigger("t")
                .add(bodies.tracing("a"))
                .add(bodies.tracing("x"))
                .add(bodies.tracing("d"))
                .connect("t", "a")
                .connect("a", "x")
                .connect("x", "d")
                .build();

        Redrive redrive = engine.redrive(first.executionId(), newer);

        assertThat(redrive.plan().reasons())
                .containsExactly(new Rerun("x", Cause.NO_DATA, List.of()), new Rerun("d", Cause.CHANGED, List.of()));
        ExecutionResult second = Runs.ended(redrive.start());
        assertThat(bodies.takeCalls()).containsExactly("d", "x");
        assertThat(second.output("d", String.class)).isEqualTo("go>a>x>d");
    }

    @Test
    @DisplayName("S29 S32 a change in the body of a loop runs the loop from its first iteration on")
    void a_change_in_a_body_runs_the_loop() {
        ExecutionResult first = Runs.ended(engine.executeFromTrigger(loops("1", false), "t", List.of(1, 2)));

        Redrive redrive = engine.redrive(first.executionId(), loops("2", true));
        ExecutionResult second = Runs.ended(redrive.start());

        assertThat(redrive.plan().reused()).containsExactly("t");
        assertThat(redrive.plan().reasons().get(0)).isEqualTo(new Rerun("each", Cause.DOWNSTREAM, List.of("twice")));
        assertThat(second.output("total", Integer.class)).isEqualTo(6);
    }

    @Test
    @DisplayName(
            "S29 another flow, or one without the trigger or that takes other data, is refused before anything runs")
    void what_does_not_fit_is_refused() {
        ExecutionResult first = runBreaking("b", flow("1", Map.of()));
        Flow other = Flow.definition("other").trigger("t").build();
        Flow without = Flow.definition("line").version("3").trigger("u").build();
        FlowBuilder typed = Flow.builder("line").version("4");
        typed.trigger("t", Integer.class);

        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> engine.redrive(first.executionId(), other))
                .withMessageContaining("is one of flow 'line' and cannot be redriven with flow 'other'");
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> engine.redrive(first.executionId(), without).plan())
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.NOT_FOUND));
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> engine.redrive(first.executionId(), typed.build())
                        .from("t")
                        .start())
                .withMessageContaining("is fired with a value of java.lang.String");
        assertThat(bodies.takeCalls()).isEmpty();
    }

    @Test
    @DisplayName("S29 S45 history tells what redrives what, by whom and when, across versions")
    void history_tells_the_lineage() {
        ExecutionResult first = runBreaking("b", flow("1", Map.of()));
        bodies.breakDown("b");
        String second = Runs.ended(
                        engine.redrive(first.executionId()).userId("bob").start())
                .executionId();
        bodies.mend();
        String third = Runs.ended(engine.redrive(second, flow("2", Map.of()))
                        .userId("ann")
                        .start())
                .executionId();
        String sibling = Runs.ended(
                        engine.redrive(first.executionId(), flow("2", Map.of())).start())
                .executionId();
        Runs.ended(engine.executeFromTrigger(flow("1", Map.of()), "t", "go", RunOptions.ofDefaults()));

        assertThat(ids(engine.history(HistoryQuery.all().redriveOf(first.executionId()))
                        .executions()))
                .containsExactlyInAnyOrder(second, sibling);
        assertThat(HistoryQuery.all().redriveOf("x").user("ann").redriveOf()).contains("x");
        for (String any : List.of(first.executionId(), second, third, sibling)) {
            assertThat(ids(engine.lineage(any)))
                    .containsExactlyInAnyOrder(first.executionId(), second, third, sibling)
                    .startsWith(first.executionId());
        }
        ExecutionSummary last = engine.lineage(third).stream()
                .filter(execution -> execution.executionId().equals(third))
                .findFirst()
                .orElseThrow();
        assertThat(last.userId()).contains("ann");
        assertThat(last.flowVersion()).isEqualTo("2");
        assertThat(last.redriveOf()).contains(second);
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> engine.lineage("nobody"))
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.NOT_FOUND));
    }

    private static List<String> ids(List<ExecutionSummary> executions) {
        return executions.stream().map(ExecutionSummary::executionId).toList();
    }

    private ExecutionResult runBreaking(String node, Flow flow) {
        bodies.breakDown(node);
        ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow, "t", "go"));
        assertThat(result.status()).isNotEqualTo(ExecutionStatus.COMPLETED);
        bodies.mend();
        bodies.takeCalls();
        return result;
    }

    /** t to a; that to b, which has parameters, and c; both to d, which takes what comes first. */
    private Flow flow(String version, Map<String, Object> parameters) {
        FlowDefinition line = Flow.definition("line")
                .version(version)
                .trigger("t")
                .add(bodies.tracing("a"))
                .add(bodies.tracingBuilder("b").type("fee", parameters).build())
                .add(bodies.tracing("c"))
                .add(bodies.tracing("d"));
        return line.connect("t", "a")
                .connect("a", "b")
                .connect("a", "c")
                .connect("b", "d")
                .connect("c", "d")
                .build();
    }

    private static Flow loops(String version, boolean changed) {
        FlowBuilder f = Flow.builder("loops").version(version);
        TriggerRef<List<Integer>> t = f.trigger("t", new TypeRef<List<Integer>>() {});
        LoopRef<Integer> each = f.loop("each", t, n -> {
            NodeRef<Integer> twice = f.node("twice", n, v -> 2 * v);
            return changed ? twice.allSuccess() : twice;
        });
        f.node("total", each, all -> all.stream().mapToInt(n -> n).sum());
        return f.build();
    }
}
