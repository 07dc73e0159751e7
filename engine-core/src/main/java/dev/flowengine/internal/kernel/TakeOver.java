package dev.flowengine.internal.kernel;

import dev.flowengine.flow.Flow;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.Backlog;
import dev.flowengine.persistence.Claim;
import dev.flowengine.persistence.ClaimRequest;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.MessageType;
import dev.flowengine.persistence.Ownership;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.Standing;
import dev.flowengine.persistence.StoreException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the executions in the store that others have left, or go on with: takes over the former, delivers messages,
 * and waits for the end of the latter. One bad execution harms none of the others: it is parked with the reason.
 *
 * <p>{@link #sweep} is for one thread; the rest is thread-safe.
 */
final class TakeOver {
    private static final int MOST_AT_ONCE = 32;

    private final StoreSettings settings;
    private final ExecutionStore store;
    private final String workerId;
    private final FlowRegistry registry;
    private final Map<String, DurableRun> owned;
    private final Map<String, String> unwritable;
    private final Engine engine;
    private final Set<String> withMessages = ConcurrentHashMap.newKeySet();
    private final FollowedRuns followed;
    private final Parking parking;
    private volatile boolean inDoubt;
    private volatile @Nullable Throwable unsettled;
    private volatile boolean closed;
    private volatile List<Backlog> unknown = List.of();

    TakeOver(StoreSettings settings, String workerId, FlowRegistry registry, OwnedRuns own, Engine engine) {
        this.settings = settings;
        this.store = settings.store();
        this.workerId = workerId;
        this.registry = registry;
        this.owned = own.runs();
        this.unwritable = own.unwritable();
        this.engine = engine;
        this.followed = new FollowedRuns(store, registry, engine);
        this.parking = new Parking(store, workerId, engine, unwritable);
    }

    /** The lease was renewed. */
    void renewed(boolean lapsed, Set<String> executionIds) {
        withMessages.addAll(executionIds);
        inDoubt |= lapsed;
    }

    /** Those whose ends are waited for here. */
    FollowedRuns followed() {
        return followed;
    }

    /** Nothing is taken over any more. */
    void close() {
        closed = true;
    }

    /** Editions of flows that nobody here knows, with executions that wait. */
    List<Backlog> unknownFlows() {
        return unknown;
    }

    /** An execution is somebody else's: what is done for it here does not count, but its end is of interest. */
    void lost(DurableRun durable) {
        FlowRun run = durable.run();
        if (owned.remove(run.id(), durable)) {
            engine.forget(run);
            inDoubt = true;
            run.dropped();
            run.left();
        }
    }

    /**
     * Looks after everything once.
     *
     * @param lapsed whether others may have taken over what is ours
     * @param undoubted is told once that is known, and what they have is dropped
     */
    void sweep(boolean lapsed, Runnable undoubted) {
        inDoubt |= lapsed;
        List<Throwable> failures = new ArrayList<>();
        guarded(this::deliverMessages, failures);
        guarded(() -> settleDoubts(undoubted), failures);
        guarded(this::claim, failures);
        guarded(() -> followed.look(owned::containsKey), failures);
        guarded(() -> unknown = unknownBacklog(), failures);
        if (!failures.isEmpty()) {
            Throwable first = failures.get(0);
            failures.stream().skip(1).forEach(first::addSuppressed);
            throw new SweepFailed(first);
        }
    }

    private static void guarded(Runnable part, List<Throwable> failures) {
        try {
            part.run();
        } catch (RuntimeException | Error failure) {
            // The other parts matter all the same.
            failures.add(failure);
        }
    }

    private void deliverMessages() {
        for (String id : Set.copyOf(withMessages)) {
            DurableRun run = owned.get(id);
            if (run != null) {
                run.deliver(store.messages(id));
            }
            withMessages.remove(id);
        }
    }

    /** After the lease had ended, or a claim whose answer was lost: what is ours, and what is not any more? */
    private void settleDoubts(Runnable undoubted) {
        if (!inDoubt) {
            undoubted.run();
            return;
        }
        inDoubt = false;
        List<Throwable> failures = new ArrayList<>();
        try {
            Map<String, DurableRun> before = Map.copyOf(owned);
            List<Claim> ours = store.owned(workerId);
            Set<String> missing = new HashSet<>(before.keySet());
            ours.forEach(claim -> missing.remove(claim.executionId()));
            for (RunRecord run : store.find(missing)) {
                DurableRun durable = before.get(run.executionId());
                if (durable != null && isLost(durable, run)) {
                    guarded(() -> lost(durable), failures);
                }
            }
            undoubted.run();
            unsettled = null;
            takeOver(ours.stream().filter(claim -> !goesOnHere(claim)).toList());
        } catch (RuntimeException unknownYet) {
            inDoubt = true;
            unsettled = unknownYet;
            throw unknownYet;
        }
        if (!failures.isEmpty()) {
            throw new SweepFailed(failures.get(0));
        }
    }

    /** Why it is not known yet what others took over while the lease had ended; empty if it is known. */
    Optional<Throwable> unsettled() {
        return Optional.ofNullable(unsettled);
    }

    private boolean goesOnHere(Claim claim) {
        DurableRun known = owned.get(claim.executionId());
        return (known != null && known.epoch() == claim.epoch()) || unwritable.containsKey(claim.executionId());
    }

    /** One that has ended under the epoch it has here has ended here meanwhile. */
    private boolean isLost(DurableRun durable, RunRecord run) {
        return run.state().status().isTerminal()
                ? run.ownership().epoch() != durable.epoch()
                : !isOwnedBy(durable, run);
    }

    /** One that was being created while it was asked which ones are ours is ours all the same. */
    private boolean isOwnedBy(DurableRun durable, RunRecord run) {
        Ownership ownership = run.ownership();
        return ownership.standing() instanceof Standing.Owned
                && ownership.workerId().filter(workerId::equals).isPresent()
                && ownership.epoch() == durable.epoch();
    }

    private void claim() {
        Set<FlowKey> flows = registry.keys();
        List<Claim> claims = List.of();
        do {
            if (closed || flows.isEmpty()) {
                return;
            }
            try {
                claims = store.claim(new ClaimRequest(workerId, flows, MOST_AT_ONCE));
            } catch (RuntimeException failure) {
                inDoubt = true;
                throw failure;
            }
            takeOver(claims);
        } while (claims.size() == MOST_AT_ONCE);
    }

    /** Whatever goes wrong with one execution, the others are gone on with. */
    private void takeOver(List<Claim> claims) {
        List<Throwable> failures = new ArrayList<>();
        claims.forEach(claim -> guarded(() -> takeOver(claim), failures));
        if (!failures.isEmpty()) {
            // Tried again with the next sweep.
            inDoubt = true;
            throw new SweepFailed(failures.get(0));
        }
    }

    private void takeOver(Claim claim) {
        DurableRun before = owned.get(claim.executionId());
        if (before != null) {
            lost(before);
        }
        RunImage image = store.load(claim.executionId()).orElse(null);
        Optional<Flow> flow = registry.find(claim.flow());
        if (image == null || flow.isEmpty() || closed) {
            store.release(workerId, List.of(claim.executionId()));
            return;
        }
        if (image.run().state().status().isTerminal()) {
            // It has ended since somebody asked.
            return;
        }
        Optional<String> refusal = refusal(claim, image);
        if (refusal.isPresent()) {
            parking.park(claim, image, flow.get(), refusal.get());
        } else {
            goOn(claim, image, flow.get());
        }
    }

    private void goOn(Claim claim, RunImage image, Flow flow) {
        try {
            engine.goOn(image, flow, claim.epoch());
        } catch (RuntimeException | StackOverflowError | LinkageError broken) {
            owned.remove(claim.executionId());
            engine.forget(claim.executionId());
            if (broken instanceof StoreException failure && failure.isTransient()) {
                throw broken;
            }
            if (broken instanceof FlowException refused && refused.kind() == FailureKind.ENGINE_CLOSED) {
                // It began to close meanwhile, which is no fault of the execution: others go on with it.
                store.release(workerId, List.of(claim.executionId()));
                return;
            }
            parking.park(claim, image, flow, "it cannot be gone on with: " + broken.getMessage());
            return;
        }
        DurableRun run = owned.get(claim.executionId());
        if (run != null) {
            try {
                run.deliver(image.messages());
            } finally {
                run.run().control().show();
            }
        }
    }

    /** Why an execution is not gone on with, if it is not; whatever the reason, who asks for it gets another try. */
    private Optional<String> refusal(Claim claim, RunImage image) {
        boolean asked = image.messages().stream()
                .anyMatch(record -> record.message().type() == MessageType.RESUME
                        || record.message().type() == MessageType.CANCEL);
        if (asked) {
            return Optional.empty();
        }
        if (claim.tries() > settings.maxTries()) {
            return Optional.of("it was taken over " + claim.tries()
                    + " times in a row from engines that were lost while they had it");
        }
        if (image.run().state().status() == ExecutionStatus.PARKED) {
            return Optional.of(Parking.reasonOf(image.run()));
        }
        return Optional.empty();
    }

    private List<Backlog> unknownBacklog() {
        Set<FlowKey> known = registry.keys();
        return store.backlog().stream()
                .filter(backlog -> !known.contains(backlog.flow()))
                .toList();
    }

    /** Goes on with executions. */
    interface Engine {

        /** Takes up an execution where it was left. */
        void goOn(RunImage image, Flow flow, long epoch);

        /** Stops those that an execution waits for which is to end without being gone on with. */
        void stopChildren(RunImage image, Flow flow);

        /** Reads how an execution has ended. */
        RunResult result(RunImage image);

        /** An execution does not go on here any more. */
        void forget(String executionId);

        /** An execution does not go on here any more in that shape; it may in another. */
        void forget(FlowRun run);
    }

    /** Something could not be looked after. */
    private static final class SweepFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SweepFailed(Throwable cause) {
            super(cause.getMessage(), cause, false, false);
        }
    }
}
