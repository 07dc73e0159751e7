package dev.flowengine.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.InvalidFlowException;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.InputPort;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.node.TypeRef;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Each kind that can occur without a store, as a user meets it: its message, what it affects, and what to do. */
@DisplayName("S24 kinds of failure")
class FailureKindsTest {
    private final Bench bench = Bench.plain();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() {
        release.countDown();
        bench.close();
    }

    private static FlowException refusal(ThrowingCallable call) {
        FlowException refusal = catchThrowableOfType(FlowException.class, call);
        assertThat(refusal).as("a refusal").isNotNull();
        assertThat(refusal.suggestedResolution()).isNotEmpty();
        return refusal;
    }

    private static FlowException reason(FlowExecution run) {
        FlowException reason = Bench.ended(run).failure().orElseThrow();
        assertThat(reason).hasMessageStartingWith("execution " + run.id() + " of flow 'line': ");
        assertThat(reason.executionPath()).startsWith("t");
        assertThat(reason.affectedNodes()).isNotEmpty();
        assertThat(reason.suggestedResolution()).isNotEmpty();
        return reason;
    }

    private FlowEngine engine() {
        return bench.engine();
    }

    private NodeDefinition.Builder blocking() {
        return Nodes.node("a", context -> {
            Nodes.awaitOpen(release);
            return 1;
        });
    }

    @Test
    @DisplayName("S24 INVALID_DEFINITION: a flow that contradicts itself, and data that does not fit its trigger")
    void invalid_definition() {
        InvalidFlowException definition = catchThrowableOfType(
                InvalidFlowException.class,
                () -> Flow.definition("f").trigger("t").connect("t", "nobody").build());
        assertThat(definition.kind()).isEqualTo(FailureKind.INVALID_DEFINITION);
        assertThat(definition).hasMessageContaining("nobody");
        assertThat(definition.affectedNodes()).contains("t");
        assertThat(definition.suggestedResolution()).isNotEmpty();

        Flow typed = Flow.definition("f")
                .add(NodeDefinition.trigger("t", TypeRef.of(Integer.class)))
                .build();
        FlowException start = refusal(() -> engine().executeFromTrigger(typed, "t", "text"));
        assertThat(start.kind()).isEqualTo(FailureKind.INVALID_DEFINITION);
        assertThat(start)
                .hasMessage("flow 'f': node 't' is fired with a value of java.lang.String, but is declared to take "
                        + "java.lang.Integer");
        assertThat(start.affectedNodes()).containsExactly("t");
    }

    @Test
    @DisplayName("S24 CIRCULAR_DEPENDENCY: a draft whose cycle is in the scope of the start, with its path")
    void circular_dependency() {
        NodeDefinition joining = Nodes.collecting("a").build();
        Flow draft = Nodes.lineOf(joining, Nodes.echo("b")).connect("b", "a").buildDraft();
        FlowException refusal = refusal(() -> bench.start(draft));

        assertThat(refusal.kind()).isEqualTo(FailureKind.CIRCULAR_DEPENDENCY);
        assertThat(refusal).hasMessageContaining("a → b → a");
        assertThat(refusal.affectedNodes()).contains("a", "b");
        assertThat(refusal.dependencyChain()).containsExactly("a", "b", "a");
    }

    @Test
    @DisplayName("S24 MISSING_DEPENDENCY: a required port without a source in the scope of the start")
    void missing_dependency() {
        NodeDefinition pair = Nodes.fine("pair")
                .inputs(InputPort.required("left"), InputPort.required("right"))
                .build();
        Flow flow = Flow.definition("f")
                .trigger("t")
                .trigger("u")
                .add(pair)
                .connect(new Connection("t", "main", "pair", "left"))
                .connect(new Connection("u", "main", "pair", "right"))
                .build();
        FlowException refusal = refusal(() -> bench.start(flow));

        assertThat(refusal.kind()).isEqualTo(FailureKind.MISSING_DEPENDENCY);
        assertThat(refusal).hasMessageContaining("pair").hasMessageContaining("right");
        assertThat(refusal.affectedNodes()).contains("pair");
        assertThat(refusal.dependencyChain()).isNotEmpty();
    }

