package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSummary;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.HistoryQuery;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.SignalRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.testing.Engines;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName(
        "S43 executions of other versions are gone on with if the host says that those are compatible, and they are")
@Timeout(120)
class CompatibleVersionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();

    @Test
    @DisplayName("an execution goes on with the bodies of the compatible version, and stays one of its own in history")
    void goes_on() throws Exception {
        String id = leave(flow("2"));
        try (FlowEngine engine = Durable.engine(memory)) {
            assertThat(engine.canResume(id, flow("4")).differences()).hasSize(1);
            engine.register(flow("4"), Set.of("2", "3"));
            assertThat(engine.canResume(id, flow("4")).isPossible()).isTrue();
            FlowExecution run = engine.find(id).orElseThrow();
            run.signal("go", "x");
            ExecutionResult end = run.await(PATIENCE).orElseThrow();
            assertThat(end.output("ship", String.class)).isEqualTo("x by 4");
            assertThat(engine.history(HistoryQuery.all()).executions())
                    .extracting(ExecutionSummary::flowVersion)
                    .containsExactly("2");
            assertThat(engine.health().reasons()).isEmpty();
        }
    }

    @Test
    @DisplayName("R6 without such a word it waits, and health says so")
    void not_without_a_word() throws Exception {
        leave(flow("2"));
        try (FlowEngine engine = Durable.engine(memory)) {
            engine.register(flow("4"), Set.of("3"));
            await().atMost(PATIENCE)
                    .until(() -> engine.health().reasons().stream().anyMatch(reason -> reason.contains("version '2'")));
            assertThat(engine.health().executions()).isZero();
        }
    }

    @Test
    @DisplayName("a version with another structure is refused with what differs, and nothing is registered")
    void refused() throws Exception {
        String id = leave(flow("2"));
        FlowBuilder f = Flow.builder("orders").version("4");
        TriggerRef<String> in = f.trigger("in", String.class);
        SignalRef<String, String> go = f.waitForSignal("wait", in, String.class).signal("go");
        f.node("ship", go, String::length).returns(Integer.class);
        f.node("bill", go, text -> text).returns(String.class);
        Flow changed = f.build();
        try (FlowEngine engine = Durable.engine(memory)) {
            assertThatThrownBy(() -> engine.register(changed, Set.of("2")))
                    .isInstanceOfSatisfying(FlowException.class, refused -> {
                        assertThat(refused.kind()).isEqualTo(FailureKind.INVALID_DEFINITION);
                        assertThat(refused.affectedNodes()).containsExactly("ship", "bill");
                        assertThat(refused.suggestedResolution()).contains("version '2'");
                    })
                    .hasMessageContaining("node 'ship' was")
                    .hasMessageContaining("node 'bill' is new");
            assertThat(memory.flow(new FlowKey("orders", "4"))).isEmpty();
            assertThat(engine.find(id).orElseThrow().status()).isEqualTo(ExecutionStatus.WAITING);
        }
    }

    @Test
    @DisplayName("a version that is known only later is compared then: one that is alike is gone on with")
    void known_later() throws Exception {
        try (FlowEngine engine = Durable.engine(memory)) {
            engine.register(flow("4"), Set.of("2"));
            String id = leave(flow("2"));
            FlowExecution run = engine.find(id).orElseThrow();
            run.signal("go", "x");
            assertThat(run.await(PATIENCE).orElseThrow().output("ship", String.class))
                    .isEqualTo("x by 4");
        }
    }

    @Test
    @DisplayName("and one that is not is left alone, and health says what differs")
    void known_later_and_different() throws Exception {
        try (FlowEngine engine = Durable.engine(memory)) {
            engine.register(flow("4"), Set.of("2"));
            FlowBuilder f = Flow.builder("orders").version("2");
            f.waitForSignal("wait", f.trigger("in", String.class), String.class).signal("go");
            String id = leave(f.build());
            await().atMost(PATIENCE)
                    .until(() -> engine.health().reasons().stream()
                            .anyMatch(reason -> reason.contains("version '2'") && reason.contains("'ship' is new")));
            assertThat(engine.health().executions()).isZero();
            assertThat(memory.find(id).orElseThrow().ownership().epoch()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("a version that is registered itself is left to that")
    void its_own_version_first() throws Exception {
        try (FlowEngine engine = Durable.engine(memory)) {
            engine.register(flow("2"));
            engine.register(flow("4"), Set.of("2"));
            String id = leave(flow("2"));
            FlowExecution run = engine.find(id).orElseThrow();
            run.signal("go", "x");
            assertThat(run.await(PATIENCE).orElseThrow().output("ship", String.class))
                    .isEqualTo("x by 2");
        }
    }

    @Test
    @DisplayName(
            "how an execution has ended is read by the compatible version, too; in memory there is nothing to go on with")
    void ended_ones() throws Exception {
        String id = leave(flow("2"));
        try (FlowEngine engine = Durable.engine(memory)) {
            engine.register(flow("2"));
            FlowExecution run = engine.find(id).orElseThrow();
            run.signal("go", "x");
            assertThat(run.await(PATIENCE)).isPresent();
        }
        try (FlowEngine engine = Durable.engine(memory);
                FlowEngine inMemory = Engines.create()) {
            engine.register(flow("4"), Set.of("2"));
            assertThat(engine.find(id)
                            .orElseThrow()
                            .await(PATIENCE)
                            .orElseThrow()
                            .output("ship", String.class))
                    .isEqualTo("x by 2");
            inMemory.register(flow("4"), Set.of("2"));
            inMemory.register(flow("4"));
        }
    }

    /** An execution that waits for a signal, and belongs to nobody. */
    private String leave(Flow flow) {
        try (FlowEngine engine = Durable.engine(memory)) {
            FlowExecution run = engine.executeFromTrigger(flow, "in", "order");
            await().atMost(PATIENCE).until(run::status, ExecutionStatus.WAITING::equals);
            return run.id();
        }
    }

    private static Flow flow(String version) {
        FlowBuilder f = Flow.builder("orders").version(version);
        TriggerRef<String> in = f.trigger("in", String.class);
        SignalRef<String, String> go = f.waitForSignal("wait", in, String.class).signal("go");
        f.node("ship", go, text -> text + " by " + version).returns(String.class);
        return f.build();
    }
}
