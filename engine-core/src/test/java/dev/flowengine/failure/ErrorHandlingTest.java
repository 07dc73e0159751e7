package dev.flowengine.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.event.NodeCompleted;
import dev.flowengine.event.NodeFailed;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.NodeState;
import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.graph.Ports;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowError;
import dev.flowengine.node.TypeRef;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S21 what becomes of a node whose last attempt has failed")
class ErrorHandlingTest {

    private static ExecutionResult run(Flow flow) {
        try (Bench bench = Bench.plain()) {
            return bench.run(flow);
        }
    }

    private static NodeDefinition handling(ErrorHandling handling) {
        return Nodes.failing("a").onError(handling).build();
    }

    private static Connection errorOf(String from, String to) {
        return new Connection(from, Ports.ERROR, to, Ports.MAIN);
    }

    @Test
    @DisplayName("S21 CONTINUE puts the failure out on main")
    void continue_puts_the_failure_out() {
        ExecutionResult result = run(Nodes.line(handling(ErrorHandling.CONTINUE), Nodes.echo("b")));

        assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
        FlowError error = result.output("b", FlowError.class);
        assertThat(error.message()).isEqualTo("a failed at attempt 1");
        assertThat(error).isEqualTo(Bench.node(result, "a").handledFailure().orElseThrow());
    }

    @Test
    @DisplayName("S21 ERROR_OUTPUT fires error and not main: what hangs on main is skipped as a branch not taken")
    void error_output_fires_error_only() {
        Flow flow = Nodes.lineOf(handling(ErrorHandling.ERROR_OUTPUT), Nodes.echo("b"))
                .add(Nodes.echo("rescue"))
                .connect(errorOf("a", "rescue"))
                .build();
        ExecutionResult result = run(flow);

        assertThat(Bench.states(result))
                .isEqualTo(Map.of(
                        "t", "COMPLETED",
                        "a", "COMPLETED",
                        "b", "SKIPPED(BRANCH_NOT_TAKEN)",
                        "rescue", "COMPLETED"));
        assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(Bench.node(result, "a").firedPorts()).containsExactly(Ports.ERROR);
        FlowError error = result.output("rescue", FlowError.class);
        assertThat(error.input()).isEqualTo("in");
        assertThat(error.nodeId()).isEqualTo("a");
    }

    @Test
    @DisplayName("S21 without a failure error does not fire")
    void error_does_not_fire_without_a_failure() {
        Flow flow = Nodes.lineOf(
                        Nodes.fine("a").onError(ErrorHandling.ERROR_OUTPUT).build(), Nodes.echo("b"))
                .add(Nodes.echo("rescue"))
                .connect(errorOf("a", "rescue"))
                .build();

        assertThat(Bench.states(run(flow)))
                .containsEntry("b", "COMPLETED")
                .containsEntry("rescue", "SKIPPED(BRANCH_NOT_TAKEN)");
    }

    @Test
    @DisplayName(
            "S21 S46 the error of a node of several ports holds its inputs by port; what was not delivered is null")
    void the_error_of_several_ports_holds_a_map() {
        NodeDefinition pair = Nodes.failing("pair")
                .inputs(InputPort.required("left"), InputPort.collecting("all"), InputPort.optional("maybe"))
                .onError(ErrorHandling.ERROR_OUTPUT)
                .build();
        NodeDefinition silent = NodeDefinition.builder("silent")
                .emittingBody((context, out) -> {})
                .build();
        Flow flow = Nodes.fanOf(Nodes.fine("one").build(), Nodes.fine("two").build(), silent)
                .add(pair)
                .add(Nodes.echo("rescue"))
                .connect(new Connection("one", "main", "pair", "left"))
                .connect(new Connection("one", "main", "pair", "all"))
                .connect(new Connection("two", "main", "pair", "all"))
                .connect(new Connection("silent", "main", "pair", "maybe"))
                .connect(errorOf("pair", "rescue"))
                .build();
        FlowError error = run(flow).output("rescue", FlowError.class);

        assertThat(error.input()).isInstanceOfSatisfying(Map.class, input -> {
            assertThat(input.get("left")).isEqualTo("one");
            assertThat(input.get("all")).isEqualTo(List.of("one", "two"));
            assertThat(input.get("maybe")).isNull();
        });
        assertThat(error.input()).hasToString("{left=one, all=[one, two], maybe=null}");
        assertThat(error.input()).asInstanceOf(InstanceOfAssertFactories.MAP).isUnmodifiable();
    }

