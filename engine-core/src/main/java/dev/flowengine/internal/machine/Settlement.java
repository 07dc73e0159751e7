package dev.flowengine.internal.machine;

import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import dev.flowengine.node.PortValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides nodes: which become ready, which are skipped, and what a settled one means to those that depend on it.
 *
 * <p>A node's join is judged when a dependency of it is decided, never by looking around: settling a node costs as much
 * as it has dependents. Settled nodes wait in a list to be propagated, so that no chain, however long, deepens the stack.
 */
final class Settlement {
    private static final int NONE = -1;

    private final PlanLayout layout;
    private final RunInputs inputs;
    private final Effects effects;
    private final StartLog startLog;
    private final NodeTable nodes;
    private final JoinTable joins;
    private final IntList moreSettled = new IntList();
    private final boolean pins;
    private int unsettled;
    private int inFlight;
    private boolean held;
    private int settled = NONE;

    Settlement(PlanLayout layout, RunInputs inputs, Effects effects, StartLog startLog) {
        this.layout = layout;
        this.inputs = inputs;
        this.effects = effects;
        this.startLog = startLog;
        this.nodes = new NodeTable(layout);
        this.joins = new JoinTable(layout, nodes);
        this.unsettled = layout.size();
        this.pins = !inputs.pins().isEmpty();
    }

    NodeTable nodes() {
        return nodes;
    }

    /** Whether attempts are out: nodes to be started, started, or waiting for a thread. */
    boolean isInFlight() {
        return inFlight > 0;
    }

    boolean isComplete() {
        return unsettled == 0;
    }

    /** Settles what is given, and makes the first node ready. */
    void begin() {
        for (int node = layout.size(); node < layout.total(); node++) {
            nodes.supply(node);
            firePorts(node, inputs.supplied().getOrDefault(node, PortValues.none()));
            addSettled(node);
        }
        begin(layout.startNode());
        propagateAll();
    }

    void started(int node) {
        if (nodes.status(node) == NodeStatus.QUEUED) {
            change(node, NodeStatus.RUNNING);
        }
    }

    void completed(int node, @Nullable Object value) {
        inFlight--;
        complete(node, value);
        propagateAll();
    }

    void emitted(int node, PortValues values) {
        inFlight--;
        completeWith(node, values);
        propagateAll();
    }

    void failed(int node, NodeFailure failure) {
        inFlight--;
        nodes.fail(node, failure);
        settle(node, NodeStatus.FAILED);
        propagateAll();
    }

    void withdrawn(int node) {
        inFlight--;
    }

    /** From now on no node starts, not even those that were to be. */
    void hold() {
        held = true;
        inFlight -= effects.starts() + startLog.queue().hold();
        effects.started();
    }

    /** Cancels every node that is not settled. */
    void cancelOpen() {
        startLog.queue().hold();
        settled = NONE;
        moreSettled.clear();
        for (int node = 0; node < layout.size(); node++) {
            if (!nodes.status(node).isSettled()) {
                change(node, NodeStatus.CANCELLED);
                unsettled--;
            }
        }
    }

    /** The ids of the nodes that are not settled. */
    List<String> openNodes() {
        List<String> open = new ArrayList<>();
        for (int node = 0; node < layout.size(); node++) {
            if (!nodes.status(node).isSettled()) {
                open.add(layout.definition(node).id());
            }
        }
        return open;
    }

    private void begin(int node) {
        PortValues given = inputs.startInput();
        if (given == null || inputs.pins().containsKey(node) || hasRequired(node, given)) {
            ready(node);
        } else {
            skip(node, SkipReason.MISSING_INPUT);
        }
    }

    private boolean hasRequired(int node, PortValues given) {
        return layout.definition(node).shape().inputs().stream()
                .allMatch(port -> !port.required() || given.asMap().containsKey(port.name()));
    }

    private void ready(int node) {
        change(node, NodeStatus.QUEUED);
        if (held) {
            return;
        }
        if (needsNoBody(node)) {
            completeWithoutBody(node);
        } else {
            inFlight++;
            effects.addStart(node);
        }
    }

