package dev.flowengine.durable;

import static dev.flowengine.testing.ParentAndChild.asking;
import static dev.flowengine.testing.ParentAndChild.awaitStatus;
import static dev.flowengine.testing.ParentAndChild.childOf;
import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.AuditRecord;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.persistence.tck.StoreCall;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S25 S34 pauses of an execution that is kept reach those it waits for, whoever is lost meanwhile")
@Timeout(120)
class SubflowPauseInStoreTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Set<StoreCall> WRITES = Set.of(StoreCall.CREATE, StoreCall.APPLY, StoreCall.POST);
    private static final int MOST_WRITES = 4;

    private static long count(FlowEngine engine, String executionId, String action) {
        return engine.trail(executionId).audit().stream()
                .map(AuditRecord::action)
                .filter(action::equals)
                .count();
    }

    @Test
    @DisplayName("R1 wherever the engine of a parent that is resumed is lost, its child goes on with it")
    void lost_when_resumed() throws Exception {
        for (int write = 1; write <= MOST_WRITES; write++) {
            for (boolean early : new boolean[] {true, false}) {
                new Lost(write, early).when(FlowExecution::resume, ExecutionStatus.WAITING, ExecutionStatus.PAUSED);
            }
        }
    }

    @Test
    @DisplayName("R1 wherever the engine of a parent that is paused is lost, its child stands still with it")
    void lost_when_paused() throws Exception {
        for (int write = 1; write <= MOST_WRITES; write++) {
            for (boolean early : new boolean[] {true, false}) {
                new Lost(write, early).when(FlowExecution::pause, ExecutionStatus.PAUSED, ExecutionStatus.WAITING);
            }
        }
    }

    @Test
    @DisplayName("a child that somebody has paused alone stays so, whoever goes on with its parent")
    void paused_alone() throws Exception {
        InMemoryExecutionStore store = new InMemoryExecutionStore();
        Flow flow = asking();
        String id;
        String childId;
        try (FlowEngine engine = Durable.engine(store)) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", "why");
            FlowExecution child = childOf(engine, run);
            awaitStatus(child, ExecutionStatus.WAITING);
            awaitStatus(run, ExecutionStatus.WAITING);
            run.pause();
            awaitStatus(child, ExecutionStatus.PAUSED);
            run.resume();
            awaitStatus(child, ExecutionStatus.WAITING);
            child.pause();
            awaitStatus(child, ExecutionStatus.PAUSED);
            id = run.id();
            childId = child.id();
        }
        try (FlowEngine next = Durable.engine(store)) {
            next.register(flow);
            await().atMost(PATIENCE).until(() -> next.health().executions() == 2);
            assertThat(count(next, childId, "resume")).isEqualTo(1);
            FlowExecution run = next.find(id).orElseThrow();
            // What is done about children is done in order: once this one has reached it, all before has.
            run.pause();
            run.resume();
            await().atMost(PATIENCE).until(() -> count(next, childId, "resume") > 1);
            assertThat(count(next, childId, "pause")).isEqualTo(3);
            assertThat(count(next, childId, "resume")).isEqualTo(2);
        }
    }

    /** A parent and a child, whose engine is lost with one of the writes after something is asked of the parent. */
    private static final class Lost {
        private final int write;
        private final boolean early;
        private final InMemoryExecutionStore kept = new InMemoryExecutionStore();
        private final FaultyExecutionStore store = FaultyExecutionStore.of(kept).counting(WRITES);

        Lost(int write, boolean early) {
            this.write = write;
            this.early = early;
        }

        void when(Consumer<FlowExecution> asked, ExecutionStatus then, ExecutionStatus before) throws Exception {
            FlowEngine lost = Durable.engine(store);
            FlowExecution run = lost.executeFromTrigger(asking(), "t", "why");
            FlowExecution child = childOf(lost, run);
            awaitStatus(child, ExecutionStatus.WAITING);
            awaitStatus(run, ExecutionStatus.WAITING);
            if (before == ExecutionStatus.PAUSED) {
                run.pause();
                awaitStatus(run, before);
                awaitStatus(child, before);
            }
            if (early) {
                store.dieBefore(write);
            } else {
                store.dieAfter(write);
            }
            asked.accept(run);
            await().atMost(PATIENCE).until(() -> store.isDead() || child.status() == then);
            lost.close(Duration.ZERO);
            kept.advance(Durable.LEASE.multipliedBy(2));
            try (FlowEngine next = Durable.engine(kept)) {
                next.register(asking());
                await().atMost(PATIENCE).until(() -> next.health().executions() == 2);
                check(next.find(run.id()).orElseThrow(), next.find(child.id()).orElseThrow());
            }
        }

        private void check(FlowExecution run, FlowExecution child) throws Exception {
            boolean stands = run.status() == ExecutionStatus.PAUSED || run.status() == ExecutionStatus.PAUSING;
            awaitStatus(child, stands ? ExecutionStatus.PAUSED : ExecutionStatus.WAITING);
            if (stands) {
                run.resume();
            }
            child.signal("answer", "so");
            assertThat(run.await(PATIENCE).orElseThrow().output("ask", String.class))
                    .isEqualTo("so");
        }
    }
}
