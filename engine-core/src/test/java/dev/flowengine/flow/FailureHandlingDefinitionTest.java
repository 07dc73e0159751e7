package dev.flowengine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flowengine.graph.Connection;
import dev.flowengine.graph.Problem;
import dev.flowengine.model.FlowError;
import dev.flowengine.node.TypeRef;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("how failures are handled, in a flow as data")
class FailureHandlingDefinitionTest {
    private static final RetryPolicy TWICE = RetryPolicy.fixed(Duration.ZERO).maxAttempts(2);

    @Test
    void a_node_fails_at_once_and_takes_its_time_unless_said_otherwise() {
        NodeDefinition node = work().build();

        assertThat(node.retry()).isEmpty();
        assertThat(node.timeout()).isEmpty();
        assertThat(node.nodeTimeout()).isEmpty();
        assertThat(node.errorHandling()).isEqualTo(ErrorHandling.FAIL);
    }

    @Test
    void a_node_keeps_what_is_said_when_it_is_disabled_too() {
        NodeDefinition node = work().retry(TWICE)
                .timeout(Duration.ofSeconds(1))
                .nodeTimeout(Duration.ofSeconds(2))
                .onError(ErrorHandling.CONTINUE)
                .build();

        assertThat(List.of(node, node.disable())).allSatisfy(each -> {
            assertThat(each.retry()).contains(TWICE);
            assertThat(each.timeout()).contains(Duration.ofSeconds(1));
            assertThat(each.nodeTimeout()).contains(Duration.ofSeconds(2));
            assertThat(each.errorHandling()).isEqualTo(ErrorHandling.CONTINUE);
        });
    }

    @Test
    void of_two_handlings_of_one_node_the_last_counts() {
        NodeDefinition node = work().onError(ErrorHandling.CONTINUE)
                .onError(ErrorHandling.fallback(1))
                .build();

        assertThat(node.errorHandling()).isEqualTo(ErrorHandling.fallback(1));
    }

    @Test
    void a_node_does_not_follow_its_builder() {
        NodeDefinition.Builder builder = work();
        NodeDefinition node = builder.build();

        builder.retry(TWICE).onError(ErrorHandling.CONTINUE);

        assertThat(node.retry()).isEmpty();
        assertThat(node.errorHandling()).isEqualTo(ErrorHandling.FAIL);
    }

    @Test
    void a_flow_isolates_failures_repeats_nothing_and_limits_nothing_unless_said_otherwise() {
        Flow flow = Flow.definition("f").trigger("start").build();

        assertThat(flow.failureMode()).isEqualTo(FailureMode.ISOLATE_BRANCH);
        assertThat(flow.retry()).isSameAs(RetryPolicy.none());
        assertThat(flow.timeouts()).isSameAs(Timeouts.none());
    }

    @Test
    void a_flow_is_what_its_definition_said_when_it_was_built() {
        Timeouts timeouts = Timeouts.none().execution(Duration.ofMinutes(1));
        FlowDefinition definition = Flow.definition("f")
                .trigger("start")
                .retry(TWICE)
                .timeouts(timeouts)
                .failureMode(FailureMode.FAIL_FAST)
                .version("2");
        Flow flow = definition.build();

        definition.retry(RetryPolicy.none()).timeouts(Timeouts.none()).failureMode(FailureMode.SKIP_FAILED_BRANCH);

        assertThat(flow.failureMode()).isEqualTo(FailureMode.FAIL_FAST);
        assertThat(flow.retry()).isSameAs(TWICE);
        assertThat(flow.timeouts()).isSameAs(timeouts);
        assertThat(flow.version()).isEqualTo("2");
    }

    @Test
    @DisplayName("S21 a connection from an error port needs ERROR_OUTPUT")
    void an_error_port_may_be_connected_where_it_fires() {
        Flow flow = rescued(work().onError(ErrorHandling.ERROR_OUTPUT)).build();

        assertThat(flow.graph().connections()).contains(new Connection("work", "error", "rescue", "main"));
        assertThat(flow.node("work").orElseThrow().outputType("error")).contains(TypeRef.of(FlowError.class));
    }

