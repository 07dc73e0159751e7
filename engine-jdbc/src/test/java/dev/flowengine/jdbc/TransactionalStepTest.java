package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.node.TypeRef;
import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S42 S43 a step in a transaction")
@Timeout(120)
class TransactionalStepTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Database.Opened opened = Database.H2.open();

    @AfterEach
    void close() {
        opened.close();
    }

    @Test
    @DisplayName("does no other step within: that would wait for the store while it holds a connection of the store's")
    void no_step_within() throws Exception {
        FlowBuilder f = Flow.builder("nests").version("1");
        TriggerRef<String> t = f.trigger("t", String.class);
        f.contextNode("nests", t, (text, context) -> {
                    context.step("before", String.class, () -> text);
                    return context.transactionalStep(
                            "outer",
                            TypeRef.of(String.class),
                            Connection.class,
                            connection -> context.step("inner", String.class, () -> text));
                })
                .returns(String.class);
        ExecutionResult end = run(f.build());
        assertThat(end.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(end.failure().orElseThrow())
                .hasMessageContaining("'inner'")
                .hasMessageContaining("within a step in a transaction");
    }

    private ExecutionResult run(Flow flow) throws InterruptedException {
        try (FlowEngine engine = FlowEngine.builder().store(opened.store()).build()) {
            return engine.executeFromTrigger(flow, "t", "x").await(PATIENCE).orElseThrow();
        }
    }
}
