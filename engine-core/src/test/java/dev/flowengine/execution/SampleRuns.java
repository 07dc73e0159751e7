package dev.flowengine.execution;

import static dev.flowengine.testing.Patience.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.graph.Connection;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.RunOptions;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Executions of flows that begin with the trigger {@code start}, and what their blocked nodes wait for. */
final class SampleRuns implements AutoCloseable {
    private final CountDownLatch release = new CountDownLatch(1);
    private final FlowEngine engine;

    SampleRuns() {
        this(Integer.getInteger("flowengine.test.bodyThreads", 8));
    }

    SampleRuns(int bodyThreads) {
        this.engine = FlowEngine.builder()
                .workers(Integer.getInteger("flowengine.test.workers", 2))
                .bodyThreads(bodyThreads)
                .build();
    }

    static FlowDefinition flow() {
        return Flow.definition("f").trigger("start");
    }

    static Connection to(String from, String node, String port) {
        return new Connection(from, "main", node, port);
    }

    FlowEngine engine() {
        return engine;
    }

    CountDownLatch release() {
        return release;
    }

    ExecutionSnapshot ended(FlowDefinition flow) throws InterruptedException {
        return ended(flow, RunOptions.ofDefaults());
    }

    ExecutionSnapshot ended(FlowDefinition flow, RunOptions options) throws InterruptedException {
        return start(flow, options).await().snapshot();
    }

    FlowExecution start(FlowDefinition flow, RunOptions options) {
        return engine.executeFromTrigger(flow.build(), "start", "x", options);
    }

    /** Starts an execution and waits until a node runs and others have completed. */
    FlowExecution started(FlowDefinition flow, String running, String... completed) {
        FlowExecution run = start(flow, RunOptions.ofDefaults());
        await().until(() -> statuses(run.snapshot(), running).equals(List.of(NodeStatus.RUNNING))
                && statuses(run.snapshot(), completed).stream().allMatch(NodeStatus.COMPLETED::equals));
        return run;
    }

    static List<NodeStatus> statuses(ExecutionSnapshot snapshot, String... nodes) {
        return List.of(nodes).stream()
                .map(node -> snapshot.node(node).orElseThrow().status())
                .toList();
    }

    @Override
    public void close() {
        release.countDown();
        engine.close();
    }
}
