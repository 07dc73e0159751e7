package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.flowengine.FlowEngine;
import dev.flowengine.FlowEngineBuilder;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.node.Port;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.testing.Engines;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S46 a node limits what it puts out")
@Timeout(60)
class OutputLimitTest {
    private static final Port<String> SAME = Port.of("same", String.class);

    @Test
    @DisplayName("a value above the limit fails the node with LIMIT_EXCEEDED, which names node, size and limit")
    void above_the_limit() throws Exception {
        ExecutionResult end = run(Durable.builder(new InMemoryExecutionStore()), "x".repeat(500));

        assertThat(end.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(end.failure()).hasValueSatisfying(failure -> {
            assertThat(failure.kind()).isEqualTo(FailureKind.LIMIT_EXCEEDED);
            assertThat(failure.affectedNodes()).contains("limited");
            // Besides its characters a text takes seven bytes, with the codec of these tests.
            assertThat(failure)
                    .hasMessageContaining("what node 'limited' puts out at port 'main' is too large")
                    .hasMessageContaining("it takes 507 bytes, and the node allows 400");
            assertThat(failure.suggestedResolution()).contains("maxOutputBytes()");
        });
    }

    @Test
    @DisplayName("what stays below it is kept, and other nodes are not limited by it")
    void below_the_limit() throws Exception {
        ExecutionResult end = run(Durable.builder(new InMemoryExecutionStore()), "x".repeat(300));

        assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(end.output("after", String.class)).hasSize(600);
    }

    @Test
    @DisplayName("the limit of the engine holds all the same, for nodes with a larger one of their own, too")
    void the_engines_limit() throws Exception {
        ExecutionResult end = run(Durable.builder(new InMemoryExecutionStore()).payloadLimit(200), "x".repeat(190));

        assertThat(end.failure()).hasValueSatisfying(failure -> {
            assertThat(failure.kind()).isEqualTo(FailureKind.LIMIT_EXCEEDED);
            assertThat(failure).hasMessageContaining("'after'").hasMessageContaining("200");
        });
    }

    @Test
    @DisplayName("each port of a router by itself")
    void routers() throws Exception {
        FlowBuilder f = Flow.builder("routed");
        TriggerRef<String> t = f.trigger("t", String.class);
        f.router("r", t, List.of(SAME), (value, to) -> to.emit(SAME, value)).maxOutputBytes(100);
        try (FlowEngine engine = Durable.engine(new InMemoryExecutionStore())) {
            ExecutionResult end =
                    engine.executeFromTrigger(f.build(), "t", "x".repeat(100)).await();

            assertThat(end.failure().orElseThrow()).hasMessageContaining("node 'r' puts out at port 'same'");
        }
    }

    @Test
    @DisplayName("in memory nothing is encoded, and so nothing limited")
    void in_memory() throws Exception {
        assertThat(run(Engines.builder(), "x".repeat(500)).status()).isEqualTo(ExecutionStatus.COMPLETED);
    }

    @Test
    @DisplayName("a limit that makes no sense is refused, and a copy of a node has that of the node")
    void definitions() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodeDefinition.builder("n").maxOutputBytes(0))
                .withMessageContaining("maxOutputBytes is 0");
        NodeDefinition node =
                NodeDefinition.builder("n").maxOutputBytes(7).passThrough().build();
        assertThat(node.toBuilder().build().maxOutputBytes()).hasValue(7);
        assertThat(NodeDefinition.trigger("t").maxOutputBytes()).isEmpty();
    }

    private static ExecutionResult run(FlowEngineBuilder builder, String value) throws InterruptedException {
        FlowBuilder f = Flow.builder("limits");
        TriggerRef<String> t = f.trigger("t", String.class);
        NodeRef<String> limited =
                f.node("limited", t, any -> any).returns(String.class).maxOutputBytes(400);
        f.node("after", limited, any -> any + any).returns(String.class).maxOutputBytes(1_000);
        try (FlowEngine engine = builder.build()) {
            return engine.executeFromTrigger(f.build(), "t", value).await();
        }
    }
}
