package dev.flowengine.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.event.NodeAttemptFailed;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.NodeState;
import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.graph.Ports;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.PortValues;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to repeat with every way to handle, for every kind of body. */
class RetryThenHandlingTest {

    /** A way to write a node {@code a} that fails until an attempt. */
    @SuppressWarnings("ImmutableEnumChecker") // what they hold is never changed
    enum Body {
        VALUE(until -> NodeDefinition.builder("a").body(context -> call(context, until))),
        COMPUTING(until -> NodeDefinition.builder("a")
                .body(context -> call(context, until))
                .cpuBound()),
        EMITTING(until ->
                NodeDefinition.builder("a").emittingBody((context, out) -> out.emit("main", call(context, until)))),
        ASYNC(until -> NodeDefinition.builder("a").asyncBody(context -> {
            try {
                return CompletableFuture.completedFuture(call(context, until));
            } catch (IllegalStateException e) {
                return CompletableFuture.failedFuture(e);
            }
        }));

        private final Function<Integer, NodeDefinition.Builder> node;

        Body(Function<Integer, NodeDefinition.Builder> node) {
            this.node = node;
        }

        private static String call(NodeContext context, int until) {
            if (context.attempt() < until) {
                throw new IllegalStateException("failure " + context.attempt());
            }
            return "value";
        }
    }

    /** A way to handle a failure, and what the node then fires. */
    @SuppressWarnings("ImmutableEnumChecker") // what they hold is never changed
    enum Handling {
        FAIL(ErrorHandling.FAIL, (error, input) -> PortValues.none()),
        CONTINUE(ErrorHandling.CONTINUE, (error, input) -> PortValues.of(Ports.MAIN, error)),
        ERROR_OUTPUT(ErrorHandling.ERROR_OUTPUT, (error, input) -> PortValues.of(Ports.ERROR, error.withInput(input))),
        FALLBACK(ErrorHandling.fallback("B"), (error, input) -> PortValues.of(Ports.MAIN, "B")),
        RECOVER(
                ErrorHandling.recover(error -> "after " + error.message()),
                (error, input) -> PortValues.of(Ports.MAIN, "after " + error.message()));

        private final ErrorHandling handling;
        private final BiFunction<FlowError, Object, PortValues> fired;

        Handling(ErrorHandling handling, BiFunction<FlowError, Object, PortValues> fired) {
            this.handling = handling;
            this.fired = fired;
        }
    }

    static Stream<Arguments> combinations() {
        return Stream.of(Body.values())
                .flatMap(body -> Stream.of(Handling.values())
                        .flatMap(handling -> Stream.of(1, 2, 3)
                                .flatMap(attempts -> Stream.of(1, 2, 3, 4)
                                        .map(until -> Arguments.of(body, handling, attempts, until)))));
    }

    @ParameterizedTest(name = "{0}, {1}, {2} attempts, succeeds at {3}")
    @MethodSource("combinations")
    @DisplayName("S20 S21 attempts first, then handling")
    void attempts_come_first_then_handling(Body body, Handling handling, int attempts, int until) {
        NodeDefinition node = body.node
                .apply(until)
                .retry(RetryPolicy.fixed(Duration.ZERO).maxAttempts(attempts))
                .onError(handling.handling)
                .build();
        try (Bench bench = Bench.observed()) {
            ExecutionResult result = bench.run(Nodes.line(node, Nodes.echo("b")));
            NodeState state = Bench.node(result, "a");
            boolean succeeds = until <= attempts;
            int last = Math.min(until, attempts);

            assertThat(state.attempt()).isEqualTo(last);
            assertThat(bench.eventsOf(result, NodeAttemptFailed.class))
                    .extracting(event -> event.error().message())
                    .isEqualTo(Stream.iterate(1, i -> i + 1)
                            .limit(last - 1)
                            .map(i -> "failure " + i)
                            .toList());
            if (succeeds) {
                assertThat(state.failure()).isEmpty();
                assertThat(state.handledFailure()).isEmpty();
                assertThat(result.outputs("a")).isEqualTo(PortValues.of(Ports.MAIN, "value"));
            } else if (handling == Handling.FAIL) {
                assertThat(state.status()).isEqualTo(NodeStatus.FAILED);
                assertThat(state.failure().orElseThrow().message()).isEqualTo("failure " + last);
            } else {
                mustBeHandled(result, handling, last);
            }
            assertThat(result.executionPath()).doesNotHaveDuplicates();
        }
    }

    private static void mustBeHandled(ExecutionResult result, Handling handling, int last) {
        NodeState state = Bench.node(result, "a");
        FlowError handled = state.handledFailure().orElseThrow();
        assertThat(state.status()).isEqualTo(NodeStatus.COMPLETED);
        assertThat(state.failure()).isEmpty();
        assertThat(handled.message()).isEqualTo("failure " + last);
        assertThat(handled.attempt()).isEqualTo(last);
        PortValues expected = handling.fired.apply(handled, "in");
        assertThat(result.outputs("a")).isEqualTo(expected);
        assertThat(state.firedPorts()).isEqualTo(List.copyOf(expected.asMap().keySet()));
        boolean onMain = expected.asMap().containsKey(Ports.MAIN);
        assertThat(Bench.states(result)).containsEntry("b", onMain ? "COMPLETED" : "SKIPPED(BRANCH_NOT_TAKEN)");
    }
}
