package dev.flowengine.durable;

import static dev.flowengine.testing.ParentAndChild.asking;
import static dev.flowengine.testing.ParentAndChild.awaitStatus;
import static dev.flowengine.testing.ParentAndChild.childOf;
import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.extension.Timer;
import dev.flowengine.flow.Flow;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.Hold;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.persistence.tck.StoreCall;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S34 sub-flows of executions that are kept, when the store, a timer or somebody else gets in the way")
@Timeout(120)
class SubflowStoreTroubleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();

    @Test
    @DisplayName("S35 a signal to a child that is known here and not in the store yet is not lost")
    void signal_before_it_is_kept() throws Exception {
        FaultyExecutionStore store = FaultyExecutionStore.of(memory).counting(Set.of(StoreCall.CREATE, StoreCall.POST));
        Hold created = store.holdBefore(2);
        Hold posted = store.holdAfter(3);
        try (FlowEngine engine = Durable.engine(store)) {
            FlowExecution run = engine.executeFromTrigger(asking(), "t", "why");
            created.awaitReached();
            FlowExecution child = childOf(engine, run);
            CompletableFuture<ExecutionStatus> sent = CompletableFuture.supplyAsync(() -> child.signal("answer", "so"));
            posted.awaitReached();
            created.release();
            posted.release();
            sent.join();
            assertThat(run.await(PATIENCE).orElseThrow().output("ask", String.class))
                    .isEqualTo("so");
        }
    }

    @Test
    @DisplayName("the name of the signal that engines send each other is refused to hosts, wherever the execution is")
    void reserved_signal() {
        try (FlowEngine engine = Durable.engine(memory);
                FlowEngine other = Durable.engine(memory)) {
            FlowExecution run = engine.executeFromTrigger(asking(), "t", "why");
            awaitStatus(run, ExecutionStatus.WAITING);
            assertThatThrownBy(() -> other.signal(run.id(), "flowengine.child-ended", null))
                    .asInstanceOf(InstanceOfAssertFactories.type(FlowException.class))
                    .satisfies(refusal -> {
                        assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_DEFINITION);
                        assertThat(refusal).hasMessageContainingAll("'flowengine.child-ended'", "engine's own");
                    });
        }
    }

    private static Timer timer(AtomicBoolean broken) {
        VirtualTime time = new VirtualTime();
        return (delay, task) -> {
            if (broken.get()) {
                throw new RejectedExecutionException("no more timers");
            }
            return time.schedule(delay, task);
        };
    }

    @Test
    @DisplayName("R22 a timer that cannot be set to try the store again ends the parent, and holds nothing up")
    void broken_timer() throws Exception {
        Flow flow = asking();
        String id;
        try (FlowEngine first = Durable.engine(memory)) {
            FlowExecution run = first.executeFromTrigger(flow, "t", "why");
            awaitStatus(childOf(first, run), ExecutionStatus.WAITING);
            awaitStatus(run, ExecutionStatus.WAITING);
            id = run.id();
        }
        AtomicBoolean broken = new AtomicBoolean();
        // Of what the pause needs, only this is done at no other time, too.
        FaultyExecutionStore store = FaultyExecutionStore.of(memory).counting(Set.of(StoreCall.POST));
        // It hears of what others ask when it renews its lease.
        try (FlowEngine ofChild =
                Durable.builder(memory).lease(Duration.ofSeconds(15)).build()) {
            ofChild.register(flow.subflows().get(0));
            await().atMost(PATIENCE).until(() -> ofChild.health().executions() == 1);
            try (FlowEngine ofParent = Durable.builder(store)
                    .timer(timer(broken))
                    .sweepInterval(Duration.ofHours(1))
                    .build()) {
                ofParent.register(flow);
                FlowExecution run = ofParent.find(id).orElseThrow();
                awaitStatus(run, ExecutionStatus.WAITING);
                await().atMost(PATIENCE).until(() -> ofParent.health().executions() == 1);
                FlowExecution here = ofParent.find(id).orElseThrow();
                broken.set(true);
                store.failBefore(1);
                here.pause();
                ExecutionResult end = here.await(PATIENCE).orElseThrow();
                assertThat(end.status()).isEqualTo(ExecutionStatus.FAILED);
                assertThat(end.failure().orElseThrow().kind()).isEqualTo(FailureKind.INVALID_FLOW_STATE);
                assertThat(end.failure().orElseThrow())
                        .hasMessageContainingAll("timer could not be set", "no more timers");
                // What is asked of its children from then on is done.
                await().atMost(PATIENCE).until(() -> ofChild.health().executions() == 0);
            }
        }
    }
}