    @Test
    @DisplayName("S21 a connection from an error port that never fires is refused, naming what to do")
    void an_error_port_that_never_fires_cannot_be_connected() {
        assertThat(problems(rescued(work()))).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(Problem.Code.INVALID_NODE);
            assertThat(problem.nodes()).containsExactly("work");
            assertThat(problem.message())
                    .isEqualTo("connection work.error → rescue.main: node 'work' has onError FAIL, "
                            + "so its port 'error' never fires");
            assertThat(problem.suggestedResolution())
                    .isEqualTo("give node 'work' onError(ERROR_OUTPUT), which error() does in the builder, "
                            + "or remove the connection");
        });
        assertThat(messages(rescued(work().onError(ErrorHandling.fallback(1)))))
                .containsExactly("connection work.error → rescue.main: node 'work' has onError FALLBACK, "
                        + "so its port 'error' never fires");
    }

    @Test
    void the_error_port_of_a_trigger_cannot_be_connected() {
        FlowDefinition flow = Flow.definition("f")
                .trigger("start")
                .add(work().build())
                .connect(new Connection("start", "error", "work", "main"));

        assertThat(problems(flow)).singleElement().satisfies(problem -> {
            assertThat(problem.message())
                    .isEqualTo(
                            "connection start.error → work.main: 'start' is a trigger, whose port 'error' never fires");
            assertThat(problem.suggestedResolution()).isEqualTo("remove the connection");
        });
    }

    @Test
    void the_error_port_of_a_node_that_is_not_there_is_reported_once() {
        FlowDefinition flow = Flow.definition("f")
                .trigger("start")
                .add(work().build())
                .connect("start", "work")
                .connect(new Connection("ghost", "error", "work", "main"));

        assertThat(problems(flow)).extracting(Problem::code).containsExactly(Problem.Code.MISSING_NODE);
    }

    @Test
    void a_node_that_handles_failures_needs_a_body_that_could_fail() {
        NodeDefinition.Builder idle = NodeDefinition.builder("work").onError(ErrorHandling.ERROR_OUTPUT);

        assertThat(messages(started(idle))).containsExactly("node 'work' has no body");
        assertThat(problems(started(idle.disabled()))).singleElement().satisfies(problem -> {
            assertThat(problem.message())
                    .isEqualTo("node 'work' has onError ERROR_OUTPUT, but no body that could fail");
            assertThat(problem.suggestedResolution()).isEqualTo("leave onError out, or give it a body");
        });
        assertThat(started(work().onError(ErrorHandling.ERROR_OUTPUT).disabled())
                        .build()
                        .nodes())
                .hasSize(2);
    }

    @Test
    void a_value_instead_of_the_failure_needs_an_output_port() {
        List<ErrorHandling> byValue =
                List.of(ErrorHandling.CONTINUE, ErrorHandling.fallback(1), ErrorHandling.recover(error -> 1));

        for (ErrorHandling handling : byValue) {
            assertThat(problems(started(work().outputs().onError(handling))))
                    .singleElement()
                    .satisfies(problem -> {
                        assertThat(problem.message())
                                .isEqualTo("node 'work' has onError " + handling
                                        + ", but no output port to complete with");
                        assertThat(problem.suggestedResolution())
                                .isEqualTo("declare an output port, or choose onError(ERROR_OUTPUT)");
                    });
            assertThat(started(work().onError(handling)).build().nodes()).hasSize(2);
        }
        assertThat(started(work().outputs().onError(ErrorHandling.ERROR_OUTPUT))
                        .build()
                        .nodes())
                .hasSize(2);
    }

    @Test
    @DisplayName("S21 a branch cannot go on with a value unless its port main fires with it: a failure is no decision")
    void a_value_instead_of_the_failure_must_not_look_like_a_decision() {
        List<ErrorHandling> byValue =
                List.of(ErrorHandling.CONTINUE, ErrorHandling.fallback(1), ErrorHandling.recover(error -> 1));

        for (ErrorHandling handling : byValue) {
            for (String second : List.of("false", "main")) {
                assertThat(problems(started(branch("true", second).onError(handling))))
                        .singleElement()
                        .satisfies(problem -> {
                            assertThat(problem.nodes()).containsExactly("work");
                            assertThat(problem.message())
                                    .isEqualTo("branch 'work' has onError " + handling
                                            + ", so a failure would fire its first output port 'true' as if it had"
                                            + " decided so");
                            assertThat(problem.suggestedResolution())
                                    .isEqualTo("choose onError(ERROR_OUTPUT), or make 'main' its first output port");
                        });
            }
            assertThat(started(branch("main", "other").onError(handling))
                            .build()
                            .nodes())
                    .hasSize(2);
        }
        assertThat(started(branch("true", "false").onError(ErrorHandling.ERROR_OUTPUT))
                        .build()
                        .nodes())
                .hasSize(2);
    }

    private static NodeDefinition.Builder branch(String... ports) {
        return NodeDefinition.branch("work")
                .outputs(ports)
                .emittingBody((context, out) -> out.emit(ports[0], context.input()));
    }

    @Test
    void a_fallback_must_be_of_the_type_of_the_first_output_port() {
        NodeDefinition.Builder typed = work().outputs("first", "second").outputType("first", TypeRef.of(Integer.class));

        assertThat(problems(started(typed.onError(ErrorHandling.fallback("five")))))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.message())
                            .isEqualTo("node 'work' falls back to a value of java.lang.String, "
                                    + "but its first output port is declared as java.lang.Integer");
                    assertThat(problem.suggestedResolution())
                            .isEqualTo("give the fallback a value of the declared type");
                });
        assertThat(started(typed.onError(ErrorHandling.fallback(5))).build().nodes())
                .hasSize(2);
        assertThat(started(typed.onError(ErrorHandling.fallback(null))).build().nodes())
                .hasSize(2);
    }

    @Test
    void going_on_with_the_failure_needs_an_output_port_that_takes_it() {
        NodeDefinition.Builder going = work().onError(ErrorHandling.CONTINUE);

        assertThat(messages(started(going.outputType("main", TypeRef.of(Integer.class)))))
                .containsExactly("node 'work' has onError CONTINUE and then emits a value of "
                        + "dev.flowengine.model.FlowError, but its first output port is declared as java.lang.Integer");
        assertThat(started(going.outputType("main", TypeRef.of(Object.class)))
                        .build()
                        .nodes())
                .hasSize(2);
    }

    @Test
    void handlings_are_compared_by_what_they_do_and_named_as_in_definitions() {
        ThrowingFunction<FlowError, Integer> recovery = error -> 1;

        assertThat(ErrorHandling.fallback(1))
                .isEqualTo(ErrorHandling.fallback(1))
                .isNotEqualTo(ErrorHandling.fallback(2));
        assertThat(ErrorHandling.recover(recovery)).isEqualTo(ErrorHandling.recover(recovery));
        assertThat(List.of(
                        ErrorHandling.FAIL,
                        ErrorHandling.CONTINUE,
                        ErrorHandling.ERROR_OUTPUT,
                        ErrorHandling.fallback("secret"),
                        ErrorHandling.recover(recovery)))
                .extracting(Object::toString)
                .containsExactly("FAIL", "CONTINUE", "ERROR_OUTPUT", "FALLBACK", "RECOVER");
    }

    @Test
    void refuses_limits_that_are_not_positive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> work().timeout(Duration.ZERO))
                .withMessage("timeout is PT0S, but must be positive");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> work().nodeTimeout(Duration.ofSeconds(-1)))
                .withMessage("node timeout is PT-1S, but must be positive");
    }

    @Test
    void refuses_null() {
        assertThatNullPointerException().isThrownBy(() -> work().retry(null)).withMessage("policy");
        assertThatNullPointerException().isThrownBy(() -> work().timeout(null)).withMessage("timeout");
        assertThatNullPointerException().isThrownBy(() -> work().onError(null)).withMessage("handling");
        assertThatNullPointerException()
                .isThrownBy(() -> ErrorHandling.recover(null))
                .withMessage("recovery");
        assertThatNullPointerException()
                .isThrownBy(() -> Flow.definition("f").failureMode(null))
                .withMessage("failureMode");
        assertThatNullPointerException()
                .isThrownBy(() -> Flow.definition("f").timeouts(null))
                .withMessage("timeouts");
        assertThatNullPointerException()
                .isThrownBy(() -> Flow.definition("f").retry(null))
                .withMessage("retry");
    }

    private static NodeDefinition.Builder work() {
        return NodeDefinition.builder("work").body(context -> 1);
    }

    private static FlowDefinition started(NodeDefinition.Builder node) {
        return Flow.definition("f").trigger("start").add(node.build()).connect("start", "work");
    }

    private static FlowDefinition rescued(NodeDefinition.Builder node) {
        return started(node)
                .add(NodeDefinition.builder("rescue").body(context -> 1).build())
                .connect(new Connection("work", "error", "rescue", "main"));
    }

    private static List<Problem> problems(FlowDefinition flow) {
        return catchThrowableOfType(InvalidFlowException.class, flow::build).problems();
    }

    private static List<String> messages(FlowDefinition flow) {
        return problems(flow).stream().map(Problem::message).toList();
    }
}
