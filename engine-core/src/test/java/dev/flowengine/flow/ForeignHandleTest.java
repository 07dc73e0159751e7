package dev.flowengine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.flowengine.node.Output;
import dev.flowengine.node.Port;
import dev.flowengine.node.TypeRef;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("a handle is refused where it enters another builder than its own")
class ForeignHandleTest {
    private static final Port<Integer> PORT = Port.of("x", Integer.class);

    private final FlowBuilder other = Flow.builder("other");
    private final TriggerRef<Integer> foreign = other.trigger("start", Integer.class);
    private final FlowBuilder f = Flow.builder("mine");
    private final TriggerRef<Integer> start = f.trigger("start", Integer.class);

    static Stream<Arguments> entrances() {
        return Stream.of(
                entrance("a node's input", (t, h) -> t.f.node("b", h, n -> n)),
                entrance("a node's second input", (t, h) -> t.f.node("b", t.start, h, Integer::sum)),
                entrance("a node's third input", (t, h) -> t.f.node("b", t.start, t.start, h, (x, y, z) -> x)),
                entrance("an InputSpec", (t, h) -> t.f.node("b", InputSpec.of(t.start, h), in -> 1)),
                entrance("a context node", (t, h) -> t.f.contextNode("b", h, (n, c) -> n)),
                entrance("a context node's InputSpec", (t, h) -> t.f.contextNode("b", InputSpec.of(h), (in, c) -> 1)),
                entrance("an async node", (t, h) -> t.f.asyncNode("b", h, CompletableFuture::completedFuture)),
                entrance(
                        "an async node's InputSpec",
                        (t, h) -> t.f.asyncNode("b", InputSpec.of(h), in -> CompletableFuture.completedFuture(1))),
                entrance("an action", (t, h) -> t.f.action("b", h, n -> {})),
                entrance("an action's InputSpec", (t, h) -> t.f.action("b", InputSpec.of(h), in -> {})),
                entrance("a router", (t, h) -> t.f.router("b", h, List.of(PORT), (n, out) -> {})),
                entrance(
                        "a router's InputSpec",
                        (t, h) -> t.f.router("b", InputSpec.of(h), List.of(PORT), (in, out) -> {})),
                entrance("a branch", (t, h) -> t.f.branch("b", h)),
                entrance("a merge", (t, h) -> t.f.merge("b", t.start, h)),
                entrance("a collect", (t, h) -> t.f.collect("b", t.start, h)),
                entrance(
                        "after of a node",
                        (t, h) -> t.f.node("b", t.start, n -> n).after(h)),
                entrance("after of a branch", (t, h) -> t.f.branch("b", t.start).after(h)),
                entrance(
                        "after of a router",
                        (t, h) -> t.f.router("b", t.start, List.of(PORT), (n, out) -> {})
                                .after(h)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("entrances")
    void naming_the_node_and_both_flows(String entrance, BiConsumer<ForeignHandleTest, Output<Integer>> use) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> use.accept(this, foreign))
                .withMessage("node 'b' of flow 'mine' is given trigger 'start' of another builder, of flow 'other'; "
                        + "give it a handle of its own builder");
    }

    @Test
    void where_it_is_made_optional() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> f.optional(foreign))
                .withMessage("an optional input of flow 'mine' is given trigger 'start' of another builder, "
                        + "of flow 'other'; give it a handle of its own builder");
    }

    @Test
    void whatever_kind_of_handle_it_is() {
        NodeRef<Integer> node = other.node("n", foreign, n -> n);
        BranchRef<Integer> branch = other.branch("size", foreign).when("big", n -> n > 1);
        RouterRef router = other.router("route", foreign, List.of(PORT), (n, out) -> {});

        refused(node, "node 'n'");
        refused(branch.on("big"), "port 'big' of node 'size'");
        refused(router.on(PORT), "port 'x' of node 'route'");
        refused(other.optional(node), "node 'n'");
        refused(new OptionalInput<>(node), "node 'n'");
    }

    @Test
    void even_if_both_flows_have_one_id() {
        TriggerRef<Integer> namesake = Flow.builder("mine").trigger("start", Integer.class);

        refused(namesake, "trigger 'start' of another builder, of flow 'mine'");
    }

    @Test
    void and_so_is_what_no_builder_made() {
        Output<Integer> made = new Output<>() {
            @Override
            public String nodeId() {
                return "start";
            }

            @Override
            public String port() {
                return "main";
            }

            @Override
            public Optional<TypeRef<Integer>> type() {
                return Optional.empty();
            }
        };

        assertThatIllegalArgumentException()
                .isThrownBy(() -> f.node("b", made, n -> n))
                .withMessage("node 'b' of flow 'mine' is given port 'main' of node 'start', which no builder made; "
                        + "give it a handle of its own builder");
    }

    @Test
    void and_the_builder_can_go_on_without_the_refused_node() {
        refused(foreign, "trigger 'start'");
        f.node("b", start, n -> n);

        assertThat(f.build().nodes()).extracting(NodeDefinition::id).containsExactly("start", "b");
    }

    private void refused(Output<?> handle, String what) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> f.node("b", InputSpec.of(start, handle), in -> 1))
                .withMessageContaining(what);
    }

    private static Arguments entrance(String name, BiConsumer<ForeignHandleTest, Output<Integer>> use) {
        return Arguments.of(name, use);
    }
}
