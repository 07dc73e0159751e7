package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.node.AsyncBody;
import dev.flowengine.node.TypeRef;
import dev.flowengine.testing.Engines;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A node declares what it puts out, and its body returns something else. */
class ReturnedTypeTest {

    private static NodeDefinition.Builder declared() {
        return NodeDefinition.builder("a").outputType("main", TypeRef.of(Integer.class));
    }

    private static ExecutionResult run(NodeDefinition node) {
        Flow flow = Flow.definition("declared")
                .trigger("t")
                .add(node)
                .add(Nodes.tracing("next"))
                .connect("t", "a")
                .connect("a", "next")
                .build();
        try (FlowEngine engine = Engines.create()) {
            return Runs.ended(engine.executeFromTrigger(flow, "t", 1));
        }
    }

    private static void mustFail(NodeDefinition node) {
        ExecutionResult result = run(node);

        FlowError error = Runs.node(result, "a").failure().orElseThrow();
        assertThat(error.message())
                .isEqualTo(
                        "node 'a' returned a value of java.lang.String, but is declared to put out java.lang.Integer");
        assertThat(error.kind()).isEqualTo(FailureKind.NODE_EXECUTION_FAILED);
        assertThat(error.suggestedResolution()).isNotEmpty();
        assertThat(Runs.states(result)).containsEntry("a", "FAILED").containsEntry("next", "SKIPPED(UPSTREAM_FAILED)");
        assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
    }

    @Test
    @DisplayName("S10 returning a value of another type than declared fails the node, naming both")
    void returning_another_type_fails_the_node() {
        mustFail(declared().body(context -> "text").build());
        mustFail(declared().body(context -> "text").cpuBound().build());
    }

    @Test
    @DisplayName("S10 a stage that completes with another type than declared fails the node, at once or later")
    void a_stage_of_another_type_fails_the_node() {
        mustFail(declared()
                .anyBody((AsyncBody) context -> CompletableFuture.completedFuture("text"))
                .build());
        mustFail(declared()
                .anyBody((AsyncBody) context -> CompletableFuture.supplyAsync(
                        () -> "text", CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS)))
                .build());
    }

    @Test
    @DisplayName("S10 a value of the declared type fires, null included")
    void a_value_of_the_declared_type_fires() {
        assertThat(run(declared().body(context -> 7).build()).output("next", String.class))
                .isEqualTo("7>next");
        assertThat(run(declared().body(context -> null).build()).output("next", String.class))
                .isEqualTo("null>next");
    }
}
