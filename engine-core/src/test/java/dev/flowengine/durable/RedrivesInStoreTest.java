package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSummary;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.HistoryQuery;
import dev.flowengine.execution.Redrive;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.LoopRef;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.plan.Rerun;
import dev.flowengine.plan.Rerun.Cause;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S29 executions from a store that are run again with another version of their flow")
@Timeout(60)
class RedrivesInStoreTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final TypeRef<List<Integer>> NUMBERS = new TypeRef<>() {};

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final Queue<String> calls = new ConcurrentLinkedQueue<>();

    @Test
    @DisplayName(
            "nobody has to know the old version: what the store says of its structure is enough to take over what is alike")
    void the_old_version_need_not_be_known() throws Exception {
        String first = failingOnVersion1();
        calls.clear();
        String second;
        try (FlowEngine engine = Durable.engine(memory)) {
            Redrive redrive = engine.redrive(first, flow("2", false, false));
            assertThat(redrive.plan().reused()).containsExactly("t", "each", "total");
            ExecutionResult result = ended(redrive.userId("ann").start());
            second = result.executionId();
            assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(result.output("text", String.class)).isEqualTo("total 12");
            assertThat(calls).containsExactly("check", "text");
        }
        try (FlowEngine engine = Durable.engine(memory)) {
            assertThat(engine.history(HistoryQuery.all().redriveOf(first)).executions())
                    .extracting(ExecutionSummary::executionId)
                    .containsExactly(second);
            assertThat(engine.lineage(second))
                    .extracting(ExecutionSummary::executionId, ExecutionSummary::flowVersion)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple(first, "1"),
                            org.assertj.core.groups.Tuple.tuple(second, "2"));
        }
    }

    @Test
    @DisplayName("what has changed in its structure, in the body of a loop too, runs again with everything downstream")
    void what_has_changed_runs_again() throws Exception {
        String first = failingOnVersion1();
        calls.clear();
        try (FlowEngine engine = Durable.engine(memory)) {
            Redrive redrive = engine.redrive(first, flow("2", false, true));
            assertThat(redrive.plan().reused()).containsExactly("t");
            assertThat(redrive.plan().reasons()).contains(new Rerun("each", Cause.NO_DATA, List.of()));
            ExecutionResult result = ended(redrive.start());
            assertThat(result.output("text", String.class)).isEqualTo("total 12");
        }
        assertThat(calls).containsExactly("twice", "twice", "twice", "total", "check", "text");
    }

    @Test
    @DisplayName(
            "where the old version is known, its outputs are compared and taken over in full; another flow is refused")
    void where_the_old_version_is_known() throws Exception {
        String first = failingOnVersion1();
        try (FlowEngine engine = Durable.engine(memory)) {
            engine.register(flow("1", true, false));
            assertThat(engine.redrive(first, flow("2", false, false)).plan().reused())
                    .containsExactly("t", "each", "total");
            FlowBuilder other = Flow.builder("other");
            other.trigger("t", Integer.class);
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.redrive(first, other.build()))
                    .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_DEFINITION));
        }
    }

    private String failingOnVersion1() throws InterruptedException {
        try (FlowEngine engine = Durable.engine(memory)) {
            ExecutionResult failed = ended(engine.executeFromTrigger(flow("1", true, false), "t", List.of(1, 2, 3)));
            assertThat(failed.status()).isEqualTo(ExecutionStatus.FAILED);
            return failed.executionId();
        }
    }

    private static ExecutionResult ended(FlowExecution run) throws InterruptedException {
        return run.await(PATIENCE).orElseThrow();
    }

    /** A loop, a total, a check that may fail, and a text. */
    private Flow flow(String version, boolean failing, boolean changed) {
        FlowBuilder f = Flow.builder("sums").version(version);
        TriggerRef<List<Integer>> t = f.trigger("t", NUMBERS);
        LoopRef<Integer> each = f.loop("each", t, n -> {
            NodeRef<Integer> twice =
                    f.node("twice", n, v -> called("twice", 2 * v)).returns(Integer.class);
            return changed ? twice.allSuccess() : twice;
        });
        NodeRef<Integer> total = f.node(
                        "total",
                        each,
                        all -> called("total", all.stream().mapToInt(v -> v).sum()))
                .returns(Integer.class);
        NodeRef<Integer> check = f.node("check", total, n -> {
                    if (failing) {
                        throw new IllegalStateException("a fault of version 1");
                    }
                    return called("check", n);
                })
                .returns(Integer.class);
        f.node("text", check, n -> called("text", "total " + n)).returns(String.class);
        return f.build();
    }

    private <T> T called(String id, T value) {
        calls.add(id);
        return value;
    }
}
