package dev.flowengine.internal.kernel;

import dev.flowengine.event.CompensationCompleted;
import dev.flowengine.event.CompensationFailed;
import dev.flowengine.event.CompensationStarted;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.ExecutionStarted;
import dev.flowengine.event.ExecutionStatusChanged;
import dev.flowengine.event.ExecutionStuck;
import dev.flowengine.event.NodeAttemptFailed;
import dev.flowengine.event.NodeCancelled;
import dev.flowengine.event.NodeCompleted;
import dev.flowengine.event.NodeFailed;
import dev.flowengine.event.NodeIntervened;
import dev.flowengine.event.NodeLogged;
import dev.flowengine.event.NodeProgressed;
import dev.flowengine.event.NodeSkipped;
import dev.flowengine.event.NodeStarted;
import dev.flowengine.event.NodeTimeoutNear;
import dev.flowengine.event.NodeWaiting;
import dev.flowengine.extension.TimeSource;
import dev.flowengine.internal.attempt.NodeTimes;
import dev.flowengine.internal.attempt.RunReports;
import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.delivery.EventBatch;
import dev.flowengine.internal.delivery.EventDispatcher;
import dev.flowengine.internal.delivery.EventOrigin;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.internal.machine.ChildCall;
import dev.flowengine.internal.machine.NodeFailure;
import dev.flowengine.internal.machine.NodeTable;
import dev.flowengine.internal.machine.RestoredNode;
import dev.flowengine.internal.machine.RunInputs;
import dev.flowengine.internal.machine.Suspension;
import dev.flowengine.model.CompensationStatus;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.Intervention;
import dev.flowengine.model.NodeProgress;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.AwaitedSignal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Turns what the machine did into the numbered events of an execution. For one thread at a time. */
final class RunEvents {
    private static final long UNKNOWN = -1;

    private final RunScope scope;
    private final PlanLayout layout;
    private final RunInputs inputs;
    private final EventDispatcher events;
    private final TimeSource time;
    /** How often each node has started, counted as told: the table may be ahead of it. */
    private final int[] started;

    /** What happened at the moment, to be told together; made when there is something, for most have no listener. */
    private @Nullable EventBatch untold;

    private long seq;
    /** When what is told next happened, in nanoseconds since the execution was admitted. */
    private long moment = UNKNOWN;

    private long toldLast;
    /** Answers of two bodies may come in another order than that in which they ended. */
    private long latestEnd;

    RunEvents(RunScope scope, EventDispatcher events, TimeSource time) {
        this.scope = scope;
        this.events = events;
        this.layout = scope.layout();
        this.inputs = scope.inputs();
        this.time = time;
        this.started = new int[events.hasListeners() ? scope.layout().size() : 0];
    }

    /** Hands over what has been told since the last call. What is told from now on happens later. */
    void publish() {
        toldLast = Math.max(toldLast, moment);
        moment = UNKNOWN;
        EventBatch batch = untold;
        if (batch != null && batch.size() > 0) {
            try {
                events.publish(batch);
            } finally {
                // Also after a failure: nothing is told twice.
                batch.clear();
            }
        }
    }

    private void tell(ExecutionEvent event) {
        batch(event.seq()).add(event);
    }

    /** What is told together, to which an event with a number is added next. */
    private EventBatch batch(long nextSeq) {
        EventBatch batch = untold;
        if (batch == null) {
            batch = new EventBatch(new EventOrigin(scope.executionId(), flowId(), layout.nodeIds(), scope.startedAt()));
            untold = batch;
        }
        if (batch.size() == 0) {
            batch.begin(nextSeq, nanos());
        }
        return batch;
    }

    /** The execution is taken up where it was left. */
    void restored(List<RestoredNode> nodes) {
        if (isObserved()) {
            nodes.forEach(node -> started[node.node()] = node.begun());
        }
    }

    /** So many events have been told by whoever let go of the execution. */
    void toldBefore(long events) {
        seq = events;
    }

    /** How many events have been told so far. */
    long told() {
        return seq;
    }

    boolean isObserved() {
        return events.hasListeners();
    }

