package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.ResumeCheck;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.testing.Engines;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S43 whether an execution can go on with a flow")
@Timeout(60)
class ResumeCheckTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final InMemoryExecutionStore store = new InMemoryExecutionStore();
    private final CountDownLatch open = new CountDownLatch(1);

    @AfterEach
    void end() {
        open.countDown();
    }

    @Test
    @DisplayName("it can with one that is built again alike, also as another engine sees it")
    void alike() throws InterruptedException {
        try (FlowEngine engine = Durable.engine(store);
                FlowEngine other = Durable.engine(store)) {
            FlowExecution run = engine.executeFromTrigger(flow("1", true), "in", "x");
            assertThat(other.canResume(run.id(), flow("1", true)).isPossible()).isTrue();
            assertThat(engine.canResume(run.id(), flow("1", true)).differences())
                    .isEmpty();
            open.countDown();
            assertThat(run.await(PATIENCE)).isPresent();
        }
    }

    @Test
    @DisplayName("what differs is named: version, nodes that are gone, new or of other types, connections")
    void differences() throws InterruptedException {
        FlowBuilder f = Flow.builder("orders").version("2");
        TriggerRef<String> in = f.trigger("in", String.class);
        NodeRef<Integer> length = f.node("wait", in, String::length).returns(Integer.class);
        f.node("ship", in, text -> text).returns(String.class);
        f.node("mail", length, number -> number).returns(Integer.class);
        Flow changed = f.build();
        try (FlowEngine engine = Durable.engine(store)) {
            FlowExecution run = engine.executeFromTrigger(flow("1", true), "in", "x");
            ResumeCheck check = engine.canResume(run.id(), changed);
            assertThat(check.isPossible()).isFalse();
            assertThat(check.differences())
                    .anyMatch(line -> line.contains("version '1'") && line.contains("version '2'"))
                    .anyMatch(line -> line.contains("node 'wait'")
                            && line.contains("java.lang.String")
                            && line.contains("java.lang.Integer"))
                    .anyMatch(line -> line.equals("node 'bill' is gone"))
                    .anyMatch(line -> line.equals("node 'mail' is new"))
                    .anyMatch(line -> line.contains("from 'wait' (main) to 'ship' (main) is gone"))
                    .anyMatch(line -> line.contains("from 'in' (main) to 'ship' (main) is new"));
            open.countDown();
            assertThat(run.await(PATIENCE)).isPresent();
        }
    }

    @Test
    @DisplayName("not with another flow, nor once it has ended; nobody knows of one that is not there")
    void never() throws InterruptedException {
        open.countDown();
        try (FlowEngine engine = Durable.engine(store);
                FlowEngine inMemory = Engines.builder().build()) {
            FlowExecution run = engine.executeFromTrigger(flow("1", true), "in", "x");
            assertThat(run.await(PATIENCE)).isPresent();
            assertThat(engine.canResume(run.id(), flow("1", true)).differences())
                    .singleElement()
                    .asString()
                    .contains("has ended, COMPLETED");
            assertThatThrownBy(() -> engine.canResume("nobody", flow("1", true)))
                    .isInstanceOf(FlowException.class)
                    .hasMessageContaining("nobody");
            assertThatThrownBy(() -> inMemory.canResume("nobody", flow("1", true)))
                    .isInstanceOf(FlowException.class);
        }
    }

    @Test
    @DisplayName("without a store the flow is compared that it runs")
    void in_memory() throws InterruptedException {
        try (FlowEngine engine = Engines.builder().build()) {
            FlowExecution run = engine.executeFromTrigger(flow("1", true), "in", "x");
            assertThat(engine.canResume(run.id(), flow("1", true)).isPossible()).isTrue();
            assertThat(engine.canResume(run.id(), flow("1", false)).differences())
                    .anyMatch(line -> line.equals("node 'bill' is gone"));
            open.countDown();
            assertThat(run.await(PATIENCE)).isPresent();
            assertThat(engine.canResume(run.id(), flow("1", true)).isPossible()).isFalse();
        }
    }

    private Flow flow(String version, boolean bills) {
        FlowBuilder f = Flow.builder("orders").version(version);
        TriggerRef<String> in = f.trigger("in", String.class);
        NodeRef<String> waits = f.node("wait", in, text -> {
                    open.await();
                    return text;
                })
                .returns(String.class);
        f.node("ship", waits, text -> text).returns(String.class);
        if (bills) {
            f.node("bill", waits, text -> text).returns(String.class);
        }
        return f.build();
    }
}