    private boolean needsNoBody(int node) {
        return layout.hasNoBody(node) || (pins && inputs.pins().containsKey(node));
    }

    private void completeWithoutBody(int node) {
        startLog.record(node);
        PortValues pinned = inputs.pins().get(node);
        if (pinned != null) {
            completeWith(node, pinned);
        } else if (layout.definition(node).isDisabled()) {
            complete(node, valueWhileDisabled(node));
        } else {
            complete(node, inputs.triggerData());
        }
    }

    private @Nullable Object valueWhileDisabled(int node) {
        return layout.definition(node)
                .disabledOutput()
                .map(output -> new InputReader.Delivered(output.value()))
                .orElseGet(() -> new InputReader(layout, nodes, inputs.startInput()).firstLive(node))
                .value();
    }

    private void complete(int node, @Nullable Object value) {
        int slot = layout.firstSlot(node);
        if (slot < layout.firstSlot(node + 1)) {
            nodes.outputs().fire(slot, value);
        }
        settleCompleted(node);
    }

    private void completeWith(int node, PortValues values) {
        firePorts(node, values);
        settleCompleted(node);
    }

    private void firePorts(int node, PortValues values) {
        int first = layout.firstSlot(node);
        for (Map.Entry<String, @Nullable Object> entry : values.asMap().entrySet()) {
            int port = layout.definition(node).shape().outputIndex(entry.getKey());
            nodes.outputs().fire(first + port, entry.getValue());
        }
    }

    private void settleCompleted(int node) {
        if (effects.isObserved()) {
            started(node);
        }
        nodes.change(node, NodeStatus.COMPLETED);
        settle(node, NodeStatus.COMPLETED);
    }

    private void skip(int node, SkipReason reason) {
        nodes.skip(node, reason);
        if (reason.propagatesFailure()) {
            nodes.root(node, joins.failureRoot(node));
        }
        settle(node, NodeStatus.SKIPPED);
    }

    private void settle(int node, NodeStatus settledAs) {
        effects.changed(node, settledAs);
        unsettled--;
        addSettled(node);
    }

    /** Most often there is one to propagate at a time: it needs no list, which another worker may have in its cache. */
    private void addSettled(int node) {
        if (settled == NONE) {
            settled = node;
        } else {
            moreSettled.add(node);
        }
    }

    private int nextSettled() {
        int node = settled;
        settled = moreSettled.isEmpty() ? NONE : moreSettled.removeLast();
        return node;
    }

    private void change(int node, NodeStatus next) {
        nodes.change(node, next);
        effects.changed(node, next);
    }

    private void propagateAll() {
        while (settled != NONE) {
            propagate(nextSettled());
        }
    }

    private void propagate(int source) {
        boolean failed = nodes.propagatesFailure(source);
        boolean completed = nodes.status(source) == NodeStatus.COMPLETED;
        int end = layout.firstOut(source + 1);
        int out = layout.firstOut(source);
        while (out < end) {
            int target = layout.outTarget(out);
            do {
                decide(target, layout.outSlot(out), completed, failed);
                out++;
            } while (out < end && layout.outTarget(out) == target);
            if (!joins.waits(target)) {
                judge(target);
            }
        }
    }

    private void decide(int target, int slot, boolean completed, boolean failed) {
        if (slot == PlanLayout.ORDER_ONLY) {
            if (failed) {
                joins.orderFailed(target);
            } else {
                joins.notTaken(target);
            }
        } else if (completed) {
            joins.sourceCompleted(target, nodes.outputs().isFired(slot));
        } else if (failed) {
            joins.sourceFailed(target);
        } else {
            joins.notTaken(target);
        }
    }

    private void judge(int node) {
        if (!nodes.isIdle(node)) {
            return;
        }
        Verdict verdict = joins.judge(node);
        if (verdict == Verdict.FIRE) {
            if (layout.joinsEarly(node)) {
                nodes.decidedBy(node, joins.contributors(node));
            }
            ready(node);
        } else if (verdict == Verdict.SKIP) {
            skip(node, joins.skipReason(node));
        }
    }
}