    @Test
    @DisplayName("S24 NOT_FOUND: no such trigger, node of a run, or execution")
    void not_found() {
        Flow flow = Nodes.line(Nodes.fine("a").build());
        FlowExecution run = bench.start(flow);
        Bench.ended(run);

        assertThat(refusal(() -> engine().executeFromTrigger(flow, "T", 1)))
                .hasMessageContaining("T")
                .hasMessageContaining("t")
                .extracting("kind")
                .isEqualTo(FailureKind.NOT_FOUND);
        assertThat(refusal(() -> run.node("nobody")).kind()).isEqualTo(FailureKind.NOT_FOUND);
        assertThat(refusal(() -> run.explain("nobody")).kind()).isEqualTo(FailureKind.NOT_FOUND);
        assertThat(refusal(() -> engine().cancel("nobody", "why"))).hasMessage("there is no execution nobody");
        assertThat(refusal(() -> Bench.ended(run).outputs("nobody")).kind()).isEqualTo(FailureKind.NOT_FOUND);
    }

    @Test
    @DisplayName("S24 NODE_EXECUTION_FAILED: the reason of a run names node, attempt and failure, path and chain")
    void node_execution_failed() {
        FlowException reason = reason(bench.start(
                Nodes.line(Nodes.fine("a").build(), Nodes.failing("b").build(), Nodes.echo("c"))));

        assertThat(reason.kind()).isEqualTo(FailureKind.NODE_EXECUTION_FAILED);
        assertThat(reason)
                .hasMessageEndingWith(
                        "node 'b' failed at attempt 1: java.lang.IllegalStateException: " + "b failed at attempt 1")
                .hasCauseExactlyInstanceOf(IllegalStateException.class);
        assertThat(reason.affectedNodes()).containsExactly("b");
        assertThat(reason.executionPath()).containsExactly("t", "a", "b");
        assertThat(reason.dependencyChain()).containsExactly("t", "a", "b");
        assertThat(reason.suggestedResolution()).contains("redrive");
    }

    @Test
    @DisplayName("S24 NODE_TIMEOUT: of an attempt, and of a node that never got a thread")
    void node_timeout() {
        FlowExecution run =
                bench.start(Nodes.line(blocking().timeout(Duration.ofSeconds(5)).build()));
        bench.passNext();
        FlowException reason = reason(run);

        assertThat(reason.kind()).isEqualTo(FailureKind.NODE_TIMEOUT);
        assertThat(reason)
                .hasMessageEndingWith("node 'a' failed at attempt 1: java.util.concurrent.TimeoutException: "
                        + "attempt 1 of node 'a' took longer than PT5S");
        assertThat(reason.affectedNodes()).containsExactly("a");
        assertThat(reason.executionPath()).containsExactly("t", "a");
        assertThat(reason.dependencyChain()).containsExactly("t", "a");
        assertThat(reason.suggestedResolution()).contains("timeout(");
    }

    @Test
    @DisplayName("S24 EXECUTION_TIMEOUT: of a run")
    void execution_timeout() {
        RunOptions limited = RunOptions.builder().timeout(Duration.ofSeconds(5)).build();
        FlowExecution run =
                engine().executeFromTrigger(Nodes.line(blocking().build(), Nodes.echo("b")), "t", 1, limited);
        Bench.awaitUntil("the body runs", () -> run.snapshot().executionPath().contains("a"));
        bench.passNext();
        FlowException reason = reason(run);

        assertThat(reason.kind()).isEqualTo(FailureKind.EXECUTION_TIMEOUT);
        assertThat(reason).hasMessageEndingWith("it took longer than PT5S");
        assertThat(reason.affectedNodes()).containsExactly("a", "b");
        assertThat(reason.suggestedResolution()).contains("explain()");
        assertThat(reason.executionPath()).containsExactly("t", "a");
    }

