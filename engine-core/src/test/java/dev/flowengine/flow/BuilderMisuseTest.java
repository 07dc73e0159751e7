package dev.flowengine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flowengine.graph.Problem;
import dev.flowengine.node.Port;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BuilderMisuseTest {
    private final FlowBuilder f = Flow.builder("misused");
    private final TriggerRef<Integer> start = f.trigger("start", Integer.class);

    static Stream<Arguments> configurations() {
        return Stream.of(
                named("returns", node -> node.returns(Integer.class)),
                named("cpuBound", NodeRef::cpuBound),
                named("keep", NodeRef::keep),
                named("after", node -> node.after(node)),
                named("allSuccess", NodeRef::allSuccess),
                named("disabled", NodeRef::disabled),
                named("disabledOutput", node -> node.disabledOutput(1)),
                named("retry", node -> node.retry(RetryPolicy.none())),
                named("timeout", node -> node.timeout(Duration.ofSeconds(1))),
                named("nodeTimeout", node -> node.nodeTimeout(Duration.ofSeconds(1))),
                named("recover", node -> node.recover(error -> 1)),
                named("fallback", node -> node.fallback(1)),
                named("error", NodeRef::error));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("configurations")
    void a_node_cannot_be_configured_once_its_flow_is_built(String method, Consumer<NodeRef<Integer>> configuration) {
        NodeRef<Integer> node = f.node("a", start, n -> n);
        Flow flow = f.build();

        assertThatIllegalStateException()
                .isThrownBy(() -> configuration.accept(node))
                .withMessage("node 'a' belongs to a flow that was built already; configure it before build(), "
                        + "or start a new builder");
        assertThat(flow.node("a").orElseThrow().isCpuBound()).isFalse();
    }

    @Test
    void branches_and_routers_cannot_be_configured_once_their_flow_is_built() {
        BranchRef<Integer> branch = f.branch("size", start).when("big", n -> n > 1);
        RouterRef router = f.router("route", start, List.of(Port.of("x", Integer.class)), (n, out) -> {});
        f.build();

        Stream.<Runnable>of(
                        () -> branch.when("small", n -> true),
                        () -> branch.otherwise("rest"),
                        branch::cpuBound,
                        branch::keep,
                        () -> branch.after(start),
                        () -> branch.retry(RetryPolicy.none()),
                        branch::error,
                        router::cpuBound,
                        router::keep,
                        () -> router.timeout(Duration.ofSeconds(1)),
                        router::error,
                        () -> router.after(start))
                .forEach(change -> assertThatIllegalStateException()
                        .isThrownBy(change::run)
                        .withMessageContaining("built already"));
    }

    @Test
    void a_builder_builds_once_even_a_flow_of_triggers_alone() {
        f.build();

        assertThatIllegalStateException()
                .isThrownBy(f::build)
                .withMessage("flow 'misused' was built already; start a new builder");
    }

    @Test
    void a_branch_refuses_a_second_port_of_one_name_and_a_second_otherwise() {
        BranchRef<Integer> branch = f.branch("size", start).when("big", n -> n > 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> branch.when("big", n -> n > 2))
                .withMessage("branch 'size' has the port 'big' already");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> branch.otherwise("big"))
                .withMessage("branch 'size' has the port 'big' already");
        branch.otherwise("rest");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> branch.otherwise("more"))
                .withMessage("branch 'size' has the otherwise 'rest' already");
    }

    @Test
    void a_port_of_a_branch_that_does_not_exist_is_reported_when_the_flow_is_built() {
        BranchRef<Integer> branch =
                f.branch("size", start).when("true", n -> n > 1).otherwise("false");
        f.node("ship", branch.on("tru"), n -> n);

        InvalidFlowException error = catchThrowableOfType(InvalidFlowException.class, f::build);

        assertThat(error.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(Problem.Code.UNKNOWN_PORT);
            assertThat(problem.message()).contains("size.tru → ship.main", "'tru'", "true, false");
        });
    }

    @Test
    void a_port_a_router_does_not_declare_is_reported_when_the_flow_is_built() {
        RouterRef router = f.router("route", start, List.of(Port.of("x", Integer.class)), (n, out) -> {});
        f.node("reader", router.on(Port.of("y", Integer.class)), n -> n);

        InvalidFlowException error = catchThrowableOfType(InvalidFlowException.class, f::build);

        assertThat(error.problems()).extracting(Problem::code).containsExactly(Problem.Code.UNKNOWN_PORT);
    }

    static Stream<Arguments> additions() {
        return Stream.of(
                addition("trigger", t -> t.f.trigger("x", Integer.class)),
                addition("node", t -> t.f.node("x", t.start, n -> n)),
                addition("node of inputs", t -> t.f.node("x", InputSpec.none(), in -> 1)),
                addition("branch", t -> t.f.branch("x", t.start)),
                addition("merge", t -> t.f.merge("x", t.start)),
                addition("collect", t -> t.f.collect("x", t.start)),
                addition("version", t -> t.f.version("2")),
                addition("failure mode", t -> t.f.failureMode(FailureMode.FAIL_FAST)),
                addition("timeouts", t -> t.f.timeouts(Timeouts.none())),
                addition("retry", t -> t.f.retry(RetryPolicy.none())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("additions")
    void nothing_can_be_added_once_the_flow_is_built(String what, Consumer<BuilderMisuseTest> addition) {
        f.build();

        assertThatIllegalStateException()
                .isThrownBy(() -> addition.accept(this))
                .withMessage("flow 'misused' was built already; start a new builder");
    }

    @Test
    void a_router_gives_no_handle_of_another_type_than_it_declares() {
        RouterRef router = f.router("route", start, List.of(Port.of("x", Integer.class)), (n, out) -> {});

        assertThatIllegalArgumentException()
                .isThrownBy(() -> router.on(Port.of("x", String.class)))
                .withMessage("router 'route' declares its port 'x' with type java.lang.Integer, not java.lang.String");
    }

    @Test
    void merges_and_collects_need_a_source() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> f.merge("m"))
                .withMessage("merge 'm' of flow 'misused' has no source; give it at least one handle");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> f.collect("c"))
                .withMessage("collect 'c' of flow 'misused' has no source; give it at least one handle");
    }

    @Test
    void an_optional_input_is_refused_where_the_value_itself_is_passed_on() {
        OptionalInput<Integer> maybe = f.optional(start);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> f.branch("b", maybe))
                .withMessage("branch 'b' of flow 'misused' cannot take an optional input (trigger 'start'): "
                        + "it passes on what arrives; give it the handle itself");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> f.merge("m", maybe, maybe))
                .withMessageStartingWith("merge 'm' of flow 'misused' cannot take an optional input");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> f.collect("c", maybe))
                .withMessageStartingWith("collect 'c' of flow 'misused' cannot take an optional input");
    }

    @Test
    void an_input_is_made_optional_once() {
        OptionalInput<Integer> maybe = f.optional(start);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> f.optional(maybe))
                .withMessage("trigger 'start' is an optional input already; give the handle itself");
        assertThatIllegalArgumentException().isThrownBy(() -> new OptionalInput<>(maybe));
    }

    @Test
    void null_is_refused_where_it_is_given() {
        assertThatNullPointerException().isThrownBy(() -> Flow.builder(null)).withMessage("id");
        assertThatNullPointerException().isThrownBy(() -> f.version(null)).withMessage("version");
        assertThatNullPointerException()
                .isThrownBy(() -> f.node(null, start, n -> n))
                .withMessage("id");
        assertThatNullPointerException().isThrownBy(() -> f.optional(null)).withMessage("source");
        assertThatNullPointerException()
                .isThrownBy(() -> f.branch("b", start).when("p", null))
                .withMessage("condition");
    }

    private static Arguments addition(String what, Consumer<BuilderMisuseTest> addition) {
        return Arguments.of(what, addition);
    }

    private static Arguments named(String method, Consumer<NodeRef<Integer>> configuration) {
        return Arguments.of(method, configuration);
    }
}