    @Test
    @DisplayName("S21 a fallback may be any value, also null, and fires main")
    void a_fallback_fires_main() {
        ExecutionResult result = run(Nodes.line(handling(ErrorHandling.fallback("plan B")), Nodes.echo("b")));
        assertThat(result.output("b", String.class)).isEqualTo("plan B");

        ExecutionResult ofNull = run(Nodes.line(handling(ErrorHandling.fallback(null)), Nodes.echo("b")));
        assertThat(ofNull.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(ofNull.output("b", Object.class)).isNull();
    }

    @Test
    @DisplayName("S21 a recovery makes the value from the failure, on a thread for bodies")
    void a_recovery_makes_the_value() {
        String[] thread = new String[1];
        ErrorHandling recover = ErrorHandling.recover(error -> {
            thread[0] = Thread.currentThread().getName();
            return error.nodeId() + " recovered from attempt " + error.attempt();
        });
        ExecutionResult result =
                run(Nodes.line(Nodes.failing("a").cpuBound().onError(recover).build(), Nodes.echo("b")));

        assertThat(result.output("b", String.class)).isEqualTo("a recovered from attempt 1");
        assertThat(Bench.node(result, "a").handledFailure().orElseThrow().message())
                .isEqualTo("a failed at attempt 1");
        assertThat(thread[0]).startsWith("flowengine-body");
    }

    @Test
    @DisplayName("S21 a recovery that throws fails the node with what it threw, and keeps the first failure")
    void a_recovery_that_throws_fails_the_node() {
        ExecutionResult result = run(Nodes.line(
                handling(ErrorHandling.recover(error -> {
                    throw new IOException("plan B failed too");
                })),
                Nodes.echo("b")));

        NodeState state = Bench.node(result, "a");
        assertThat(Bench.states(result)).containsEntry("a", "FAILED").containsEntry("b", "SKIPPED(UPSTREAM_FAILED)");
        assertThat(state.failure().orElseThrow().summary()).isEqualTo("java.io.IOException: plan B failed too");
        assertThat(state.failure().orElseThrow().stackText()).contains("Suppressed:", "a failed at attempt 1");
        assertThat(state.handledFailure()).isEmpty();
        assertThat(result.failure().orElseThrow()).hasCauseExactlyInstanceOf(IOException.class);
    }

    @Test
    @DisplayName("S21 R22 a recovery that throws an Error fails its node like any other")
    void a_recovery_that_throws_an_error_fails_the_node() {
        ExecutionResult result = run(Nodes.line(handling(ErrorHandling.recover(error -> {
            throw new AssertionError("worse");
        }))));

        assertThat(Bench.node(result, "a").failure().orElseThrow().summary())
                .isEqualTo("java.lang.AssertionError: worse");
    }

    @Test
    @DisplayName("S21 a recovery that returns another type than the node is declared to put out fails the node")
    void a_recovery_of_another_type_fails_the_node() {
        NodeDefinition node = Nodes.failing("a")
                .outputType(Ports.MAIN, TypeRef.of(Integer.class))
                .onError(ErrorHandling.recover(error -> "no number"))
                .build();

        assertThat(Bench.node(run(Nodes.line(node)), "a")
                        .failure()
                        .orElseThrow()
                        .message())
                .isEqualTo(
                        "node 'a' returned a value of java.lang.String, but is declared to put out java.lang.Integer");
    }

    @Test
    @DisplayName("S21 a failing recovery is not repeated by the retry policy, nor recovered from")
    void a_recovery_is_not_repeated() {
        int[] calls = new int[1];
        ExecutionResult result = run(Nodes.line(Nodes.failing("a")
                .retry(RetryPolicy.fixed(Duration.ZERO).maxAttempts(3))
                .onError(ErrorHandling.recover(error -> {
                    calls[0]++;
                    throw new IllegalStateException("attempt " + error.attempt());
                }))
                .build()));

        assertThat(calls[0]).isEqualTo(1);
        assertThat(Bench.node(result, "a").failure().orElseThrow().message()).isEqualTo("attempt 3");
    }

    @Test
    @DisplayName("S21 S36 a handled failure is told as a completion that names it, never as a failed node")
    void a_handled_failure_is_told_as_a_completion() {
        try (Bench bench = Bench.observed()) {
            for (ErrorHandling handling : List.of(
                    ErrorHandling.CONTINUE,
                    ErrorHandling.ERROR_OUTPUT,
                    ErrorHandling.fallback(1),
                    ErrorHandling.recover(FlowError::message))) {
                ExecutionResult result = bench.run(Nodes.line(handling(handling)));
                FlowError handled = Bench.node(result, "a").handledFailure().orElseThrow();

                assertThat(bench.eventsOf(result, NodeFailed.class)).isEmpty();
                assertThat(bench.eventsOf(result, NodeCompleted.class))
                        .filteredOn(event -> event.nodeId().equals("a"))
                        .singleElement()
                        .satisfies(event -> {
                            assertThat(event.handledFailure()).contains(handled);
                            assertThat(event.attempt()).isEqualTo(1);
                        });
                assertThat(result.snapshot().explain("a"))
                        .as(handling.toString())
                        .contains("attempt 1 failed with", "which was handled, so it fired");
            }
        }
    }

    @Test
    @DisplayName(
            "S21 S12 S23 joins see a handled failure as a completed node: failure rules do not fire, the run completes")
    void joins_see_a_completed_node() {
        Flow flow = Nodes.lineOf(handling(ErrorHandling.fallback("B")))
                .add(Nodes.collecting("any").join(JoinRule.ANY_FAILED).build())
                .add(Nodes.collecting("all").join(JoinRule.ALL_FAILED).build())
                .add(Nodes.collecting("none").join(JoinRule.NONE_FAILED).build())
                .connect("a", "any")
                .connect("a", "all")
                .connect("a", "none")
                .build();
        ExecutionResult result = run(flow);

        assertThat(Bench.states(result))
                .containsEntry("any", "SKIPPED(CONDITION_FALSE)")
                .containsEntry("all", "SKIPPED(CONDITION_FALSE)")
                .containsEntry("none", "COMPLETED");
        assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(result.failure()).isEmpty();
    }

    @Test
    @DisplayName("S21 a failure that ANY_FAILED or ALL_FAILED merely observes stays unhandled")
    void an_observed_failure_stays_unhandled() {
        for (JoinRule rule : List.of(JoinRule.ANY_FAILED, JoinRule.ALL_FAILED)) {
            Flow flow = Nodes.lineOf(Nodes.failing("a").build())
                    .add(Nodes.fine("clean up").join(rule).build())
                    .connect("a", "clean up")
                    .build();
            ExecutionResult result = run(flow);

            assertThat(Bench.states(result)).containsEntry("a", "FAILED").containsEntry("clean up", "COMPLETED");
            assertThat(result.status()).as(rule.toString()).isEqualTo(ExecutionStatus.PARTIAL);
            assertThat(Bench.node(result, "a").handledFailure()).isEmpty();
            assertThat(result.failure().orElseThrow().affectedNodes()).containsExactly("a");
        }
    }

    @Test
    @DisplayName("S21 in the builder: recover, fallback and error() do what they say, with their types")
    void the_builder_handles_failures() {
        FlowBuilder f = Flow.builder("typed");
        TriggerRef<String> t = f.trigger("t", String.class);
        NodeRef<Integer> recovered = f.<String, Integer>node("recovered", t, text -> Integer.parseInt(text))
                .returns(Integer.class)
                .recover(error -> error.message().length());
        NodeRef<Integer> fallen = f.<String, Integer>node("fallen", t, text -> Integer.parseInt(text))
                .returns(Integer.class)
                .fallback(-1);
        NodeRef<Integer> risky = f.<String, Integer>node("risky", t, text -> Integer.parseInt(text));
        NodeRef<Object> rescued = f.node("rescued", risky.error(), FlowError::input);
        ExecutionResult result = run(f.build());

        assertThat(result.output(recovered)).isEqualTo("For input string: \"in\"".length());
        assertThat(result.output(fallen)).isEqualTo(-1);
        assertThat(result.output(rescued)).isEqualTo("in");
        assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
    }
}