    void executionStarted() {
        if (isObserved()) {
            String start = scope.layout().definition(scope.layout().startNode()).id();
            tell(new ExecutionStarted(scope.executionId(), scope.index().flowId(), ++seq, scope.startedAt(), start));
        }
    }

    void statusChanged(ExecutionStatus status) {
        if (isObserved()) {
            tell(new ExecutionStatusChanged(scope.executionId(), flowId(), ++seq, moment(), status));
        }
    }

    void stuck(Instant since, List<String> openNodes) {
        if (isObserved()) {
            tell(new ExecutionStuck(scope.executionId(), flowId(), ++seq, moment(), since, openNodes));
        }
    }

    void timeoutNear(int node, Duration limit) {
        if (isObserved()) {
            tell(new NodeTimeoutNear(
                    scope.executionId(),
                    flowId(),
                    ++seq,
                    moment(),
                    id(node),
                    scope.iteration(node),
                    attempt(node),
                    limit));
        }
    }

    void intervened(int node, Intervention action, String reason) {
        if (isObserved()) {
            tell(new NodeIntervened(
                    scope.executionId(),
                    flowId(),
                    ++seq,
                    moment(),
                    id(node),
                    scope.iteration(node),
                    attempt(node),
                    action,
                    reason));
        }
    }

    /** Tells what a node has reported since the last time; not counted among the events. */
    void reported(int node) {
        RunReports.Untold untold = scope.reports().take(node);
        NodeProgress progress = untold.progress();
        if (progress != null) {
            tell(new NodeProgressed(
                    scope.executionId(),
                    flowId(),
                    seq,
                    moment(),
                    id(node),
                    scope.iteration(node),
                    attempt(node),
                    progress));
        }
        if (!untold.lines().isEmpty()) {
            tell(new NodeLogged(
                    scope.executionId(),
                    flowId(),
                    seq,
                    moment(),
                    id(node),
                    scope.iteration(node),
                    attempt(node),
                    untold.lines()));
        }
    }

    void executionFinished(ExecutionStatus status, Instant endedAt) {
        if (isObserved()) {
            tell(new ExecutionFinished(scope.executionId(), scope.index().flowId(), ++seq, endedAt, status));
        }
    }

    void nodeChanged(NodeTable nodes, int node, NodeStatus status) {
        switch (status) {
            case RUNNING -> nodeStarted(node);
            case WAITING -> nodeWaits(nodes, node);
            case COMPLETED -> {
                bodyEnded(nodes, node);
                nodeCompleted(nodes, node);
            }
            case FAILED -> nodeFailed(nodes, node);
            case SKIPPED -> nodeSkipped(nodes, node);
            case CANCELLED -> nodeCancelled(node);
            case IDLE, QUEUED -> {
                // No event of its own: what follows tells.
            }
        }
    }

    /** A loop has begun another iteration, in which the attempts of its nodes are counted anew. */
    void iterationBegan(int loop) {
        for (int node : layout.loops().inside(loop)) {
            started[node] = 0;
        }
    }

    private void nodeStarted(int node) {
        started[node]++;
        if (layout.isInBody(node)) {
            tell(new NodeStarted(
                    scope.executionId(), flowId(), ++seq, moment(), id(node), scope.iteration(node), attempt(node)));
        } else {
            batch(++seq).nodeStarted(node, attempt(node));
        }
    }

    private void nodeCompleted(NodeTable nodes, int node) {
        boolean reused = inputs.isReused(node);
        boolean pinned = !reused && inputs.isPinned(node);
        NodeFailure handled = nodes.failure(node);
        boolean cached = handled == null && scope.reports().isCached(node);
        if (!reused && !pinned && !cached && handled == null && !layout.isInBody(node)) {
            batch(++seq).nodeCompleted(node, attempt(node));
            return;
        }
        tell(new NodeCompleted(
                scope.executionId(),
                flowId(),
                ++seq,
                moment(),
                id(node),
                scope.iteration(node),
                attempt(node),
                pinned,
                reused,
                cached,
                Optional.ofNullable(handled).map(NodeFailure::error)));
    }

