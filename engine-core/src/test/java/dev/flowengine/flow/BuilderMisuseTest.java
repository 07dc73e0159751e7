package dev.flowengine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flowengine.graph.Problem;
import dev.flowengine.node.Port;
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
                named("disabledOutput", node -> node.disabledOutput(1)));
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
                        () -> branch.after(start),
                        router::cpuBound,
                        router::keep,
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
                .withMessage("this flow was built already; start a new builder");
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

    @Test
    void a_handle_of_another_builder_is_reported_when_the_flow_is_built() {
        TriggerRef<Integer> foreign = Flow.builder("other").trigger("elsewhere", Integer.class);
        f.node("a", start, n -> n);
        f.node("b", foreign, n -> n);

        InvalidFlowException error = catchThrowableOfType(InvalidFlowException.class, f::build);

        assertThat(error.problems()).extracting(Problem::code).containsExactly(Problem.Code.MISSING_NODE);
        assertThat(error).hasMessageContaining("elsewhere");
    }

    @Test
    void null_is_refused_where_it_is_given() {
        assertThatNullPointerException().isThrownBy(() -> Flow.builder(null)).withMessage("id");
        assertThatNullPointerException().isThrownBy(() -> f.version(null)).withMessage("value");
        assertThatNullPointerException()
                .isThrownBy(() -> f.node(null, start, n -> n))
                .withMessage("id");
        assertThatNullPointerException().isThrownBy(() -> f.optional(null)).withMessage("source");
        assertThatNullPointerException()
                .isThrownBy(() -> f.branch("b", start).when("p", null))
                .withMessage("condition");
    }

    private static Arguments named(String method, Consumer<NodeRef<Integer>> configuration) {
        return Arguments.of(method, configuration);
    }
}
