package dev.flowengine.durable;

import static dev.flowengine.testing.ParentAndChild.awaitStatus;
import static dev.flowengine.testing.ParentAndChild.childOf;
import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.FlowEngineBuilder;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.CompensationPolicy;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.node.RunOptions;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.persistence.tck.StoreCall;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S34 S43 what becomes of sub-flows whose parent was about to end when its engine was lost")
@Timeout(240)
class SubflowTakeOverTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Set<StoreCall> WRITES = Set.of(StoreCall.CREATE, StoreCall.APPLY, StoreCall.POST);
    private static final int MOST_WRITES = 6;

    private final List<String> undone = new CopyOnWriteArrayList<>();

    /** Which gives up as soon as there is trouble. */
    private static Flow failingFast(CompletableFuture<String> trouble) {
        FlowBuilder c = Flow.builder("child");
        TriggerRef<String> begin = c.trigger("begin", String.class);
        c.waitForSignal("never", begin, String.class);
        Flow child = c.build();
        FlowBuilder f = Flow.builder("parent").failureMode(FailureMode.FAIL_FAST);
        TriggerRef<String> t = f.trigger("t", String.class);
        f.subflow("ask", t, child, begin);
        f.asyncNode("troubled", t, text -> trouble.copy()).returns(String.class);
        return f.build();
    }

    @Test
    @DisplayName("R1 S22 wherever the engine of one that fails fast is lost, none of its children outlives it")
    void fail_fast() throws Exception {
        for (int write = 1; write <= MOST_WRITES; write++) {
            for (boolean early : new boolean[] {true, false}) {
                crashOfFailure(write, early);
            }
        }
    }

    private static void crashOfFailure(int write, boolean early) throws Exception {
        InMemoryExecutionStore kept = new InMemoryExecutionStore();
        FaultyExecutionStore store = FaultyExecutionStore.of(kept).counting(WRITES);
        CompletableFuture<String> trouble = new CompletableFuture<>();
        FlowEngine lost = Durable.engine(store);
        FlowExecution run = lost.executeFromTrigger(failingFast(trouble), "t", "x");
        FlowExecution child = childOf(lost, run);
        awaitStatus(child, ExecutionStatus.WAITING);
        if (early) {
            store.dieBefore(write);
        } else {
            store.dieAfter(write);
        }
        AtomicBoolean ended = new AtomicBoolean();
        run.completion().thenRun(() -> ended.set(true));
        trouble.completeExceptionally(new IllegalStateException("bad"));
        await().until(() -> store.isDead() || ended.get());
        lost.close(Duration.ZERO);
        kept.advance(Durable.LEASE.multipliedBy(2));
        try (FlowEngine next = Durable.engine(kept)) {
            next.register(failingFast(trouble));
            ExecutionResult end =
                    next.find(run.id()).orElseThrow().await(PATIENCE).orElseThrow();
            assertThat(end.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(end.failure().orElseThrow()).hasMessageContaining("bad");
            await().until(() -> kept.find(child.id()).orElseThrow().state().status() == ExecutionStatus.CANCELLED);
        }
    }

    private Flow undoing() {
        FlowBuilder c = Flow.builder("child").compensate(CompensationPolicy.always());
        TriggerRef<String> begin = c.trigger("begin", String.class);
        NodeRef<String> did = c.node("did", begin, text -> text)
                .returns(String.class)
                .compensate((text, context) -> undone.add("child"));
        c.waitForSignal("never", did, String.class);
        Flow child = c.build();
        FlowBuilder f = Flow.builder("parent").compensate(CompensationPolicy.always());
        TriggerRef<String> t = f.trigger("t", String.class);
        NodeRef<String> before = f.node("before", t, text -> text)
                .returns(String.class)
                .compensate((text, context) -> undone.add("parent"));
        f.subflow("ask", before, child, begin);
        return f.build();
    }

    @Test
    @DisplayName("S27 S26 a timeout that was spent before anybody took the parent over ends both, the child first")
    void timeout_spent_before() throws Exception {
        InMemoryExecutionStore memory = new InMemoryExecutionStore();
        VirtualTime time = new VirtualTime();
        Flow flow = undoing();
        String id;
        String childId;
        try (FlowEngine first = engine(memory, time)) {
            FlowExecution run = first.executeFromTrigger(
                    flow,
                    "t",
                    "x",
                    RunOptions.builder().timeout(Duration.ofHours(1)).build());
            FlowExecution child = childOf(first, run);
            awaitStatus(child, ExecutionStatus.WAITING);
            awaitStatus(run, ExecutionStatus.WAITING);
            id = run.id();
            childId = child.id();
        }
        time.advance(Duration.ofHours(2));
        try (FlowEngine next = engine(memory, time)) {
            next.register(flow);
            ExecutionResult end = next.find(id).orElseThrow().await(PATIENCE).orElseThrow();
            assertThat(end.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(end.failure().orElseThrow().kind()).isEqualTo(FailureKind.EXECUTION_TIMEOUT);
            assertThat(memory.find(childId).orElseThrow().state().status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(undone).containsExactly("child", "parent");
        }
    }

    private static FlowEngine engine(InMemoryExecutionStore memory, VirtualTime time) {
        FlowEngineBuilder builder = time.in(Durable.builder(memory));
        // No lease ends by the virtual time that goes by.
        return builder.lease(Duration.ofDays(30)).build();
    }
}
