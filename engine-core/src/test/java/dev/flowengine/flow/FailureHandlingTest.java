package dev.flowengine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flowengine.graph.Connection;
import dev.flowengine.graph.Problem;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.node.Output;
import dev.flowengine.node.Port;
import dev.flowengine.node.TypeRef;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("how failures are handled, written with typed handles")
class FailureHandlingTest {
    private static final RetryPolicy TWICE = RetryPolicy.fixed(Duration.ZERO).maxAttempts(2);
    private static final Port<Integer> PORT = Port.of("x", Integer.class);

    private final FlowBuilder f = Flow.builder("handled");
    private final TriggerRef<Integer> start = f.trigger("start", Integer.class);

    @Test
    void a_node_is_given_a_retry_policy_and_limits() {
        f.node("stock", start, n -> n)
                .returns(Integer.class)
                .retry(RetryPolicy.exponential(Duration.ofMillis(200))
                        .maxAttempts(4)
                        .cap(Duration.ofSeconds(5))
                        .jitter(0.2)
                        .on(IOException.class))
                .timeout(Duration.ofSeconds(2))
                .nodeTimeout(Duration.ofSeconds(9));

        NodeDefinition stock = f.build().node("stock").orElseThrow();

        assertThat(stock.retry()).map(RetryPolicy::maxAttempts).contains(4);
        assertThat(stock.timeout()).contains(Duration.ofSeconds(2));
        assertThat(stock.nodeTimeout()).contains(Duration.ofSeconds(9));
        assertThat(stock.errorHandling()).isEqualTo(ErrorHandling.FAIL);
    }

    @Test
    void so_are_branches_and_routers() {
        f.branch("size", start)
                .when("big", n -> n > 1)
                .retry(TWICE)
                .timeout(Duration.ofSeconds(1))
                .nodeTimeout(Duration.ofSeconds(2));
        f.router("route", start, List.of(PORT), (n, out) -> {})
                .retry(TWICE)
                .timeout(Duration.ofSeconds(1))
                .nodeTimeout(Duration.ofSeconds(2));

        Flow flow = f.build();

        assertThat(List.of("size", "route"))
                .extracting(id -> flow.node(id).orElseThrow())
                .allSatisfy(node -> {
                    assertThat(node.retry()).contains(TWICE);
                    assertThat(node.timeout()).contains(Duration.ofSeconds(1));
                    assertThat(node.nodeTimeout()).contains(Duration.ofSeconds(2));
                });
    }

    @Test
    @DisplayName("S21 error() is a handle on the failure and sets ERROR_OUTPUT")
    void an_error_handle_is_an_input_like_any_other() {
        NodeRef<Integer> work = f.node("work", start, n -> n).returns(Integer.class);
        BranchRef<Integer> branch = f.branch("size", work).when("big", n -> n > 1);
        RouterRef router = f.router("route", work, List.of(PORT), (n, out) -> {});
        NodeRef<String> rescue = f.node("rescue", work.error(), FlowError::message);
        NodeRef<FlowError> any = f.merge("any", branch.error(), router.error());
        f.node("both", rescue, work.error(), (text, error) -> text + error.attempt());

        Flow flow = f.build();

        assertThat(flow.graph().connections())
                .contains(
                        new Connection("work", "error", "rescue", "main"),
                        new Connection("size", "error", "any", "main"),
                        new Connection("route", "error", "any", "main"),
                        new Connection("work", "error", "both", "work.error"));
        assertThat(List.of("work", "size", "route"))
                .extracting(id -> flow.node(id).orElseThrow().errorHandling())
                .containsOnly(ErrorHandling.ERROR_OUTPUT);
        Optional<TypeRef<?>> error = Optional.of(TypeRef.of(FlowError.class));
        assertThat(flow.node("rescue").orElseThrow().inputType("main")).isEqualTo(error);
        assertThat(flow.node("any").orElseThrow().outputType("main")).isEqualTo(error);
        assertThat(any.type()).contains(TypeRef.of(FlowError.class));
    }

