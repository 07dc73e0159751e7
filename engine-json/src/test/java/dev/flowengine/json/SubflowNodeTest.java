package dev.flowengine.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.HistoryQuery;
import dev.flowengine.flow.Flow;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("S34 the node type subflow")
class SubflowNodeTest {

    @Test
    @DisplayName("the documented flow has another one ship its orders")
    void documented() throws Exception {
        Flow shipping = DocumentationTest.flow("shipping");
        Flow order = DocumentationTest.flow("order-with-shipping");
        try (FlowEngine engine = FlowEngine.create()) {
            engine.register(shipping);
            ExecutionResult end =
                    engine.executeFromTrigger(order, "placed", Map.of("id", 7)).await();
            assertThat(end.output("bill", Object.class)).isEqualTo(Map.of("id", 7, "state", "shipped", "billed", true));
            assertThat(engine.history(HistoryQuery.all().childrenOf(end.executionId()))
                            .executions())
                    .singleElement()
                    .satisfies(child -> assertThat(child.flowId()).isEqualTo("shipping"));
        }
    }

    @Test
    @DisplayName("S24 a flow that nobody has registered fails the node")
    void unknown() throws Exception {
        try (FlowEngine engine = FlowEngine.create()) {
            ExecutionResult end = engine.executeFromTrigger(
                            DocumentationTest.flow("order-with-shipping"), "placed", Map.of("id", 7))
                    .await();
            FlowException failure = end.failure().orElseThrow();
            assertThat(failure.kind()).isEqualTo(FailureKind.NOT_FOUND);
            assertThat(failure).hasMessageContaining("node 'ship'").hasMessageContaining("'shipping'");
        }
    }

    @Test
    @DisplayName("it is written as it was read")
    void round_trip() throws Exception {
        Flow order = DocumentationTest.flow("order-with-shipping");
        assertThat(Documents.read(FlowJson.write(order)).graph()).isEqualTo(order.graph());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"trigger\": \"t\"} | `/nodes/1/parameters: has no 'flow'`",
                "{\"flow\": \"f\"} | `/nodes/1/parameters: has no 'trigger'`",
                "{\"flow\": \"f\", \"trigger\": \"t\", \"returns\": \"x\", \"detached\": true} | `/nodes/1/parameters/returns: is for a flow that is waited for`",
                "{\"flow\": \"f\", \"trigger\": \"t\", \"port\": \"x\"} | `/nodes/1/parameters/port: is one of the node that returns names`"
            })
    @DisplayName("what makes no sense is refused at its place")
    void wrong(String parameters, String problem) {
        assertThat(Documents.problems(Documents.withNode("\"type\": \"subflow\", \"parameters\": " + parameters)))
                .singleElement()
                .asString()
                .startsWith(problem);
    }
}
