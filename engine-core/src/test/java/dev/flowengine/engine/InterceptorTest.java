package dev.flowengine.engine;

import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.FlowEngineBuilder;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.node.NodeInterceptor;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.node.TypeRef;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("S36 interceptors, apart from listeners, stand around bodies and may change what happens")
class InterceptorTest {
    private final List<String> calls = new CopyOnWriteArrayList<>();

    private NodeInterceptor tracing(String name) {
        return (context, invocation) -> {
            calls.add(name + " before " + context.nodeId());
            Object made = invocation.proceed();
            calls.add(name + " after " + context.nodeId());
            return made;
        };
    }

    private static ExecutionResult run(FlowEngineBuilder builder, NodeDefinition... nodes) {
        return run(builder, RunOptions.builder().build(), nodes);
    }

    private static ExecutionResult run(FlowEngineBuilder builder, RunOptions options, NodeDefinition... nodes) {
        var flow = Flow.definition("line").trigger("t");
        String last = "t";
        for (NodeDefinition node : nodes) {
            flow.add(node).connect(last, node.id());
            last = node.id();
        }
        try (FlowEngine engine = builder.build()) {
            return Runs.ended(engine.executeFromTrigger(flow.build(), "t", 1, options));
        }
    }

    private static NodeDefinition.Builder node(String id) {
        return NodeDefinition.builder(id).body(context -> id + context.attempt());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void they_are_nested_in_the_order_in_which_they_were_added(boolean cpuBound) {
        NodeDefinition.Builder a = node("a");
        run(
                Engines.builder().interceptor(tracing("outer")).interceptor(tracing("inner")),
                (cpuBound ? a.cpuBound() : a).build());

        assertThat(calls).containsExactly("outer before a", "inner before a", "inner after a", "outer after a");
    }

    @Test
    void every_kind_of_body_is_intercepted_and_nothing_without_a_call_of_a_body() {
        ExecutionResult result = run(
                Engines.builder().interceptor(tracing("i")),
                RunOptions.builder().pin("pinned", "main", "given").build(),
                node("value").build(),
                NodeDefinition.builder("emits")
                        .emittingBody((context, emitter) -> emitter.emit("main", "emitted"))
                        .build(),
                NodeDefinition.builder("async")
                        .asyncBody(context -> CompletableFuture.completedFuture("later"))
                        .build(),
                node("pinned").build(),
                node("disabled").disabled().build());

        assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(calls)
                .filteredOn(call -> call.contains("before"))
                .containsExactly("i before value", "i before emits", "i before async");
    }

    @Test
    void what_they_return_is_the_result_in_the_terms_of_the_body() {
        NodeInterceptor changing = (context, invocation) -> switch (context.nodeId()) {
            case "value" -> invocation.proceed() + "!";
            case "emits" ->
                PortValues.of(
                        "main", ((PortValues) invocation.proceed()).asMap().get("main") + "!");
            default -> ((CompletionStage<?>) invocation.proceed()).thenApply(value -> value + "!");
        };
        ExecutionResult result = run(
                Engines.builder().interceptor(changing),
                node("value").build(),
                NodeDefinition.builder("emits")
                        .emittingBody((context, emitter) -> emitter.emit("main", context.input()))
                        .build(),
                NodeDefinition.builder("async")
                        .asyncBody(context -> CompletableFuture.completedFuture(context.input()))
                        .build());

        assertThat(result.output("async", String.class)).isEqualTo("value1!!!");
    }

    @Test
    void one_that_does_not_go_on_keeps_the_body_from_being_called() {
        AtomicInteger called = new AtomicInteger();
        ExecutionResult result = run(
                Engines.builder().interceptor((context, invocation) -> "instead"),
                NodeDefinition.builder("a")
                        .body(context -> called.incrementAndGet())
                        .build());

        assertThat(result.output("a", String.class)).isEqualTo("instead");
        assertThat(called).hasValue(0);
    }

    @Test
    @DisplayName("S19 S20 what an interceptor throws fails the attempt, which may be repeated like any other")
    void what_they_throw_fails_the_attempt() {
        ExecutionResult result = run(
                Engines.builder().interceptor((context, invocation) -> {
                    if (context.attempt() == 1) {
                        throw new IllegalStateException("no");
                    }
                    return invocation.proceed();
                }),
                node("a").retry(RetryPolicy.fixed(Duration.ZERO)).build());

        assertThat(result.output("a", String.class)).isEqualTo("a2");
    }

    @Test
    @DisplayName("S10 S19 what no body of the node could make fails it, and names the interceptor and the node")
    void what_no_body_could_make_fails_the_node() {
        NodeInterceptor wrong = (context, invocation) -> 42;
        for (NodeDefinition node : List.of(
                NodeDefinition.builder("a")
                        .emittingBody((context, emitter) -> emitter.emit("main", 1))
                        .build(),
                NodeDefinition.builder("a")
                        .asyncBody(context -> CompletableFuture.completedFuture(1))
                        .build())) {
            assertThat(run(Engines.builder().interceptor(wrong), node).failure().orElseThrow())
                    .hasMessageContainingAll("interceptor", "'a'", "java.lang.Integer");
        }
        assertThat(run(
                                Engines.builder().interceptor(wrong),
                                node("a")
                                        .outputType("main", TypeRef.of(String.class))
                                        .build())
                        .failure()
                        .orElseThrow())
                .hasMessageContainingAll("'a'", "java.lang.Integer", "java.lang.String");
        NodeInterceptor undeclared = (context, invocation) -> PortValues.of("elsewhere", 1);
        assertThat(run(
                                Engines.builder().interceptor(undeclared),
                                NodeDefinition.builder("a")
                                        .emittingBody((context, emitter) -> emitter.emit("main", 1))
                                        .build())
                        .failure()
                        .orElseThrow())
                .hasMessageContainingAll("'a'", "elsewhere");
    }

    @Test
    @DisplayName("S26 S27 the stage of a body is cancelled although an interceptor has put another one behind it")
    void the_stage_behind_an_interceptor_is_cancelled() {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        NodeInterceptor measuring = (context, invocation) ->
                ((CompletionStage<?>) invocation.proceed()).whenComplete((value, thrown) -> {});
        VirtualTime time = new VirtualTime();
        try (FlowEngine engine =
                time.in(Engines.builder().interceptor(measuring)).build()) {
            Flow flow = Flow.definition("async")
                    .trigger("t")
                    .add(NodeDefinition.builder("a")
                            .asyncBody(context -> stage)
                            .timeout(Duration.ofSeconds(1))
                            .build())
                    .connect("t", "a")
                    .build();
            FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
            time.awaitPending(1);
            await().until(() -> stage.getNumberOfDependents() > 0);
            time.advance(Duration.ofSeconds(1));

            assertThat(Runs.ended(run).status()).isEqualTo(ExecutionStatus.FAILED);
            await().until(stage::isCancelled);
        }
    }
}
