package dev.flowengine.internal.machine;

import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.graph.Ports;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.WaitingBody;
import org.jspecify.annotations.Nullable;

/**
 * Puts nodes back into the state in which they were left. Nothing is decided anew: what was written at once was decided
 * at once, so every node was left either undecided or with everything that follows from it.
 */
final class Restoration {
    private final PlanLayout layout;
    private final RunInputs inputs;
    private final NodeTable nodes;
    private final JoinTable joins;
    private final InputReader reader;

    Restoration(PlanLayout layout, RunInputs inputs, NodeTable nodes, JoinTable joins) {
        this.layout = layout;
        this.inputs = inputs;
        this.nodes = nodes;
        this.joins = joins;
        this.reader = new InputReader(layout, nodes, inputs);
    }

    /** Restores what is known of a node; what it took from others must have been restored before. */
    void restore(RestoredNode restored) {
        int node = restored.node();
        NodeFailure failure = restored.failure();
        if (failure != null) {
            nodes.failure(node, failure);
        }
        int[] decidedBy = restored.decidedBy();
        if (decidedBy != null) {
            nodes.decidedBy(node, decidedBy);
        }
        nodes.restore(node, restored.status(), attemptsBefore(restored));
        switch (restored.status()) {
            case COMPLETED -> restored.fired().forEach(port -> fire(restored, port));
            case FAILED -> nodes.root(node, node);
            case SKIPPED -> {
                if (restored.skipReason() != null) {
                    nodes.skippedFor(node, restored.skipReason());
                }
            }
            default -> {
                // Nothing else is known of a node that has not settled, or was cancelled.
            }
        }
    }

    /** Finds out again because of which failure a node was skipped; after all nodes have been restored. */
    void traceRoot(int node) {
        IntList path = new IntList();
        int at = node;
        while (nodes.rootOf(at) < 0 && nodes.propagatesFailure(at)) {
            path.add(at);
            at = joins.failedSource(at);
        }
        for (int i = 0; i < path.size(); i++) {
            nodes.root(path.get(i), nodes.rootOf(at));
        }
    }

    /** Of a node that waits, the table counts the attempt before. */
    private static int attemptsBefore(RestoredNode restored) {
        boolean backsOff = restored.status() == NodeStatus.WAITING && restored.suspension() == null;
        int before = restored.attempt() - (backsOff ? 2 : 1);
        return Math.max(0, before);
    }

    private void fire(RestoredNode restored, String port) {
        int slot = layout.slot(restored.node(), port);
        if (slot < 0) {
            throw new IllegalStateException(
                    "node '" + id(restored.node()) + "' has fired a port '" + port + "', which it does not have");
        }
        boolean kept = restored.outputs().asMap().containsKey(port);
        nodes.outputs().fire(slot, kept ? restored.outputs().asMap().get(port) : foundAgain(restored, port));
    }

    /** What a node fired that no body of its has made. */
    private @Nullable Object foundAgain(RestoredNode restored, String port) {
        int node = restored.node();
        PortValues pinned = inputs.pins().get(node);
        if (pinned != null) {
            return pinned.asMap().get(port);
        }
        if (layout.definition(node).isDisabled()) {
            return layout.definition(node)
                    .disabledOutput()
                    .map(output -> new InputReader.Delivered(output.value()))
                    .orElseGet(() -> reader.firstLive(node))
                    .value();
        }
        if (layout.hasNoBody(node)) {
            return inputs.triggerData();
        }
        if (restored.failure() == null && layout.definition(node).body().orElse(null) instanceof WaitingBody) {
            return reader.firstLive(node).value();
        }
        return handled(restored, port);
    }

    private @Nullable Object handled(RestoredNode restored, String port) {
        int node = restored.node();
        NodeFailure failure = restored.failure();
        ErrorHandling handling = layout.policy(node).errorHandling();
        if (failure != null && port.equals(Ports.ERROR)) {
            FlowError error = failure.error();
            return error.withInput(reader.inputOf(node));
        }
        if (failure != null && handling instanceof ErrorHandling.Continue) {
            return failure.error();
        }
        if (failure != null && handling instanceof ErrorHandling.Fallback fallback) {
            return fallback.value();
        }
        throw new IllegalStateException("nothing is kept of what node '" + id(node) + "' fired at port '" + port + "'");
    }

    private String id(int node) {
        return layout.definition(node).id();
    }
}
