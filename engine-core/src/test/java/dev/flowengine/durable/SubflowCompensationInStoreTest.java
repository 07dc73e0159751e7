package dev.flowengine.durable;

import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.CompensationState;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.CompensationPolicy;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S26 S34 S43 executions that are kept undo what they have done after their children, wherever those are")
@Timeout(240)
class SubflowCompensationInStoreTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** With each third of it an engine hears what others want of its executions: here, not before it gives them back. */
    private static final Duration LEASE = Duration.ofHours(3);

    private static final Duration GRACE = Duration.ofMillis(10);

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final List<String> undone = new CopyOnWriteArrayList<>();
    private final CountDownLatch undoing = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void open() {
        gate.countDown();
    }

    @Test
    @DisplayName(
            "also after one in another engine that does not hear of the cancel before the grace is over, and also by"
                    + " whoever takes over the parent meanwhile")
    void a_child_that_hears_late() throws Exception {
        Flow flow = nested(CompensationPolicy.always(), CompensationPolicy.always());
        Flow child = flow.subflows().get(0);
        String id = left(flow);
        try (FlowEngine ofChild = owner(child)) {
            try (FlowEngine ofParent = owner(flow)) {
                cancelled(ofParent, id);
                pass(ofParent);
                assertThat(child().state().status()).isEqualTo(ExecutionStatus.WAITING);
                assertThat(undone).isEmpty();
            }
            try (FlowEngine next = owner(flow)) {
                pass(next);
                FlowExecution run = next.find(id).orElseThrow();
                assertThat(run.status()).isEqualTo(ExecutionStatus.COMPENSATING);
                assertThat(undone).isEmpty();
                next.register(child);
                ofChild.close(PATIENCE);
                assertThat(undoing.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
                assertThat(undone).isEmpty();
                gate.countDown();
                assertThat(end(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
                assertThat(undone).containsExactly("inner", "outer");
            }
        }
    }

    @Test
    @DisplayName("one that can undo nothing is waited for no longer than the grace")
    void a_child_that_can_undo_nothing() throws Exception {
        Flow flow = nested(CompensationPolicy.none(), CompensationPolicy.always());
        String id = left(flow);
        try (FlowEngine ofChild = owner(flow.subflows().get(0));
                FlowEngine ofParent = owner(flow)) {
            ExecutionResult end = end(cancelled(ofParent, id));
            assertThat(end.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(undone).containsExactly("outer");
            assertThat(child().state().status()).isEqualTo(ExecutionStatus.WAITING);
            assertThat(ofChild.health().executions()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName(
            "one that may undo something is waited for no longer than the parent may take to undo what it did itself")
    void a_child_that_never_hears() throws Exception {
        Flow flow =
                nested(CompensationPolicy.always(), CompensationPolicy.always().timeout(Duration.ofMillis(500)));
        String id = left(flow);
        try (FlowEngine ofChild = owner(flow.subflows().get(0));
                FlowEngine ofParent = owner(flow)) {
            ExecutionResult end = end(cancelled(ofParent, id));
            assertThat(end.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(end.compensations())
                    .extracting(CompensationState::nodeId)
                    .containsExactly("before");
            assertThat(child().state().status()).isEqualTo(ExecutionStatus.WAITING);
            assertThat(ofChild.health().executions()).isEqualTo(1);
        }
    }

    /** A parent that has done something before its child, which has done something, and waits. */
    private Flow nested(CompensationPolicy ofChild, CompensationPolicy ofParent) {
        FlowBuilder c = Flow.builder("inner").compensate(ofChild);
        TriggerRef<String> begin = c.trigger("begin", String.class);
        NodeRef<String> did = c.node("did", begin, text -> text)
                .returns(String.class)
                .compensate((text, context) -> {
                    undoing.countDown();
                    gate.await();
                    undone.add("inner");
                });
        c.waitForSignal("never", did, String.class);
        Flow child = c.build();
        FlowBuilder f = Flow.builder("outer").compensate(ofParent);
        TriggerRef<String> t = f.trigger("t", String.class);
        NodeRef<String> before = f.node("before", t, text -> text)
                .returns(String.class)
                .compensate((text, context) -> undone.add("outer"));
        f.subflow("child", before, child, begin);
        return f.build();
    }

    /** The id of an execution that waits for its child, and which nobody has any more, nor the child. */
    private String left(Flow flow) {
        try (FlowEngine first = Durable.engine(memory)) {
            FlowExecution run = first.executeFromTrigger(flow, "t", "x");
            await().until(() -> run.status() == ExecutionStatus.WAITING);
            await().until(() -> memory.query(RunQuery.all(1).flow("inner")).runs().stream()
                    .anyMatch(child -> child.state().status() == ExecutionStatus.WAITING));
            return run.id();
        }
    }

    /** An engine that has taken over the execution of a flow. */
    private FlowEngine owner(Flow flow) {
        FlowEngine engine = Durable.builder(memory)
                .lease(LEASE)
                .cancelGrace(GRACE)
                .offloadAfter(Duration.ZERO)
                .build();
        engine.register(flow);
        await().until(() -> engine.health().executions() == 1);
        return engine;
    }

    private static FlowExecution cancelled(FlowEngine engine, String id) {
        FlowExecution run = engine.find(id).orElseThrow();
        run.cancel("no longer needed");
        await().until(() ->
                run.status() == ExecutionStatus.COMPENSATING || run.status().isTerminal());
        return run;
    }

    /** Has the timer of an engine go on for much longer than the grace. */
    private static void pass(FlowEngine engine) throws InterruptedException {
        FlowBuilder f = Flow.builder("a while");
        f.waitFor("wait", f.trigger("t", String.class), GRACE.multipliedBy(40));
        assertThat(end(engine.executeFromTrigger(f.build(), "t", "x")).status()).isEqualTo(ExecutionStatus.COMPLETED);
    }

    private static ExecutionResult end(FlowExecution run) throws InterruptedException {
        return run.await(PATIENCE)
                .orElseThrow(() -> new AssertionError(
                        "still " + run.status() + run.snapshot().nodes()));
    }

    private RunRecord child() {
        return memory.query(RunQuery.all(1).flow("inner")).runs().get(0);
    }
}
