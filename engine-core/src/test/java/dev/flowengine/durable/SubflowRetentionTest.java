package dev.flowengine.durable;

import static dev.flowengine.testing.ParentAndChild.awaitStatus;
import static dev.flowengine.testing.ParentAndChild.childOf;
import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.Retention;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S34 S45 executions that have ended and whose parent does not know it yet are not removed")
@Timeout(240)
class SubflowRetentionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final AtomicInteger effects = new AtomicInteger();

    private Flow parent() {
        FlowBuilder c = Flow.builder("child");
        TriggerRef<String> begin = c.trigger("begin", String.class);
        NodeRef<String> did = c.node(
                        "did",
                        c.waitForSignal("go", begin, String.class),
                        text -> text + " " + effects.incrementAndGet())
                .returns(String.class);
        Flow child = c.build();
        FlowBuilder f = Flow.builder("parent");
        TriggerRef<String> t = f.trigger("t", String.class);
        f.subflow("ask", t, child, begin).returning(did);
        return f.build();
    }

    private static Flow other() {
        FlowBuilder f = Flow.builder("other");
        TriggerRef<String> t = f.trigger("t", String.class);
        f.node("n", t, text -> text).returns(String.class);
        return f.build();
    }

    @Test
    @DisplayName("so that whoever goes on with the parent does not do again what the child has done")
    void not_before_its_parent_knows() throws Exception {
        Flow flow = parent();
        String id;
        String childId;
        try (FlowEngine first = Durable.engine(memory)) {
            FlowExecution run = first.executeFromTrigger(flow, "t", "x");
            FlowExecution child = childOf(first, run);
            awaitStatus(child, ExecutionStatus.WAITING);
            awaitStatus(run, ExecutionStatus.WAITING);
            id = run.id();
            childId = child.id();
        }
        String later;
        try (FlowEngine ofChild = Durable.engine(memory)) {
            ofChild.register(flow.subflows().get(0));
            ofChild.signal(childId, "go", "done");
            await().until(() -> memory.find(childId).orElseThrow().state().status() == ExecutionStatus.COMPLETED);
            later = ofChild.executeFromTrigger(other(), "t", "x").await().executionId();
            ofChild.executeFromTrigger(other(), "t", "x").await();
        }
        Retention last = Retention.unlimited().maxCount(1);
        try (FlowEngine removes = Durable.builder(memory).retention(last).build()) {
            await().until(() -> memory.find(later).isEmpty());
            assertThat(memory.find(childId)).isPresent();
            try (FlowEngine next = Durable.engine(memory)) {
                next.register(flow);
                assertThat(next.find(id)
                                .orElseThrow()
                                .await(PATIENCE)
                                .orElseThrow()
                                .output("ask", String.class))
                        .isEqualTo("done 1");
            }
            assertThat(effects).hasValue(1);
            await().alias("now nobody waits for it")
                    .until(() -> memory.find(childId).isEmpty());
            await().until(() -> removes.health().reasons().isEmpty());
        }
    }
}
