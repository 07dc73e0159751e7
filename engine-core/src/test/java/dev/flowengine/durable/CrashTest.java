package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.crash.Crashes;
import dev.flowengine.execution.Durability;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSnapshot;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.BranchRef;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.FlowError;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.persistence.tck.StoreCall;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("R1 R2 S41 wherever an engine is lost, another one ends its executions as it would have")
@Timeout(120)
class CrashTest {
    private static final Set<StoreCall> WRITES = Set.of(StoreCall.CREATE, StoreCall.APPLY);

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();

    @ParameterizedTest
    @EnumSource
    @DisplayName("before and after each write: branches, a retry, an error output, a failure")
    void at_every_write(Durability durability) throws Exception {
        Flow flow = flow();
        FaultyExecutionStore counted =
                FaultyExecutionStore.of(new InMemoryExecutionStore()).counting(WRITES);
        Map<String, String> expected = unhindered(counted, flow, durability);
        long writes = counted.writes();
        assertThat(writes).isGreaterThan(5);
        assertThat(expected).containsEntry("sum", "COMPLETED").containsEntry("bad", "FAILED");

        int unkept = 0;
        for (int write = 1; write <= writes; write++) {
            for (boolean before : new boolean[] {true, false}) {
                Optional<ExecutionResult> end = crash(flow, write, before, durability);
                unkept += end.isEmpty() ? 1 : 0;
                end.ifPresent(result -> assertThat(states(result)).isEqualTo(expected));
            }
        }
        assertThat(unkept).as("lost before they were kept").isEqualTo(1);
    }

    private static Map<String, String> unhindered(FaultyExecutionStore store, Flow flow, Durability durability)
            throws Exception {
        try (FlowEngine engine = Durable.builder(store).durability(durability).build()) {
            return states(engine.executeFromTrigger(flow, "t", 4).await());
        }
    }

    /** How an execution ends whose engine was cut off from its store; empty if that was before it was kept. */
    private Optional<ExecutionResult> crash(Flow flow, int write, boolean before, Durability durability)
            throws Exception {
        InMemoryExecutionStore memory = new InMemoryExecutionStore();
        FaultyExecutionStore store = FaultyExecutionStore.of(memory).counting(WRITES);
        if (before) {
            store.dieBefore(write);
        } else {
            store.dieAfter(write);
        }
        FlowEngine lost = Durable.builder(store).durability(durability).build();
        Crashes.lose(lost, store, engine -> engine.executeFromTrigger(flow, "t", 4));
        memory.advance(Durable.LEASE.multipliedBy(2));
        List<RunRecord> kept = memory.query(RunQuery.all(1)).runs();
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        try (FlowEngine next = Durable.engine(memory)) {
            next.register(flow);
            FlowExecution run = next.find(kept.get(0).executionId()).orElseThrow();
            return Optional.of(run.await(PATIENCE)
                    .orElseThrow(() -> new AssertionError("write " + write + ": " + states(run.snapshot()))));
        }
    }

    private static Map<String, String> states(ExecutionResult result) {
        Map<String, String> states = states(result.snapshot());
        states.put("sum of", String.valueOf(result.output("sum", Integer.class)));
        return states;
    }

    private static Map<String, String> states(ExecutionSnapshot snapshot) {
        Map<String, String> states = new TreeMap<>();
        snapshot.nodes().forEach(node -> states.put(node.nodeId(), node.status().name()));
        states.put("", snapshot.status().name());
        return states;
    }

    private Flow flow() {
        FlowBuilder f = Flow.builder("crash");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Integer> twice = f.node("twice", t, n -> 2 * n).returns(Integer.class);
        NodeRef<Integer> shaky = f.node("shaky", twice, n -> {
                    if (calls.computeIfAbsent("shaky", any -> new AtomicInteger())
                                            .incrementAndGet()
                                    % 2
                            == 1) {
                        throw new IllegalStateException("not yet");
                    }
                    return n + 1;
                })
                .returns(Integer.class)
                .retry(RetryPolicy.fixed(Duration.ofMillis(1)).maxAttempts(5));
        BranchRef<Integer> size =
                f.branch("size", twice).when("big", n -> n > 100).otherwise("small");
        NodeRef<Integer> big = f.node("big", size.on("big"), n -> n).returns(Integer.class);
        NodeRef<Integer> small = f.node("small", size.on("small"), n -> -n).returns(Integer.class);
        NodeRef<Integer> either = f.merge("either", big, small);
        NodeRef<Integer> handled = f.node("handled", t, n -> failing(n)).returns(Integer.class);
        NodeRef<String> told = f.node("told", handled.error(), (FlowError error) -> error.summary() + error.input())
                .returns(String.class);
        f.node("bad", either, n -> failing(n)).returns(Integer.class);
        f.node("sum", shaky, either, told, (a, b, c) -> a + b + c.length()).returns(Integer.class);
        return f.build();
    }

    private static Integer failing(Integer value) {
        throw new IllegalArgumentException("will not take " + value);
    }
}
