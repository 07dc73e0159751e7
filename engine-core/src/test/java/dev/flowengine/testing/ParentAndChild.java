package dev.flowengine.testing;

import static dev.flowengine.testing.Patience.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.SignalRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import java.util.Optional;

/** An execution whose node waits for another one. */
public final class ParentAndChild {
    private ParentAndChild() {}

    /** A flow {@code parent} whose node {@code ask} waits for a child that waits for an answer, and returns that. */
    public static Flow asking() {
        FlowBuilder c = Flow.builder("asking");
        TriggerRef<String> asked = c.trigger("asked", String.class);
        SignalRef<String, String> answer = c.waitForSignal("answer", asked, String.class);
        Flow child = c.build();
        FlowBuilder f = Flow.builder("parent");
        TriggerRef<String> t = f.trigger("t", String.class);
        f.subflow("ask", t, child, asked).returning(answer);
        return f.build();
    }

    /** The child of node {@code ask}, as soon as it can be found. */
    public static FlowExecution childOf(FlowEngine engine, FlowExecution run) {
        return childOf(engine, run, "ask");
    }

    /** The child of a node, as soon as it can be found. */
    public static FlowExecution childOf(FlowEngine engine, FlowExecution run, String node) {
        await().until(() -> child(run, node).flatMap(engine::find).isPresent());
        return child(run, node).flatMap(engine::find).orElseThrow();
    }

    private static Optional<String> child(FlowExecution run, String node) {
        return run.snapshot().node(node).flatMap(NodeState::childExecutionId);
    }

    /** Waits until an execution has a status. */
    public static void awaitStatus(FlowExecution run, ExecutionStatus status) {
        await().until(() -> run.status() == status);
    }
}
