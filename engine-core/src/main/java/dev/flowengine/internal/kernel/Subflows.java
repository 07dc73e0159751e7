package dev.flowengine.internal.kernel;

import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.internal.attempt.Ancestry;
import dev.flowengine.internal.attempt.ChildId;
import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.journal.StoredRun;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.Iteration;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.AwaitedSignal;
import dev.flowengine.node.RunOptions;
import dev.flowengine.node.SubflowBody;
import dev.flowengine.persistence.Message;
import dev.flowengine.persistence.MessageType;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.StoreException;
import dev.flowengine.plan.Start;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts the executions that nodes of others ask for, or finds those that were started before. The id of such an execution
 * follows from the attempt of its node, so that a store takes it only once. Thread-safe; what needs the store waits for it.
 */
final class Subflows {
    /** Name of the message that tells an execution elsewhere that one it waits for has ended. */
    static final String ENDED = AwaitedSignal.RESERVED + "child-ended";

    private static final int LOCKS = 16;

    private final SubflowTargets targets;
    private final Lookup lookup;
    private final Admission admission;
    private final int mostDeep;
    private final @Nullable DurableRuns durable;
    private final ChildPauses pauses;
    private final ChildKeys keys;
    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];

    /**
     * Creates it.
     *
     * @param targets finds flows
     * @param lookup finds executions
     * @param admission begins executions
     * @param mostDeep how many executions may stand above one
     * @param durable keeps executions; null if they live in memory
     */
    Subflows(SubflowTargets targets, Lookup lookup, Admission admission, int mostDeep, @Nullable DurableRuns durable) {
        this.targets = targets;
        this.lookup = lookup;
        this.admission = admission;
        this.mostDeep = mostDeep;
        this.durable = durable;
        this.pauses = new ChildPauses(durable);
        this.keys = new ChildKeys(targets, lookup);
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    /**
     * Starts the execution a node asks for, unless it was started before.
     *
     * @param request what the node asks for
     * @param awaited whether the node still waits for it
     * @throws FlowException if it cannot be started
     */
    StartedChild start(ChildRequest request, BooleanSupplier awaited) {
        String id = request.call().executionId();
        ReentrantLock lock = locks[Math.floorMod(id.hashCode(), LOCKS)];
        // An execution that changes hands may be here twice for a moment, its children not.
        lock.lock();
        try {
            Optional<FlowExecution> known =
                    request.call().again() ? lookup.findChild(id, awaited) : lookup.findHere(id);
            return known.map(execution -> new StartedChild(execution, CompletableFuture.completedFuture(id)))
                    .orElseGet(() -> admission.admit(child(request)));
        } finally {
            lock.unlock();
        }
    }

    /** Those that nodes of an execution have started to wait for, and that have not ended, wherever they are. */
    List<FlowExecution> openChildren(RunScope parent) {
        return lookup.openChildrenOf(parent.executionId(), parent.flow());
    }

    /** Whether a child that is waited for may undo something, or those below it may; so it counts as well if that is not known. */
    boolean mayUndo(RunScope parent, FlowExecution child) {
        return keys.mayUndo(parent.flow(), child.flowId());
    }

    /** Whether nodes of a flow wait for executions they start. */
    static boolean waitsIn(Flow flow) {
        return flow.nodes().stream()
                .anyMatch(node -> node.body().orElse(null) instanceof SubflowBody body && body.awaited());
    }

    /** An execution that was started before, wherever it is. */
    Optional<FlowExecution> find(String executionId) {
        return lookup.findChild(executionId, () -> false);
    }

    /** Pauses them with those that wait for them. */
    ChildPauses pauses() {
        return pauses;
    }

    private ChildStart child(ChildRequest request) {
        RunScope parent = request.parent();
        List<String> flows = new ArrayList<>();
        if (parent.ancestry() != null) {
            flows.addAll(parent.ancestry().flows());
        }
        flows.add(parent.flow().id());
        SubflowBody body = request.body();
        if (flows.size() > mostDeep) {
            throw tooDeep(request, flows);
        }
        Flow flow = targets.require(parent.flow(), request.node(), body);
        RunOptions options = parent.options()
                .userId()
                .map(user -> RunOptions.builder().userId(user).build())
                .orElse(RunOptions.ofDefaults());
        StartRequest start = new StartRequest(flow, Start.trigger(body.triggerId()), request.data(), null, options);
        String nodeId = request.node().id();
        Iteration iteration = request.iteration();
        Ancestry ancestry = new Ancestry(parent.executionId(), nodeId, iteration, flows, body.awaited());
        String redriveOf = redriveOf(parent, nodeId, iteration);
        String id = request.call().executionId();
        return new ChildStart(id, start, ancestry, keys.of(request, flow, redriveOf), redriveOf);
    }

    private FlowException tooDeep(ChildRequest request, List<String> flows) {
        String chain = String.join(" → ", flows) + " → " + request.body().flowId();
        return FlowException.of(
                        FailureKind.LIMIT_EXCEEDED,
                        "node '" + request.node().id() + "' of flow '"
                                + request.parent().flow().id() + "' starts flow '"
                                + request.body().flowId() + "' below more than " + mostDeep + " others: " + chain)
                .affectedNodes(List.of(request.node().id()))
                .dependencyChain(flows)
                .suggestedResolution("Have the recursion end earlier, or raise subflowDepth() of the engine's builder.")
                .build();
    }

    /** The last execution that the node had started in the execution that its own one redrives. */
    private @Nullable String redriveOf(RunScope parent, String nodeId, Iteration iteration) {
        String before = parent.redriveOf();
        if (before == null) {
            return null;
        }
        String found = null;
        boolean known = true;
        for (int attempt = 1; known; attempt++) {
            String id = ChildId.of(before, nodeId, iteration, attempt);
            known = lookup.isKnown(id);
            found = known ? id : found;
        }
        return found;
    }

    /** An execution has ended here: one that waits for it elsewhere is told, or looks by itself sooner or later. */
    void ended(RunScope scope) {
        Ancestry ancestry = scope.ancestry();
        if (durable == null || ancestry == null || !ancestry.awaited()) {
            return;
        }
        String parent = ancestry.executionId();
        if (lookup.findHere(parent).isEmpty()) {
            DurableRuns runs = durable;
            runs.delivery().execute(() -> tell(runs, parent, scope.executionId()));
        }
    }

    private static void tell(DurableRuns runs, String parent, String child) {
        try {
            runs.store().post(parent, new Message(child, MessageType.SIGNAL, ENDED, child, "", Optional.empty()));
            runs.posted(parent);
        } catch (RuntimeException away) {
            // The parent looks after its children by itself, only later.
        }
    }

    /**
     * Before an execution is gone on with that was being stopped: those it has waited for are stopped first, as it ends at
     * once.
     */
    void stopLeftChildren(RunImage image, Flow flow) {
        boolean failed = flow.failureMode() == FailureMode.FAIL_FAST && hasFailed(image);
        if (failed || StoredRun.isBeingCancelled(image.run())) {
            stopChildren(image, flow);
        }
    }

    /** Stops those that an execution waits for which somebody has left. */
    void stopChildren(RunImage image, Flow flow) {
        ExecutionStatus status = image.run().state().status();
        for (NodeRecord row : image.nodes()) {
            boolean waits = row.status() == NodeStatus.WAITING
                    && flow.node(row.key().nodeId())
                            .flatMap(node -> node.body())
                            .filter(body -> body instanceof SubflowBody subflow && subflow.awaited())
                            .isPresent();
            if (waits) {
                String child = ChildId.of(
                        image.run().executionId(),
                        row.key().nodeId(),
                        row.key().iteration(),
                        row.key().attempt());
                stop(child, status);
            }
        }
    }

    private void stop(String child, ExecutionStatus parent) {
        try {
            find(child).ifPresent(execution -> execution.cancel(RunChildren.parentEnds(parent)));
        } catch (StoreException away) {
            if (away.isTransient()) {
                throw away;
            }
        } catch (FlowException unreadable) {
            // It has ended: there is nothing to stop.
        }
    }

    /** Whether a node has failed for good; what fails in a body is for its loop to handle. */
    private static boolean hasFailed(RunImage image) {
        Map<String, NodeRecord> last = new HashMap<>();
        image.nodes().stream()
                .filter(row -> row.key().iteration().equals(Iteration.NONE))
                .forEach(row -> last.merge(
                        row.key().nodeId(),
                        row,
                        (one, other) -> one.key().attempt() < other.key().attempt() ? other : one));
        return last.values().stream().anyMatch(row -> row.status() == NodeStatus.FAILED);
    }

    /** Whether an execution that somebody has left is one that nobody waits for any more, though it was started to be. */
    boolean isOrphan(RunScope scope) {
        Ancestry ancestry = scope.ancestry();
        return durable != null
                && ancestry != null
                && ancestry.awaited()
                && durable.store()
                        .find(ancestry.executionId())
                        .map(parent -> parent.state().status().isTerminal())
                        .orElse(true);
    }

    /** Begins executions. */
    @FunctionalInterface
    interface Admission {

        /** Begins one; it is here, though it may not be kept yet. */
        StartedChild admit(ChildStart child);
    }
}
