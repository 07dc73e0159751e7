package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionSummary;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.HistoryQuery;
import dev.flowengine.execution.Retention;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.RunInput;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunState;
import dev.flowengine.persistence.Standing;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.Hold;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.persistence.tck.StoreCall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S45 R31 ended executions are removed by age and by count, each outcome for itself")
@Timeout(60)
class RetentionTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final CompletableFuture<Integer> released = new CompletableFuture<>();

    @AfterEach
    void release() {
        released.complete(1);
    }

    @Test
    @DisplayName("by age: those of the outcome that ended so long ago, and no others")
    void by_age() throws Exception {
        Retention limits = Retention.unlimited().maxAge(DAY.multipliedBy(10)).maxAge(ExecutionStatus.COMPLETED, DAY);
        String failed;
        try (FlowEngine engine = engine(memory, limits)) {
            failed = end(engine.executeFromTrigger(flow(), "t", -1));
            for (int i = 0; i < 3; i++) {
                end(engine.executeFromTrigger(flow(), "t", 1));
            }
            String open = engine.executeFromTrigger(flow(), "t", 0).id();
            memory.advance(DAY.plusHours(1));
            await().until(() -> size() == 2);
            assertThat(ids(engine)).containsExactlyInAnyOrder(failed, open);
            released.complete(1);
            end(engine.find(open).orElseThrow());
            await("by the clock of the store it ended long ago").until(() -> size() == 1);
        }
        try (FlowEngine engine = engine(memory, Retention.unlimited().maxAge(DAY.multipliedBy(1_000)))) {
            assertThat(ids(engine)).containsExactly(failed);
            memory.advance(DAY.multipliedBy(1_001));
            await().until(() -> size() == 0);
        }
    }

    @Test
    @DisplayName("by count: those of each outcome that ended last are kept, and all that go on")
    void by_count() throws Exception {
        List<String> completed = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        FlowEngine earlier = Durable.engine(memory);
        String open = earlier.executeFromTrigger(flow(), "t", 0).id();
        for (int i = 0; i < 5; i++) {
            completed.add(end(earlier.executeFromTrigger(flow(), "t", 1)));
            failed.add(end(earlier.executeFromTrigger(flow(), "t", -1)));
        }
        earlier.close(Duration.ZERO);
        assertThat(size()).as("without a limit").isEqualTo(11);
        Retention retention = Retention.unlimited().maxCount(1).maxCount(ExecutionStatus.COMPLETED, 2);
        try (FlowEngine engine = engine(memory, retention)) {
            await().until(() -> size() == 4);
            assertThat(ids(engine)).containsExactlyInAnyOrder(open, completed.get(3), completed.get(4), failed.get(4));
        }
    }

    @Test
    @DisplayName("a thousand and more go one bounded call after the other, also if calls fail in between")
    void in_bounded_calls() {
        Instant now = memory.now();
        for (int i = 0; i < 1_203; i++) {
            ended("r" + i, now);
        }
        FaultyExecutionStore store = FaultyExecutionStore.of(memory).counting(Set.of(StoreCall.PURGE));
        store.failBefore(2);
        store.failAfter(3);
        store.failBefore(4);
        try (FlowEngine engine = engine(store, Retention.unlimited().maxCount(ExecutionStatus.COMPLETED, 3))) {
            await().until(() -> size() == 3);
            assertThat(store.writes()).isGreaterThan(5);
            await("what is repeated and answered")
                    .until(() -> engine.health().reasons().stream()
                            .noneMatch(reason -> reason.contains("cannot be removed")));
        }
    }

    @Test
    @DisplayName("while a call stands still, executions are taken over and end all the same")
    void recovery_does_not_wait() throws Exception {
        Instant now = memory.now();
        ended("old", now);
        FlowEngine lost = Durable.engine(memory);
        String left = lost.executeFromTrigger(flow(), "t", 0).id();
        lost.close(Duration.ZERO);
        released.complete(1);
        FaultyExecutionStore store = FaultyExecutionStore.of(memory).counting(Set.of(StoreCall.PURGE));
        Hold hold = store.holdBefore(1);
        try (FlowEngine engine = engine(store, Retention.unlimited().maxCount(ExecutionStatus.COMPLETED, 1))) {
            hold.awaitReached();
            engine.register(flow());
            assertThat(engine.find(left).orElseThrow().await().status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(size()).isEqualTo(2);
            hold.release();
            await().until(() -> size() == 1);
            assertThat(ids(engine)).containsExactly(left);
        } finally {
            hold.release();
        }
    }

    @Test
    @DisplayName("limits that make no sense are refused, and the strangest age removes nothing")
    void limits_make_sense() {
        Retention none = Retention.unlimited();
        assertThatIllegalArgumentException().isThrownBy(() -> none.maxAge(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> none.maxCount(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> none.maxCount(ExecutionStatus.RUNNING, 1))
                .withMessageContaining("RUNNING is not terminal");
        assertThat(none.maxAge(DAY).ageOf(ExecutionStatus.PARTIAL)).contains(DAY);
        assertThat(none.maxAge(DAY)
                        .maxAge(ExecutionStatus.FAILED, DAY.plusDays(1))
                        .ageOf(ExecutionStatus.FAILED))
                .contains(DAY.plusDays(1));
        assertThat(none.ageOf(ExecutionStatus.FAILED)).isEmpty();
        assertThat(none.maxCount(3).countOf(ExecutionStatus.CANCELLED)).hasValue(3);

        ended("old", memory.now());
        ended("failing", memory.now());
        Retention endless = none.maxAge(Duration.ofSeconds(Long.MAX_VALUE)).maxCount(ExecutionStatus.COMPLETED, 1);
        try (FlowEngine engine = engine(memory, endless)) {
            await().until(() -> size() == 1);
            assertThat(engine.health().reasons()).isEmpty();
        }
    }

    private static FlowEngine engine(ExecutionStore store, Retention retention) {
        return Durable.builder(store).retention(retention).build();
    }

    private int size() {
        return memory.query(RunQuery.all(10_000)).runs().size();
    }

    private static List<String> ids(FlowEngine engine) {
        return engine.history(HistoryQuery.all()).executions().stream()
                .map(ExecutionSummary::executionId)
                .toList();
    }

    private static String end(FlowExecution run) throws InterruptedException {
        return run.await().executionId();
    }

    /** An execution of some other application, which has ended. */
    private void ended(String id, Instant at) {
        RunHeader header = RunHeader.of(id, new FlowKey("other", "1"), "t", at).build();
        RunState open = RunState.open(ExecutionStatus.RUNNING, Optional.of(at));
        memory.create(NewRun.owned(header, RunInput.NONE, open, "somebody"));
        memory.apply(RunBatch.of(id, 1, 1)
                .state(open.ended(ExecutionStatus.COMPLETED, at))
                .standing(Standing.ended())
                .build());
    }

    /** Fails below zero, and waits at zero. */
    private Flow flow() {
        FlowBuilder f = Flow.builder("f");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        f.asyncNode("n", t, value -> {
                    if (value < 0) {
                        throw new IllegalArgumentException("will not take " + value);
                    }
                    // A copy for each: an engine that lets go of an execution cancels what it waits for.
                    return value == 0 ? released.copy() : CompletableFuture.completedStage(value);
                })
                .returns(Integer.class);
        return f.build();
    }
}
