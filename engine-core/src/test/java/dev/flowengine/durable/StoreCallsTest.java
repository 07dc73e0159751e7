package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.FlowRecord;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.tck.ForwardingExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("what a store is asked for")
@Timeout(60)
class StoreCallsTest {
    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final AtomicInteger registrations = new AtomicInteger();
    private final AtomicInteger loads = new AtomicInteger();

    @Test
    @DisplayName("a flow that is built anew for each start is registered once; one of another structure is refused")
    void a_flow_is_registered_once() throws Exception {
        try (FlowEngine engine = Durable.engine(counting())) {
            for (int i = 0; i < 5; i++) {
                assertThat(engine.executeFromTrigger(flow(1), "t", "x").await().status())
                        .isEqualTo(ExecutionStatus.COMPLETED);
            }
            assertThat(registrations).hasValue(1);
            assertThatThrownBy(() -> engine.register(flow(2)))
                    .isInstanceOf(FlowException.class)
                    .hasMessageContaining("another structure");
        }
    }

    @Test
    @DisplayName("an execution that goes on elsewhere is found by its row alone")
    void an_execution_is_found_by_its_row() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        FlowBuilder f = Flow.builder("waits");
        TriggerRef<String> t = f.trigger("t", String.class);
        f.node("n", t, text -> {
                    entered.countDown();
                    open.await();
                    return text;
                })
                .returns(String.class);
        Flow flow = f.build();
        try (FlowEngine owner = Durable.engine(memory);
                FlowEngine other = Durable.engine(counting())) {
            String id = owner.executeFromTrigger(flow, "t", "x").id();
            other.register(flow);
            entered.await();

            FlowExecution found = other.find(id).orElseThrow();
            assertThat(found.status()).isEqualTo(ExecutionStatus.RUNNING);
            assertThat(found.flowId()).isEqualTo("waits");
            assertThat(loads).hasValue(0);
            assertThat(found.snapshot().nodes()).hasSize(2);
            assertThat(loads).hasValue(1);
            assertThat(other.find("nobody")).isEmpty();

            open.countDown();
            assertThat(found.await().output("n", String.class)).isEqualTo("x");
            assertThat(other.find(id).orElseThrow().status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    private static Flow flow(int nodes) {
        FlowBuilder f = Flow.builder("orders");
        TriggerRef<String> t = f.trigger("t", String.class);
        for (int i = 0; i < nodes; i++) {
            f.node("n" + i, t, text -> text).returns(String.class);
        }
        return f.build();
    }

    private ExecutionStore counting() {
        return new ForwardingExecutionStore(memory) {
            @Override
            public FlowRecord register(FlowRecord flow) {
                registrations.incrementAndGet();
                return super.register(flow);
            }

            @Override
            public Optional<RunImage> load(String executionId) {
                loads.incrementAndGet();
                return super.load(executionId);
            }
        };
    }
}
