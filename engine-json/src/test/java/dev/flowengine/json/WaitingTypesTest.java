package dev.flowengine.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("S35 the node types wait and signal")
class WaitingTypesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static FlowExecution waiting(FlowEngine engine, Flow flow, String trigger, Object data) {
        FlowExecution run = engine.executeFromTrigger(flow, trigger, data);
        await().atMost(PATIENCE).until(() -> run.status() == ExecutionStatus.WAITING);
        return run;
    }

    @Test
    @DisplayName("the documented wait waits for the time, then for the instant in its input")
    void the_documented_wait() throws Exception {
        Flow flow = DocumentationTest.flow("delivery");
        Instant day = Instant.parse("2999-01-31T12:00:00Z");
        try (FlowEngine engine = FlowEngine.create()) {
            FlowExecution run = waiting(engine, flow, "placed", Map.of("deliverAt", day.toString()));
            Instant due = run.snapshot()
                    .node("cool-down")
                    .orElseThrow()
                    .waitsFor()
                    .orElseThrow()
                    .until()
                    .orElseThrow();
            assertThat(due).isAfter(Instant.now().plus(Duration.ofMinutes(20)));
            run.node("cool-down")
                    .complete(Map.of("deliverAt", day.toString()))
                    .toCompletableFuture()
                    .get();
            await().atMost(PATIENCE)
                    .until(() -> run.snapshot().node("day").orElseThrow().status() == NodeStatus.WAITING);
            assertThat(run.snapshot()
                            .node("day")
                            .orElseThrow()
                            .waitsFor()
                            .orElseThrow()
                            .until())
                    .contains(day);
            run.cancel("not in a thousand years");

            FlowExecution past = waiting(engine, flow, "placed", Map.of("deliverAt", "2001-01-31T12:00:00+01:00"));
            past.node("cool-down")
                    .complete(Map.of("deliverAt", "2001-01-31T12:00:00+01:00"))
                    .toCompletableFuture()
                    .get();
            ExecutionResult end = past.await(PATIENCE).orElseThrow();
            assertThat(end.output("deliver", Object.class))
                    .asInstanceOf(InstanceOfAssertFactories.MAP)
                    .containsEntry("state", "delivered");
        }
    }

    @Test
    @DisplayName("the documented signal takes a choice, or any data")
    void the_documented_signal() throws Exception {
        Flow flow = DocumentationTest.flow("approval");
        try (FlowEngine engine = FlowEngine.create()) {
            FlowExecution granted = waiting(engine, flow, "asked", Map.of("total", 1));
            granted.signal("review", "approve");
            assertThat(granted.await(PATIENCE).orElseThrow().output("ship", Object.class))
                    .asInstanceOf(InstanceOfAssertFactories.MAP)
                    .containsEntry("state", "shipped");

            FlowExecution refused = waiting(engine, flow, "asked", Map.of("total", 1));
            refused.signal("review", "reject");
            refused.signal("comment", Map.of("text", "too much"));
            assertThat(refused.await(PATIENCE).orElseThrow().output("why", Object.class))
                    .asInstanceOf(InstanceOfAssertFactories.MAP)
                    .containsEntry("text", "too much");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | `/nodes/1/parameters: needs either for, a time, or until, an instant`",
                "{\"for\": \"PT1S\", \"until\": \"/x\"} | `/nodes/1/parameters: needs either for, a time, or until, an instant`",
                "{\"until\": \"tomorrow\"} | `/nodes/1/parameters/until: is the text 'tomorrow', but should be an instant`",
                "{\"for\": \"PT0S\"} | `/nodes/1/parameters/for: `"
            })
    @DisplayName("a wait that makes no sense is refused at its place")
    void wrong_waits(String parameters, String problem) {
        assertThat(Documents.problems(Documents.withNode("\"type\": \"wait\", \"parameters\": " + parameters)))
                .singleElement()
                .asString()
                .startsWith(problem);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"choices\": []} | `/nodes/1/parameters/choices: `",
                "{\"choices\": [\"a\", \"a\"]} | `/nodes/1/parameters/choices: `",
                "{\"choices\": [\"error\"]} | `/nodes/1/parameters/choices: `",
                "{\"deadline\": \"PT1S\", \"until\": \"/x\"} | `/nodes/1/parameters: has both deadline`",
                "{\"name\": \"\"} | `/nodes/1/parameters/name: `"
            })
    @DisplayName("a signal that makes no sense is refused at its place")
    void wrong_signals(String parameters, String problem) {
        assertThat(Documents.problems(Documents.withNode("\"type\": \"signal\", \"parameters\": " + parameters)))
                .singleElement()
                .asString()
                .startsWith(problem);
    }

    @Test
    @DisplayName("what until points to has to be an instant, or the node fails and says what is there")
    void no_instant() {
        Flow flow = Documents.read(Documents.withNode(
                "\"type\": \"wait\", \"parameters\": {\"until\": \"/at\"}, \"onError\": \"CONTINUE\""));
        assertThat(Documents.run(flow, "t", Map.of("at", 3))
                        .snapshot()
                        .node("n")
                        .orElseThrow()
                        .handledFailure())
                .hasValueSatisfying(failure -> assertThat(failure.message()).contains("'/at'", "a number"));
    }
}