    @Test
    @DisplayName("S24 CANCELLED: a run somebody cancelled, with what was said")
    void cancelled() {
        FlowExecution run = bench.start(Nodes.line(blocking().build(), Nodes.echo("b")));
        run.cancel("the order was withdrawn");
        release.countDown();
        FlowException reason = reason(run);

        assertThat(Bench.ended(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(reason.kind()).isEqualTo(FailureKind.CANCELLED);
        assertThat(reason).hasMessageEndingWith("it was cancelled: the order was withdrawn");
        assertThat(reason.affectedNodes()).contains("b");
    }

    @Test
    @DisplayName("S24 S28 LIMIT_EXCEEDED: of a node that finds no thread, because too many bodies do not end")
    void limit_exceeded() {
        try (Bench small = Bench.with(builder -> builder.bodyThreads(1).maxAbandoned(0))) {
            NodeDefinition deaf = Nodes.node("deaf", context -> {
                        Nodes.ignoreInterruptsUntil(release);
                        return 1;
                    })
                    .timeout(Duration.ofSeconds(5))
                    .build();
            FlowExecution lost = small.start(Nodes.line(deaf));
            small.passNext();
            Bench.ended(lost);
            Bench.awaitUntil(
                    "the body is given up", () -> small.engine().health().abandonedBodies() == 1);
            FlowException reason = reason(small.start(Nodes.line(Nodes.fine("a").build())));

            assertThat(reason.kind()).isEqualTo(FailureKind.LIMIT_EXCEEDED);
            assertThat(reason)
                    .hasMessageContaining("node 'a' could not be started: ")
                    .hasMessageEndingWith("1 bodies have not returned although they timed out or were cancelled, and "
                            + "hold their threads; no more than 0 may");
            assertThat(reason.affectedNodes()).containsExactly("a");
            assertThat(reason.executionPath()).containsExactly("t");
            assertThat(reason.dependencyChain()).containsExactly("t", "a");
            assertThat(reason.suggestedResolution()).contains("interrupted");
            release.countDown();
        }
    }

    @Test
    @DisplayName("S24 INVALID_FLOW_STATE: an intervention the node is in no state for")
    void invalid_flow_state() {
        FlowExecution run = bench.start(Nodes.line(Nodes.fine("a").build()));
        Bench.ended(run);
        CompletionException thrown = catchThrowableOfType(
                CompletionException.class,
                () -> run.node("a").retryNow().toCompletableFuture().join());

        assertThat(thrown.getCause()).isInstanceOfSatisfying(FlowException.class, refusal -> {
            assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_FLOW_STATE);
            assertThat(refusal.affectedNodes()).containsExactly("a");
            assertThat(refusal).hasMessageContaining("COMPLETED");
        });
    }

    @Test
    @DisplayName("S24 ENGINE_CLOSED: a start on a closed engine, and a run that the close ended")
    void engine_closed() {
        FlowExecution run = bench.start(Nodes.line(blocking().build(), Nodes.echo("b")));
        engine().close(Duration.ZERO);
        FlowException reason = reason(run);

        assertThat(reason.kind()).isEqualTo(FailureKind.ENGINE_CLOSED);
        assertThat(reason).hasMessageEndingWith("the engine was closed before this execution ended");
        assertThat(refusal(() -> bench.start(Nodes.line(Nodes.fine("a").build()))))
                .hasMessage("the engine is closed and starts no execution")
                .extracting("kind")
                .isEqualTo(FailureKind.ENGINE_CLOSED);
    }

    @Test
    @DisplayName("S24 a body may throw with a kind of its own: it stays a failed execution of the node")
    void a_body_that_throws_a_flow_exception() {
        NodeDefinition node = Nodes.node("a", context -> {
                    throw FlowException.of(FailureKind.LIMIT_EXCEEDED, "100 rows at most")
                            .suggestedResolution("Ask for fewer.")
                            .build();
                })
                .build();
        FlowException reason = reason(bench.start(Nodes.line(node)));

        assertThat(reason.kind()).isEqualTo(FailureKind.NODE_EXECUTION_FAILED);
        assertThat(reason).hasMessageContaining("100 rows at most");
        assertThat(reason.suggestedResolution()).isEqualTo("Ask for fewer.");
    }

    @Test
    @DisplayName("S24 a start in the middle with a wrong value is refused before anything runs")
    void a_wrong_input_is_refused() {
        Flow flow = Nodes.line(
                Nodes.fine("a").inputType("main", TypeRef.of(Integer.class)).build());
        FlowException refusal =
                refusal(() -> engine().executeFromNode(flow, "a", PortValues.of("main", "x"), RunOptions.ofDefaults()));

        assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_DEFINITION);
        assertThat(refusal).hasMessageContaining("java.lang.String").hasMessageContaining("java.lang.Integer");
    }
}
