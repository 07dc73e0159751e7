package dev.flowengine.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Ports;
import dev.flowengine.jdbc.JdbcExecutionStore;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.node.TypeRef;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Core, JSON and JDBC together, with a value that no machine could hold when it is written. */
@Timeout(300)
class EndlessValueTest {

    @Test
    void a_value_that_is_small_in_memory_and_endless_in_the_store_fails_its_node_and_nothing_else() throws Exception {
        Flow flow = Flow.definition("f")
                .add(NodeDefinition.trigger("t", TypeRef.of(String.class)))
                .add(NodeDefinition.builder("n")
                        .outputType(Ports.MAIN, TypeRef.of(Object.class))
                        .body(context -> doubled("x", 50))
                        .build())
                .connect("t", "n")
                .build();
        try (HikariDataSource pool = DatabaseAddress.of(
                                "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "")
                        .pool();
                FlowEngine engine = FlowEngine.builder()
                        .store(JdbcExecutionStore.builder(pool)
                                .createSchema(true)
                                .build())
                        .payloadLimit(1 << 20)
                        .build()) {
            engine.register(flow);

            ExecutionResult end = engine.executeFromTrigger(flow, "t", "x").await();

            assertThat(end.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(end.failure().orElseThrow().kind()).isEqualTo(FailureKind.LIMIT_EXCEEDED);
            assertThat(end.failure().orElseThrow())
                    .hasMessageContaining("what node 'n' puts out at port 'main' is too large")
                    .hasMessageContaining("1048576");
        }
    }

    private static Object doubled(Object value, int times) {
        return times == 0 ? value : doubled(List.of(value, value), times - 1);
    }
}
