package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RouterRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.EmittingBody;
import dev.flowengine.node.Port;
import dev.flowengine.node.PortValues;
import dev.flowengine.testing.Engines;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FiringTest {
    private static final Port<String> YES = Port.of("yes", String.class);
    private static final Port<String> NO = Port.of("no", String.class);

    private final FlowBuilder f = Flow.builder("firing");
    private final TriggerRef<String> start = f.trigger("start", String.class);

    @Test
    @DisplayName("S10 emitting null fires the port; not emitting does not")
    void emitting_null_fires() {
        RouterRef router = f.router("router", start, List.of(YES, NO), (text, emit) -> emit.emit(YES, null));
        NodeRef<String> yes = f.node("on yes", router.on(YES), text -> "got " + text);
        f.node("on no", router.on(NO), text -> "got " + text);
        ExecutionResult result = run("x");

        assertThat(result.output(yes)).isEqualTo("got null");
        assertThat(Runs.states(result)).containsEntry("on no", "SKIPPED(BRANCH_NOT_TAKEN)");
        assertThat(Runs.node(result, "router").firedPorts()).containsExactly("yes");
        assertThat(result.outputs("router")).isEqualTo(PortValues.of("yes", null));
    }

    @Test
    @DisplayName("S10 an empty list is a value like any other: it is live")
    void an_empty_list_is_live() {
        NodeRef<List<String>> none = f.node("none", start, text -> List.<String>of());
        NodeRef<Integer> size = f.node("size", none, List::size);

        assertThat(run("x").output(size)).isZero();
    }

    @Test
    @DisplayName("S10 a body that returns null fires main with null")
    void returning_null_fires() {
        NodeRef<String> nothing = f.node("nothing", start, text -> (String) null);
        NodeRef<Boolean> seen = f.node("seen", nothing, text -> text == null);

        assertThat(run("x").output(seen)).isTrue();
    }

    @Test
    @DisplayName("S10 an action fires main with null")
    void an_action_fires_main_with_null() {
        List<String> mails = new ArrayList<>();
        NodeRef<Void> mail = f.action("mail", start, mails::add);
        NodeRef<String> then = f.node("then", mail, nothing -> "mailed");
        ExecutionResult result = run("hello");

        assertThat(mails).containsExactly("hello");
        assertThat(result.output(mail)).isNull();
        assertThat(result.output(then)).isEqualTo("mailed");
        assertThat(Runs.node(result, "mail").firedPorts()).containsExactly("main");
    }

    @Test
    @DisplayName("S9 S10 a router that fires nothing completes; what hangs on it is skipped")
    void a_router_may_fire_nothing() {
        RouterRef router = f.router("router", start, List.of(YES, NO), (text, emit) -> {});
        f.node("next", router.on(YES), text -> text);
        ExecutionResult result = run("x");

        assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(Runs.states(result))
                .isEqualTo(Map.of("start", "COMPLETED", "router", "COMPLETED", "next", "SKIPPED(BRANCH_NOT_TAKEN)"));
    }

    @Test
    @DisplayName("S10 a router may fire several ports")
    void a_router_may_fire_several_ports() {
        RouterRef router = f.router("router", start, List.of(YES, NO), (text, emit) -> {
            emit.emit(NO, text + "-");
            emit.emit(YES, text + "+");
        });
        NodeRef<String> both = f.node("both", router.on(YES), router.on(NO), (yes, no) -> yes + no);

        ExecutionResult result = run("x");
        assertThat(result.output(both)).isEqualTo("x+x-");
        assertThat(Runs.node(result, "router").firedPorts())
                .as("in declaration order")
                .containsExactly("yes", "no");
    }

    @Test
    @DisplayName("S10 emitting twice to a port fails the node, and what it emitted is discarded")
    void emitting_twice_fails_the_node() {
        RouterRef router = f.router("router", start, List.of(YES, NO), (text, emit) -> {
            emit.emit(NO, text);
            emit.emit(YES, text);
            emit.emit(YES, text);
        });
        f.node("on no", router.on(NO), text -> text);
        mustFail("node 'router' emits to port 'yes' twice");
    }

    @Test
    @DisplayName("S10 emitting to a port that is not declared fails the node")
    void emitting_to_an_undeclared_port_fails_the_node() {
        RouterRef router = f.router(
                "router", start, List.of(YES, NO), (text, emit) -> emit.emit(Port.of("maybe", String.class), text));
        f.node("on no", router.on(NO), text -> text);
        mustFail("node 'router' emits to port 'maybe', but has the output ports yes, no");
    }

    @Test
    @DisplayName("S10 emitting a value of another type than the port's fails the node")
    void emitting_another_type_fails_the_node() {
        RouterRef router = f.router("router", start, List.of(YES, NO), (text, emit) -> emit.emit("yes", 1));
        f.node("on no", router.on(NO), text -> text);
        mustFail(
                "node 'router' emits a value of java.lang.Integer to port 'yes', which is declared as java.lang.String");
    }

    private void mustFail(String message) {
        ExecutionResult result = run("x");

        FlowError error = Runs.node(result, "router").failure().orElseThrow();
        assertThat(error.message()).isEqualTo(message);
        assertThat(error.suggestedResolution()).isNotEmpty();
        assertThat(Runs.node(result, "router").firedPorts()).isEmpty();
        assertThat(Runs.states(result))
                .containsEntry("router", "FAILED")
                .containsEntry("on no", "SKIPPED(UPSTREAM_FAILED)");
        assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
    }

    @Test
    @DisplayName("S9 S10 what a failed attempt emitted is discarded")
    void what_a_failed_attempt_emitted_is_discarded() {
        Flow flow = Flow.definition("half done")
                .trigger("t")
                .add(NodeDefinition.builder("router")
                        .anyBody((EmittingBody) (context, emit) -> {
                            emit.emit("main", "half");
                            throw new IllegalStateException("after emitting");
                        })
                        .build())
                .add(Nodes.tracing("next"))
                .connect("t", "router")
                .connect("router", "next")
                .build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow, "t", null));

            assertThat(Runs.states(result))
                    .containsEntry("router", "FAILED")
                    .containsEntry("next", "SKIPPED(UPSTREAM_FAILED)");
        }
    }

    @Test
    @DisplayName("S10 a branch fires the first port whose condition holds, else the otherwise, else nothing")
    void a_branch_fires_the_first_that_holds() {
        var size = f.branch("size", start)
                .when("long", text -> text.length() > 5)
                .when("medium", text -> text.length() > 2);
        f.node("long one", size.on("long"), text -> text);
        f.node("medium one", size.on("medium"), text -> text);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            assertThat(Runs.node(Runs.ended(engine.executeFromTrigger(flow, start, "abcdef")), "size")
                            .firedPorts())
                    .containsExactly("long");
            assertThat(Runs.node(Runs.ended(engine.executeFromTrigger(flow, start, "abc")), "size")
                            .firedPorts())
                    .containsExactly("medium");
            assertThat(Runs.node(Runs.ended(engine.executeFromTrigger(flow, start, "a")), "size")
                            .firedPorts())
                    .isEmpty();
        }
    }

    private ExecutionResult run(String data) {
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            return Runs.ended(engine.executeFromTrigger(flow, start, data));
        }
    }

    @Test
    @DisplayName("S10 a body that catches the refusal of what it emits fails all the same")
    void a_caught_refusal_fails_the_node() {
        RouterRef router = f.router("router", start, List.of(YES, NO), (text, emit) -> {
            emit.emit(NO, text);
            try {
                emit.emit("maybe", text);
            } catch (FlowException refusal) {
                emit.emit(YES, "caught " + refusal.getMessage());
            }
        });
        f.node("on no", router.on(NO), text -> text);
        mustFail("node 'router' emits to port 'maybe', but has the output ports yes, no");
    }
}