    @Test
    void an_error_handle_knows_node_port_and_type() {
        Output<FlowError> error = f.node("work", start, n -> n).error();

        assertThat(error.nodeId()).isEqualTo("work");
        assertThat(error.port()).isEqualTo("error");
        assertThat(error.type()).contains(TypeRef.of(FlowError.class));
        assertThat(error).hasToString("port 'error' of node 'work'");
    }

    @Test
    void an_error_handle_can_be_had_again_once_the_flow_is_built_but_no_new_one() {
        NodeRef<Integer> handled = f.node("handled", start, n -> n);
        NodeRef<Integer> plain = f.node("plain", start, n -> n);
        f.action("rescue", handled.error(), error -> {});
        f.build();

        assertThat(handled.error().nodeId()).isEqualTo("handled");
        assertThatIllegalStateException().isThrownBy(plain::error).withMessageContaining("built already");
    }

    @Test
    void the_error_port_is_had_by_error_alone() {
        BranchRef<Integer> branch = f.branch("size", start).when("big", n -> n > 1);
        RouterRef router = f.router("route", start, List.of(PORT), (n, out) -> {});

        assertThatIllegalArgumentException()
                .isThrownBy(() -> branch.on("error"))
                .withMessage("port 'error' of node 'size' emits its failure; take the handle from error()");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> router.on(Port.of("error", FlowError.class)))
                .withMessage("port 'error' of node 'route' emits its failure; take the handle from error()");
    }

    @Test
    void a_node_recovers_or_falls_back_to_a_value_of_its_type() {
        f.node("recovers", start, n -> (Number) n).returns(Number.class).recover(error -> error.attempt() + 0.5);
        f.node("falls", start, n -> n).fallback(7);
        f.action("acts", start, n -> {}).fallback(null);

        Flow flow = f.build();

        FlowError error = new FlowError(FailureKind.NODE_EXECUTION_FAILED, "x", "", "", "recovers", 3, "");
        assertThat(flow.node("recovers").orElseThrow().errorHandling())
                .isInstanceOfSatisfying(
                        ErrorHandling.Recover.class,
                        recover -> assertThat(recovered(recover, error)).isEqualTo(3.5));
        assertThat(flow.node("falls").orElseThrow().errorHandling()).isEqualTo(ErrorHandling.fallback(7));
        assertThat(flow.node("acts").orElseThrow().errorHandling()).isEqualTo(ErrorHandling.fallback(null));
    }

    @Test
    void a_node_handles_its_failure_in_one_way() {
        NodeRef<Integer> three = f.node("three", start, n -> n).fallback(1).recover(error -> 2);
        f.action("rescue", three.error(), error -> {});
        f.node("two", start, n -> n).fallback(1).fallback(2);
        NodeRef<Integer> same = f.node("same", start, n -> n);
        f.merge("once", same.error(), same.error());
        f.node("alike", start, n -> n).fallback(1).fallback(1);

        InvalidFlowException error = catchThrowableOfType(InvalidFlowException.class, f::build);

        assertThat(error.problems())
                .extracting(Problem::message)
                .containsExactly(
                        "node 'three' is given several ways to handle its failure: FALLBACK, RECOVER, ERROR_OUTPUT",
                        "node 'two' is given several ways to handle its failure: FALLBACK, FALLBACK");
        assertThat(error.suggestedResolution()).isEqualTo("Keep one of error(), recover(…) and fallback(…).");
    }

    @Test
    void a_flow_is_given_its_mode_its_limits_and_a_policy_for_all_nodes() {
        Timeouts timeouts = Timeouts.none().attempt(Duration.ofSeconds(1));
        Flow flow = f.failureMode(FailureMode.FAIL_FAST)
                .timeouts(timeouts)
                .retry(TWICE)
                .version("2")
                .build();

        assertThat(flow.failureMode()).isEqualTo(FailureMode.FAIL_FAST);
        assertThat(flow.timeouts()).isSameAs(timeouts);
        assertThat(flow.retry()).isSameAs(TWICE);
        assertThat(flow.version()).isEqualTo("2");
    }

    private static Object recovered(ErrorHandling.Recover recover, FlowError error) {
        try {
            return recover.recovery().apply(error);
        } catch (Exception thrown) {
            throw new AssertionError(thrown);
        }
    }
}
