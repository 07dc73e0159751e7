package dev.flowengine.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.event.NodeAttemptFailed;
import dev.flowengine.event.NodeFailed;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.Ports;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S19 what a failure carries")
class FailureDataTest {
    private static final RetryPolicy TWICE = RetryPolicy.fixed(Duration.ZERO).maxAttempts(2);

    private static NodeDefinition.Builder advising() {
        return Nodes.node("a", context -> {
            throw FlowException.of(FailureKind.NODE_EXECUTION_FAILED, "quota used up, attempt " + context.attempt())
                    .suggestedResolution("Ask for more quota.")
                    .build();
        });
    }

    @Test
    @DisplayName("S19 result, snapshot and event carry one and the same failure, that of the last attempt")
    void the_failure_is_the_same_everywhere() {
        Flow flow = Nodes.line(advising().retry(TWICE).build());
        try (Bench bench = Bench.observed()) {
            ExecutionResult result = bench.run(flow);
            FlowError inState = Bench.node(result, "a").failure().orElseThrow();

            assertThat(inState.kind()).isEqualTo(FailureKind.NODE_EXECUTION_FAILED);
            assertThat(inState.type()).isEqualTo(FlowException.class.getName());
            assertThat(inState.message()).isEqualTo("quota used up, attempt 2");
            assertThat(inState.stackText()).contains("quota used up, attempt 2", "FailureDataTest");
            assertThat(inState.nodeId()).isEqualTo("a");
            assertThat(inState.attempt()).isEqualTo(2);
            assertThat(inState.suggestedResolution()).isEqualTo("Ask for more quota.");
            assertThat(bench.eventsOf(result, NodeFailed.class))
                    .extracting(NodeFailed::error)
                    .containsExactly(inState);
            assertThat(bench.eventsOf(result, NodeAttemptFailed.class))
                    .extracting(event -> event.error().message())
                    .containsExactly("quota used up, attempt 1");
            FlowException ofRun = result.failure().orElseThrow();
            assertThat(ofRun)
                    .hasMessageContaining("node 'a' failed at attempt 2: " + inState.summary())
                    .hasCauseInstanceOf(FlowException.class);
            assertThat(ofRun.suggestedResolution()).isEqualTo("Ask for more quota.");
            assertThat(ofRun.affectedNodes()).containsExactly("a");
        }
    }

    @Test
    @DisplayName("S19 S21 what the error port emits is that failure, and the input on top")
    void the_error_port_emits_the_same_failure() {
        Flow flow = Nodes.lineOf(advising().onError(ErrorHandling.ERROR_OUTPUT).build())
                .add(Nodes.echo("rescue"))
                .connect(new Connection("a", Ports.ERROR, "rescue", Ports.MAIN))
                .build();
        try (Bench bench = Bench.plain()) {
            ExecutionResult result = bench.run(flow);
            FlowError handled = Bench.node(result, "a").handledFailure().orElseThrow();

            assertThat(handled.input()).isNull();
            assertThat(result.output("rescue", FlowError.class)).isEqualTo(handled.withInput("in"));
        }
    }

    @Test
    @DisplayName("S19 the stack text is bounded, however long message and causes are")
    void the_stack_text_is_bounded() {
        NodeDefinition node = Nodes.node("a", context -> {
                    Throwable cause = new IllegalStateException("x".repeat(100_000));
                    for (int i = 0; i < 100; i++) {
                        cause = new IllegalStateException("level " + i, cause);
                    }
                    throw new IllegalStateException("top", cause);
                })
                .build();
        try (Bench bench = Bench.plain()) {
            FlowError failure =
                    Bench.node(bench.run(Nodes.line(node)), "a").failure().orElseThrow();

            assertThat(failure.stackText()).hasSizeLessThan(10_000).startsWith("java.lang.IllegalStateException: top");
        }
    }

    @Test
    @DisplayName("R22 an Error at any attempt, on any kind of body, fails the node and never the engine")
    void errors_fail_the_node_at_any_attempt() {
        RetryPolicy onAnything = TWICE.on(Throwable.class);
        NodeDefinition.Builder plain = Nodes.node("a", context -> {
            throw new LinkageError("attempt " + context.attempt());
        });
        NodeDefinition computing = Nodes.node("a", context -> {
                    throw new LinkageError("attempt " + context.attempt());
                })
                .cpuBound()
                .retry(onAnything)
                .build();
        NodeDefinition async = NodeDefinition.builder("a")
                .asyncBody(context -> CompletableFuture.failedFuture(new LinkageError("attempt " + context.attempt())))
                .retry(onAnything)
                .build();
        NodeDefinition emitting = NodeDefinition.builder("a")
                .emittingBody((context, out) -> {
                    throw new LinkageError("attempt " + context.attempt());
                })
                .retry(onAnything)
                .build();
        try (Bench bench = Bench.plain()) {
            for (NodeDefinition node :
                    new NodeDefinition[] {plain.retry(onAnything).build(), computing, async, emitting}) {
                ExecutionResult result = bench.run(Nodes.line(node));

                assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
                assertThat(Bench.node(result, "a").failure().orElseThrow().summary())
                        .isEqualTo("java.lang.LinkageError: attempt 2");
                assertThat(result.failure().orElseThrow()).hasCauseExactlyInstanceOf(LinkageError.class);
            }
            assertThat(bench.run(Nodes.line(Nodes.fine("b").build())).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("S19 S20 a broken retry policy is told in the stack text of the failure it let through")
    void a_broken_policy_is_told() {
        NodeDefinition node = Nodes.failing("a")
                .retry(TWICE.when(thrown -> {
                    throw new IllegalArgumentException("the predicate is broken");
                }))
                .build();
        try (Bench bench = Bench.plain()) {
            FlowError failure =
                    Bench.node(bench.run(Nodes.line(node)), "a").failure().orElseThrow();

            assertThat(failure.message()).isEqualTo("a failed at attempt 1");
            assertThat(failure.stackText()).contains("Suppressed:", "the predicate is broken");
        }
    }

    @Test
    @DisplayName("S19 a failure that was overcome leaves no trace in the state of its node")
    void an_overcome_failure_is_forgotten() {
        Flow flow = Nodes.line(Nodes.failingUntil(2, "a")
                .retry(RetryPolicy.fixed(Duration.ofSeconds(1)))
                .build());
        try (Bench bench = Bench.plain()) {
            FlowExecution run = bench.start(flow);
            bench.time().awaitPending(1);
            assertThat(Bench.node(run, "a").failure()).isPresent();
            bench.passNext();

            ExecutionResult result = Bench.ended(run);
            assertThat(Bench.node(result, "a").status()).isEqualTo(NodeStatus.COMPLETED);
            assertThat(Bench.node(result, "a").failure()).isEmpty();
            assertThat(result.failure()).isEmpty();
        }
    }
}