    private void nodeWaits(NodeTable nodes, int node) {
        Suspension suspension = nodes.suspension(node);
        if (suspension == null) {
            attemptFailed(nodes, node);
        } else {
            tell(new NodeWaiting(
                    scope.executionId(),
                    flowId(),
                    ++seq,
                    moment(),
                    id(node),
                    scope.iteration(node),
                    attempt(node),
                    Optional.ofNullable(suspension.until()),
                    Optional.ofNullable(suspension.signal()).map(AwaitedSignal::name),
                    Optional.ofNullable(suspension.child()).map(ChildCall::executionId)));
        }
    }

    private void attemptFailed(NodeTable nodes, int node) {
        NodeFailure failure = nodes.failure(node);
        if (failure != null) {
            tell(new NodeAttemptFailed(
                    scope.executionId(),
                    flowId(),
                    ++seq,
                    moment(),
                    id(node),
                    scope.iteration(node),
                    failure.error().attempt(),
                    failure.error()));
        }
    }

    private void nodeFailed(NodeTable nodes, int node) {
        NodeFailure failure = nodes.failure(node);
        if (failure != null) {
            tell(new NodeFailed(
                    scope.executionId(),
                    flowId(),
                    ++seq,
                    moment(),
                    id(node),
                    scope.iteration(node),
                    attempt(node),
                    failure.error()));
        }
    }

    private void nodeSkipped(NodeTable nodes, int node) {
        tell(new NodeSkipped(
                scope.executionId(),
                flowId(),
                ++seq,
                moment(),
                id(node),
                scope.iteration(node),
                0,
                nodes.skipReason(node)));
    }

    private void nodeCancelled(int node) {
        tell(new NodeCancelled(
                scope.executionId(), flowId(), ++seq, moment(), id(node), scope.iteration(node), attempt(node)));
    }

    void compensation(int node, CompensationStatus status, int attempt, @Nullable NodeFailure failure) {
        String executionId = scope.executionId();
        if (failure != null) {
            boolean repeated = status == CompensationStatus.RUNNING;
            tell(new CompensationFailed(
                    executionId,
                    flowId(),
                    ++seq,
                    moment(),
                    id(node),
                    scope.iteration(node),
                    attempt,
                    failure.error(),
                    repeated));
        } else if (status == CompensationStatus.RUNNING) {
            tell(new CompensationStarted(
                    executionId, flowId(), ++seq, moment(), id(node), scope.iteration(node), attempt));
        } else {
            tell(new CompensationCompleted(
                    executionId, flowId(), ++seq, moment(), id(node), scope.iteration(node), attempt));
        }
    }

    private int attempt(int node) {
        boolean hasBody = !layout.hasNoBody(node) && !inputs.isPinned(node);
        return hasBody ? started[node] : 0;
    }

    /**
     * What is decided because a body has ended happens when it ended, as its state says; nor has the clock to be asked
     * once more for every node.
     */
    private void bodyEnded(NodeTable nodes, int node) {
        NodeTimes times = scope.times();
        if (moment == UNKNOWN && times != null && nodes.failure(node) == null && times.nanos(node) != NodeTimes.NONE) {
            latestEnd = Math.max(latestEnd, times.endedAfter(node));
            moment = Math.max(latestEnd, toldLast);
        }
    }

    /**
     * A body begins because others have ended, right after the last of them: so its state says, as what is told of it. Nor
     * has the clock to be asked once more for every node.
     */
    void beganWithWhatWasTold(int node) {
        NodeTimes times = scope.times();
        if (times != null) {
            if (moment == latestEnd && moment != 0) {
                times.start(node, moment);
            } else {
                times.start(node);
            }
        }
    }

    /** What is told together was decided at one time. */
    private Instant moment() {
        return scope.startedAt().plusNanos(nanos());
    }

    private long nanos() {
        if (moment == UNKNOWN) {
            // A clock may be set back: nothing happens before the execution was admitted.
            moment = Math.max(0, TimeUnit.NANOSECONDS.convert(Duration.between(scope.startedAt(), now())));
        }
        return moment;
    }

    Instant now() {
        return time.instant();
    }

    private String flowId() {
        return scope.index().flowId();
    }

    private String id(int node) {
        return scope.nodeId(node);
    }
}
