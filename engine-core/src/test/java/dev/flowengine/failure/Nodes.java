package dev.flowengine.failure;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.InputPort;
import dev.flowengine.node.ValueBody;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Nodes and flows that fail, and what bodies do until they are let go. */
final class Nodes {
    private Nodes() {}

    static NodeDefinition.Builder node(String id, ValueBody body) {
        return NodeDefinition.builder(id).body(body);
    }

    /** Puts out its id. */
    static NodeDefinition.Builder fine(String id) {
        return node(id, context -> id);
    }

    /** Passes its input on. */
    static NodeDefinition echo(String id) {
        return node(id, context -> context.input()).build();
    }

    /** Fails at every attempt. */
    static NodeDefinition.Builder failing(String id) {
        return node(id, context -> {
            throw new IllegalStateException(id + " failed at attempt " + context.attempt());
        });
    }

    /** Fails until an attempt, which puts out its number. */
    static NodeDefinition.Builder failingUntil(int attempt, String id) {
        return node(id, context -> {
            if (context.attempt() < attempt) {
                throw new IllegalStateException(id + " failed at attempt " + context.attempt());
            }
            return context.attempt();
        });
    }

    /** Takes whatever arrives at its one port into a list. */
    static NodeDefinition.Builder collecting(String id) {
        return node(id, context -> context.input()).inputs(InputPort.collecting("main"));
    }

    /** A trigger {@code t} and nodes in a line behind it. */
    static Flow line(NodeDefinition... nodes) {
        return lineOf(nodes).build();
    }

    static FlowDefinition lineOf(NodeDefinition... nodes) {
        FlowDefinition definition = Flow.definition("line").trigger("t");
        String last = "t";
        for (NodeDefinition node : nodes) {
            definition.add(node).connect(last, node.id());
            last = node.id();
        }
        return definition;
    }

    /** A trigger {@code t} and nodes side by side behind it. */
    static FlowDefinition fanOf(NodeDefinition... nodes) {
        FlowDefinition definition = Flow.definition("fan").trigger("t");
        for (NodeDefinition node : nodes) {
            definition.add(node).connect("t", node.id());
        }
        return definition;
    }

    /** Waits until somebody opens the latch, longer than any test would; an interrupt ends the wait. */
    static void awaitOpen(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(4 * Bench.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("nobody opened the latch");
        }
    }

    /** Waits until somebody opens the latch, whoever interrupts it meanwhile. */
    static void ignoreInterruptsUntil(CountDownLatch latch) {
        boolean open = false;
        while (!open) {
            try {
                awaitOpen(latch);
                open = true;
            } catch (InterruptedException e) {
                // That is the point: a body that does not listen.
            }
        }
    }
}
