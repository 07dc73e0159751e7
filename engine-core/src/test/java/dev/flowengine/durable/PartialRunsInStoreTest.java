package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S2 S4 parts of a flow that run on what a store keeps of an earlier execution")
@Timeout(60)
class PartialRunsInStoreTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();

    @Test
    @DisplayName("outputs are taken from an execution of an engine that is gone, also by the node the part begins with")
    void from_the_store() throws Exception {
        String earlier = wholeFlow();
        RunOptions options = RunOptions.builder().outputsFrom(earlier).build();
        String part;
        try (FlowEngine engine = Durable.engine(memory)) {
            ExecutionResult result = ended(engine.executeFromNode(flow(), "sum", PortValues.none(), options));
            part = result.executionId();
            assertThat(result.executionPath()).containsExactly("sum", "text");
            assertThat(result.output("text", String.class)).isEqualTo("5");
        }
        try (FlowEngine engine = Durable.engine(memory)) {
            engine.register(flow());
            ExecutionResult read = ended(engine.find(part).orElseThrow());
            assertThat(read.output("text", String.class)).isEqualTo("5");
            assertThat(read.snapshot().plan().supplied()).containsExactly("t", "twice");
            RunOptions next = RunOptions.builder().outputsFrom(part).build();
            assertThat(ended(engine.executeFromNode(flow(), "sum", PortValues.of("twice", 40), next))
                            .output("text", String.class))
                    .isEqualTo("41");
        }
    }

    @Test
    @DisplayName("where a part stops is kept: an execution that is read again has the scope it had")
    void the_target_is_kept() throws Exception {
        String upTo;
        String before;
        try (FlowEngine engine = Durable.engine(memory)) {
            upTo = ended(engine.executeFromTrigger(
                            flow(), "t", 2, RunOptions.builder().upTo("sum").build()))
                    .executionId();
            before = ended(engine.executeFromTrigger(
                            flow(), "t", 2, RunOptions.builder().before("sum").build()))
                    .executionId();
        }
        try (FlowEngine engine = Durable.engine(memory)) {
            engine.register(flow());
            assertThat(scope(engine, upTo)).isEqualTo("[t, twice, sum]");
            assertThat(scope(engine, before)).isEqualTo("[t, twice]");
        }
    }

    @Test
    @DisplayName("R36 starts with one key that stop elsewhere do not ask for the same")
    void the_target_is_part_of_the_input() {
        RunOptions key = RunOptions.builder().key("k").upTo("sum").build();
        try (FlowEngine engine = Durable.engine(memory)) {
            engine.executeFromTrigger(flow(), "t", 2, key);
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.executeFromTrigger(
                            flow(), "t", 2, key.toBuilder().before("sum").build()))
                    .satisfies(conflict -> assertThat(conflict.kind()).isEqualTo(FailureKind.KEY_CONFLICT));
        }
    }

    private String wholeFlow() throws InterruptedException {
        try (FlowEngine engine = Durable.engine(memory)) {
            return ended(engine.executeFromTrigger(flow(), "t", 2)).executionId();
        }
    }

    private static String scope(FlowEngine engine, String executionId) {
        return engine.find(executionId).orElseThrow().snapshot().plan().scope().toString();
    }

    private static ExecutionResult ended(FlowExecution run) throws InterruptedException {
        return run.await(PATIENCE).orElseThrow();
    }

    /** t goes to twice; both to sum; that to text. */
    private static Flow flow() {
        FlowBuilder f = Flow.builder("sums");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Integer> twice = f.node("twice", t, n -> 2 * n).returns(Integer.class);
        NodeRef<Integer> sum = f.node("sum", twice, t, (a, b) -> a + b - 1).returns(Integer.class);
        f.node("text", sum, String::valueOf).returns(String.class);
        return f.build();
    }
}
