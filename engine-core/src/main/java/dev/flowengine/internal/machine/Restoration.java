package dev.flowengine.internal.machine;

import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.FailureMode;
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

    /** Restores everything that is known. Returns how many nodes outside of bodies have settled. */
    int restore(RestoredState state, @Nullable Loops loops) {
        state.loops().forEach(this::restore);
        state.nodes().forEach(this::restore);
        int settled = 0;
        for (int node = 0; node < layout.total(); node++) {
            if (layout.loops().isHead(node)) {
                decideBody(node);
            } else if (nodes.status(node).isSettled()) {
                settled += node < layout.size() && !layout.isInBody(node) ? 1 : 0;
                decideDependents(node);
            } else if (layout.isLoop(node) && !layout.loops().isMap(node)) {
                decideBody(node);
            }
        }
        state.nodes().forEach(node -> traceRoot(node.node()));
        if (loops != null) {
            goOnWith(state, loops);
        }
        return settled;
    }

    private void decideBody(int loop) {
        if (nodes.pass(loop) > 0) {
            decidePart(loop, true, true, false);
        }
    }

    private void goOnWith(RestoredState state, Loops loops) {
        state.maps().forEach(loops::restore);
        for (RestoredLoop begun : state.loops()) {
            int map = layout.loops().region(begun.loop()).map();
            NodeStatus status = nodes.status(map < 0 ? begun.loop() : map);
            if (!status.isSettled()) {
                loops.restore(begun.loop(), begun.results(), map < 0 && status == NodeStatus.WAITING);
            } else if (map >= 0) {
                loops.recall(begun.loop());
            }
        }
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
        boolean hasStarted = restored.status().isSettled() || restored.status() == NodeStatus.WAITING;
        if (restored.attempt() > 0 && hasStarted && !layout.isLoop(node)) {
            nodes.pass(node, 1);
        }
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

    /** Records what a settled node means to those that depend on it. */
    void decideDependents(int source) {
        boolean failuresSkip = layout.failureMode() != FailureMode.SKIP_FAILED_BRANCH;
        boolean failed = failuresSkip && nodes.propagatesFailure(source);
        boolean completed = nodes.status(source) == NodeStatus.COMPLETED;
        if (layout.isLoop(source)) {
            leaveBodyOut(source, completed, failed);
            decidePart(source, false, completed, failed);
            return;
        }
        for (int out = layout.firstOut(source); out < layout.firstOut(source + 1); out++) {
            joins.decide(layout.outTarget(out), layout.outSlot(out), completed, failed);
        }
    }

    /** Of a loop that has settled without an iteration, its body was skipped. */
    private void leaveBodyOut(int loop, boolean completed, boolean failed) {
        if (nodes.pass(loop) > 0) {
            return;
        }
        for (int lane : layout.loops().region(loop).lanes()) {
            nodes.settleHead(lane, loop);
            decidePart(lane, true, completed, failed);
        }
        decidePart(loop, true, completed, failed);
    }

    /** Records what a loop means to those that depend on it: to its body, or to all others. */
    void decidePart(int loop, boolean intoBody, boolean completed, boolean failed) {
        int slot = layout.loops().region(loop).slot();
        for (int out = layout.firstOut(loop); out < layout.firstOut(loop + 1); out++) {
            if ((layout.outSlot(out) == slot) == intoBody) {
                joins.decide(layout.outTarget(out), layout.outSlot(out), completed, failed);
            }
        }
    }

    /** Finds out again because of which failure a node was skipped; after all nodes have been restored. */
    void traceRoot(int node) {
        IntList path = new IntList();
        int at = node;
        while (nodes.rootOf(at) < 0 && nodes.propagatesFailure(at)) {
            path.add(at);
            at = layout.loops().isHead(at) ? layout.loops().region(at).map() : joins.failedSource(at);
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

    /** Restores how far a loop had come; before the nodes of its body are. */
    void restore(RestoredLoop restored) {
        nodes.pass(restored.loop(), restored.pass());
        nodes.outputs().fire(layout.loops().region(restored.loop()).slot(), restored.item());
    }

    private void fire(RestoredNode restored, String port) {
        if (layout.isLoop(restored.node()) && port.equals(Ports.LOOP)) {
            // With the item of the last iteration.
            return;
        }
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
