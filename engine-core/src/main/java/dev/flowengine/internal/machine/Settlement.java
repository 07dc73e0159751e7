package dev.flowengine.internal.machine;

import dev.flowengine.flow.FailureMode;
import dev.flowengine.internal.layout.LoopLayout;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import dev.flowengine.node.PortValues;
import java.time.Duration;
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
    private final Dispatch dispatch;
    private final boolean pins;
    private final boolean failuresSkip;
    private final @Nullable Loops loops;
    private final @Nullable Compensations compensations;
    private int unsettled;
    private boolean frozen;
    private int settled = NONE;

    Settlement(PlanLayout layout, RunInputs inputs, Effects effects, StartLog startLog, Dispatch dispatch) {
        this.layout = layout;
        this.inputs = inputs;
        this.effects = effects;
        this.startLog = startLog;
        this.nodes = new NodeTable(layout);
        this.joins = new JoinTable(layout, nodes);
        this.unsettled = layout.size() - layout.loops().bodyNodes();
        this.loops = layout.loops().isEmpty() ? null : new Loops(layout, nodes, inputs);
        this.compensations = Compensations.of(layout, nodes, inputs, effects);
        this.dispatch = dispatch;
        this.pins = !inputs.pins().isEmpty();
        this.failuresSkip = layout.failureMode() != FailureMode.SKIP_FAILED_BRANCH;
    }

    PlanLayout layout() {
        return layout;
    }

    NodeTable nodes() {
        return nodes;
    }

    Effects effects() {
        return effects;
    }

    /** How far the loops have come; null if there are none. */
    @Nullable
    Loops loops() {
        return loops;
    }

    /** What has to be undone if the execution does not end well; null if nothing can have to be. */
    @Nullable
    Compensations compensations() {
        return compensations;
    }

    boolean isComplete() {
        return unsettled == 0;
    }

    /** Without those in bodies of loops, which settle again and again. */
    int settledNodes() {
        return layout.size() - layout.loops().bodyNodes() - unsettled;
    }

    /** Settles what is given, and makes the first node ready. */
    void begin() {
        supply();
        for (int node = layout.size(); node < layout.total(); node++) {
            addSettled(node);
        }
        begin(layout.startNode());
        propagateAll();
    }

    private void supply() {
        for (int node = layout.size(); node < layout.total(); node++) {
            nodes.supply(node);
            firePorts(node, inputs.supplied().getOrDefault(node, PortValues.none()));
        }
    }

    /** Puts nodes back into the state in which they were left; decides nothing. */
    void restore(RestoredState state) {
        supply();
        unsettled -= new Restoration(layout, inputs, nodes, joins).restore(state, loops);
    }

    /** Goes on with a node that was left before it settled. */
    void goOn(RestoredNode restored) {
        int node = restored.node();
        if (needsNoBody(node)) {
            completeWithoutBody(node);
            propagateAll();
            return;
        }
        if (layout.isLimited(node)) {
            effects.add(new Command.Limit(node));
        }
        Duration dueIn = restored.dueIn();
        if (dueIn == null) {
            dispatch.start(node);
        } else {
            dispatch.backsOff(node);
            effects.add(new Command.BackOff(node, nodes.ticket(node), dueIn));
        }
    }

    void started(int node) {
        NodeStatus status = nodes.status(node);
        if (status == NodeStatus.QUEUED || status == NodeStatus.WAITING) {
            change(node, NodeStatus.RUNNING);
            if (!layout.isLoop(node)) {
                nodes.pass(node, 1);
            }
        }
    }

    /** The body of a loop is undecided again, but for what comes from outside; then the loop fires into it. */
    void beginIteration(int loop, int pass, @Nullable Object item) {
        LoopLayout.Region region = layout.loops().region(loop);
        started(region.map() < 0 ? loop : region.map());
        for (int node : region.inside()) {
            nodes.reset(node, layout.firstSlot(node), layout.firstSlot(node + 1));
            joins.reset(node, loop, failuresSkip);
            if (layout.loops().isHead(node)) {
                nodes.supply(node);
            }
        }
        nodes.pass(loop, pass);
        nodes.outputs().fire(region.slot(), item);
        effects.iterationBegan(loop);
        if (loops != null) {
            loops.begin(loop);
        }
        propagatePart(loop, true, true, false);
        propagateAll();
    }

    void completed(int node, @Nullable Object value) {
        complete(node, value);
        propagateAll();
    }

    /** The node completes with a value that no attempt of its has made: none is said to have started. */
    void given(int node, @Nullable Object value) {
        fireFirst(node, value);
        settleAsCompleted(node);
        propagateAll();
    }

    void emitted(int node, PortValues values) {
        completeWith(node, values);
        propagateAll();
    }

    void failed(int node) {
        nodes.fail(node);
        settle(node, NodeStatus.FAILED);
        propagateAll();
    }

    void skipped(int node) {
        skip(node, SkipReason.MANUAL);
        propagateAll();
    }

    /** What a node that waited has come to fires. */
    void woken(int node, PortValues values) {
        firePorts(node, values);
        settleAsCompleted(node);
        propagateAll();
    }

    /** The node waits, without a thread, to be started again or woken. */
    void backsOff(int node) {
        started(node);
        change(node, NodeStatus.WAITING);
    }

    void cancelled(int node) {
        if (loops != null && loops.isSpare(node)) {
            nodes.change(node, NodeStatus.CANCELLED);
            return;
        }
        change(node, NodeStatus.CANCELLED);
        countSettled(node);
    }

    private void countSettled(int node) {
        if (loops != null && layout.isLoop(node)) {
            loops.settledMap(node, effects);
        }
        if (loops == null || !layout.isInBody(node)) {
            unsettled--;
        } else {
            loops.settled(node);
        }
    }

    /** From now on no join is judged: what settles, settles alone. */
    void freeze() {
        frozen = true;
    }

    /** Cancels every node that nothing is out for: those listed, and those that are undecided or back off. */
    void cancelUnstarted(IntList ready) {
        for (int i = 0; i < ready.size(); i++) {
            // A cancel during a fail-fast stop finds them cancelled already.
            if (!nodes.status(ready.get(i)).isSettled()) {
                cancelled(ready.get(i));
            }
        }
        for (int node = 0; node < layout.size(); node++) {
            NodeStatus status = nodes.status(node);
            if (status == NodeStatus.IDLE || dispatch.waitsNoMore(node)) {
                cancelled(node);
            }
        }
    }

    /** Cancels every node that is not settled. */
    void cancelOpen() {
        settled = NONE;
        moreSettled.clear();
        for (int node = 0; node < layout.size(); node++) {
            if (!nodes.status(node).isSettled()) {
                cancelled(node);
            }
        }
    }

    private void begin(int node) {
        PortValues given = inputs.givenTo(node, node);
        if (given == null || inputs.isPinned(node) || hasRequired(node, given)) {
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
        if (needsNoBody(node)) {
            if (!dispatch.isStopped()) {
                completeWithoutBody(node);
            }
            return;
        }
        if (layout.isLimited(node)) {
            effects.add(new Command.Limit(node));
        }
        dispatch.start(node);
    }

    boolean needsNoBody(int node) {
        return layout.hasNoBody(node) || (pins && inputs.isPinned(node));
    }

    private void completeWithoutBody(int node) {
        startLog.record(node);
        PortValues pinned = inputs.pins().get(node);
        if (pinned != null) {
            takeOver(node, inputs.reused().get(node));
            completeWith(node, pinned);
        } else if (layout.definition(node).isDisabled()) {
            complete(node, valueWhileDisabled(node));
        } else {
            complete(node, inputs.triggerData());
        }
    }

    private void takeOver(int node, RunInputs.@Nullable Reused before) {
        if (before != null && before.handledFailure() != null) {
            nodes.failure(node, before.handledFailure());
        }
        if (before != null && before.decidedBy() != null) {
            nodes.decidedBy(node, before.decidedBy());
        }
    }

    private @Nullable Object valueWhileDisabled(int node) {
        return layout.definition(node)
                .disabledOutput()
                .map(output -> new InputReader.Delivered(output.value()))
                .orElseGet(() -> new InputReader(layout, nodes, inputs).firstLive(node))
                .value();
    }

    private void complete(int node, @Nullable Object value) {
        fireFirst(node, value);
        settleCompleted(node);
    }

    private void fireFirst(int node, @Nullable Object value) {
        int slot = layout.firstSlot(node);
        if (slot < layout.firstSlot(node + 1)) {
            nodes.outputs().fire(slot, value);
        }
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
        settleAsCompleted(node);
    }

    private void settleAsCompleted(int node) {
        nodes.change(node, NodeStatus.COMPLETED);
        if (compensations != null) {
            compensations.completed(node);
        }
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
        countSettled(node);
        if (layout.isLimited(node)) {
            effects.add(new Command.Disarm(node));
        }
        if (!frozen) {
            addSettled(node);
        }
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
            int node = nextSettled();
            if (loops == null || !layout.isLoop(node)) {
                propagate(node);
            } else {
                propagateLoop(node);
            }
        }
    }

    private void propagateLoop(int loop) {
        boolean failed = failuresSkip && nodes.propagatesFailure(loop);
        boolean completed = nodes.status(loop) == NodeStatus.COMPLETED;
        for (int lane : layout.loops().region(loop).lanes()) {
            if (nodes.pass(lane) == 0) {
                leaveOut(lane, loop, completed, failed);
            }
        }
        if (nodes.pass(loop) == 0) {
            propagatePart(loop, true, completed, failed);
        }
        propagatePart(loop, false, completed, failed);
    }

    /** Of the lanes that were not needed one is shown to be skipped, if none was needed. */
    private void leaveOut(int lane, int map, boolean completed, boolean failed) {
        if (loops == null || !loops.isSpare(lane)) {
            nodes.settleHead(lane, map);
            propagatePart(lane, true, completed, failed);
            return;
        }
        for (int node : layout.loops().inside(lane)) {
            if (nodes.isIdle(node)) {
                nodes.skip(node, SkipReason.BRANCH_NOT_TAKEN);
            }
        }
    }

    /** Decides those connections of a loop that lead into its body, or all others. */
    private void propagatePart(int loop, boolean intoBody, boolean completed, boolean failed) {
        int slot = layout.loops().region(loop).slot();
        int end = layout.firstOut(loop + 1);
        int out = layout.firstOut(loop);
        while (out < end) {
            int target = layout.outTarget(out);
            boolean counts = (layout.outSlot(out) == slot) == intoBody;
            do {
                if (counts) {
                    joins.decide(target, layout.outSlot(out), completed, failed);
                }
                out++;
            } while (out < end && layout.outTarget(out) == target);
            if (counts && !joins.waits(target)) {
                judge(target);
            }
        }
    }

    private void propagate(int source) {
        boolean failed = failuresSkip && nodes.propagatesFailure(source);
        boolean completed = nodes.status(source) == NodeStatus.COMPLETED;
        int end = layout.firstOut(source + 1);
        int out = layout.firstOut(source);
        while (out < end) {
            int target = layout.outTarget(out);
            do {
                joins.decide(target, layout.outSlot(out), completed, failed);
                out++;
            } while (out < end && layout.outTarget(out) == target);
            if (!joins.waits(target)) {
                judge(target);
            }
        }
    }

    private void judge(int node) {
        if (!nodes.isIdle(node) || (loops != null && loops.holdsBack(node))) {
            return;
        }
        Verdict verdict = joins.judge(node);
        if (verdict != Verdict.WAIT && loops != null && loops.isLeftOut(node)) {
            skip(node, joins.skipReason(node));
        } else if (verdict == Verdict.FIRE) {
            if (layout.joinsEarly(node)) {
                nodes.decidedBy(node, joins.contributors(node));
            }
            ready(node);
        } else if (verdict == Verdict.SKIP) {
            skipUnlessGiven(node, joins.skipReason(node));
        }
    }

    /** A node that is given its input by hand needs none to arrive; a failure skips it all the same. */
    private void skipUnlessGiven(int node, SkipReason reason) {
        if (inputs.edited().containsKey(node) && !reason.propagatesFailure()) {
            ready(node);
        } else {
            skip(node, reason);
        }
    }
}
