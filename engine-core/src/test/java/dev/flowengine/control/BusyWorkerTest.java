package dev.flowengine.control;

import static dev.flowengine.control.Flows.blocking;
import static dev.flowengine.control.Flows.computing;
import static dev.flowengine.control.Flows.line;
import static dev.flowengine.control.Flows.passing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.FlowEngineBuilder;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.Cancellation;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.RunOptions;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S28 R16 what is asked of a run takes effect although its only worker is in the middle of a body")
class BusyWorkerTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Watch watch = new Watch();
    private final VirtualTime time = new VirtualTime();
    private final Gate gate = new Gate();
    private final CountDownLatch atWork = new CountDownLatch(1);

    @AfterEach
    void letGo() {
        gate.open();
    }

    private FlowEngine engine(UnaryOperator<FlowEngineBuilder> settings) {
        return settings.apply(time.in(Engines.builder().workers(1).listener(watch)))
                .build();
    }

    private FlowEngine engine() {
        return engine(builder -> builder);
    }

    /** Computes until it is asked to stop. */
    private NodeDefinition polite(String id) {
        return computing(id, this::computeUntilCancelled);
    }

    private Object computeUntilCancelled(NodeContext context) {
        Cancellation cancellation = context.cancellation();
        atWork.countDown();
        while (!cancellation.isRequested()) {
            Thread.onSpinWait();
        }
        return "stopped";
    }

    private FlowExecution atWork(FlowEngine engine, Flow flow) throws InterruptedException {
        FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
        atWork.await();
        return run;
    }

    @Test
    @DisplayName("S26 a computing body sees its cancellation, and what it then returns counts")
    void a_computing_body_sees_its_cancellation() throws Exception {
        try (FlowEngine engine = engine()) {
            FlowExecution run = atWork(engine, line(polite("a"), passing("b")));
            run.cancel("enough");

            ExecutionResult result = watch.ended(run);
            assertThat(result.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(result.output("a", String.class)).isEqualTo("stopped");
        }
    }

    @Test
    @DisplayName("S26 S27 the grace of a cancel and the timeout of a run end runs whose bodies compute on regardless")
    void runs_end_although_their_bodies_compute_on() {
        try (FlowEngine engine = engine(builder -> builder.cancelGrace(LIMIT))) {
            Flow flow = line(computing("a", gate::clutch), passing("b"));
            FlowExecution slow = engine.executeFromTrigger(
                    flow, "t", 1, RunOptions.builder().timeout(LIMIT).build());
            gate.awaitEntered();
            FlowExecution behind = engine.executeFromTrigger(flow, "t", 1);
            Watch.awaitStatus(behind, ExecutionStatus.RUNNING);
            behind.cancel("not needed");
            assertThat(watch.ended(behind).status()).isEqualTo(ExecutionStatus.CANCELLED);

            time.advance(LIMIT);

            assertThat(watch.ended(slow).failure().orElseThrow().kind()).isEqualTo(FailureKind.EXECUTION_TIMEOUT);
            gate.open();
        }
    }

    @Test
    @DisplayName("S25 a run of which a body computes becomes PAUSING at once")
    void a_pause_is_seen_at_once() {
        try (FlowEngine engine = engine()) {
            FlowExecution run = engine.executeFromTrigger(line(computing("a", gate::clutch), passing("b")), "t", 1);
            gate.awaitEntered();
            run.pause();
            Watch.awaitStatus(run, ExecutionStatus.PAUSING);
            gate.open();
            Watch.awaitStatus(run, ExecutionStatus.PAUSED);
            run.resume();
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("S28 other runs whose bodies need no worker start, go on and end")
    void other_runs_go_on() {
        try (FlowEngine engine = engine()) {
            FlowExecution run = engine.executeFromTrigger(line(computing("a", gate::clutch)), "t", 1);
            gate.awaitEntered();
            for (int i = 0; i < 100; i++) {
                FlowExecution other = engine.executeFromTrigger(line(passing("b"), passing("c")), "t", i);
                assertThat(watch.ended(other).output("c", Integer.class)).isEqualTo(i);
            }
            gate.open();
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("S26 R14 an executor of the host that runs bodies on the thread that calls it takes a worker, no more")
    void an_executor_that_runs_on_its_caller_takes_a_worker() {
        try (FlowEngine engine =
                engine(builder -> builder.bodyExecutor(Runnable::run).cancelGrace(LIMIT))) {
            FlowExecution run = engine.executeFromTrigger(line(blocking("a", gate::clutch), passing("b")), "t", 1);
            gate.awaitEntered();
            run.cancel("enough");
            Watch.awaitStatus(run, ExecutionStatus.CANCELLING);
            time.advance(LIMIT);

            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(Watch.node(run, "a").status()).isEqualTo(NodeStatus.CANCELLED);
            gate.awaitInterrupted();
            gate.open();
            FlowExecution next = engine.executeFromTrigger(line(passing("b")), "t", 1);
            assertThat(watch.ended(next).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("S28 R18 bodies on an executor of the host start and time out although every worker computes")
    void bodies_on_the_hosts_threads_go_on() {
        ExecutorService hosts = Executors.newCachedThreadPool();
        Gate waiting = new Gate();
        try (FlowEngine engine = engine(builder -> builder.bodyExecutor(hosts))) {
            FlowExecution computes = engine.executeFromTrigger(line(computing("a", gate::clutch)), "t", 1);
            gate.awaitEntered();
            FlowExecution other = engine.executeFromTrigger(line(passing("b"), passing("c")), "t", 7);
            assertThat(watch.ended(other).output("c", Integer.class)).isEqualTo(7);
            FlowExecution slow = engine.executeFromTrigger(
                    line(Flows.node("w", waiting::hold).timeout(LIMIT).build()), "t", 1);
            waiting.awaitEntered();
            time.awaitPending(2);
            time.advance(LIMIT);
            assertThat(watch.ended(slow).failure().orElseThrow().kind()).isEqualTo(FailureKind.NODE_TIMEOUT);
            gate.open();
            assertThat(watch.ended(computes).status()).isEqualTo(ExecutionStatus.COMPLETED);
        } finally {
            waiting.open();
            hosts.shutdown();
        }
    }
}
