package dev.flowengine.internal.kernel;

import dev.flowengine.execution.Durability;
import dev.flowengine.internal.journal.DurableJournal;
import dev.flowengine.internal.journal.JournalOwner;
import dev.flowengine.internal.journal.Lease;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.AwaitedSignal;
import dev.flowengine.persistence.Message;
import dev.flowengine.persistence.MessageRecord;
import dev.flowengine.persistence.PostAnswer;
import dev.flowengine.persistence.Standing;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** An execution this engine owns: what becomes of its ownership, and the messages for it. */
final class DurableRun implements JournalOwner {
    private final FlowRun run;
    private final long epoch;
    private final Lease lease;
    private final DurableRuns runs;
    private final KeptExecution handle;
    private final CompletableFuture<Optional<String>> created = new CompletableFuture<>();
    private final Set<String> delivered = new HashSet<>();
    private volatile @Nullable DurableJournal journal;
    private volatile @Nullable FlowException notKept;
    /** What was seen of it when it was looked at last. */
    private boolean resting;

    private long happenedBefore;
    private long restingSince;

    /**
     * Begins to own an execution.
     *
     * @param run the execution
     * @param epoch under which it was claimed; 1 for a new one
     * @param lease has to live for it to go on
     * @param runs knows all of them
     */
    DurableRun(FlowRun run, long epoch, Lease lease, DurableRuns runs) {
        this.run = run;
        this.epoch = epoch;
        this.lease = lease;
        this.runs = runs;
        this.handle = new KeptExecution(run, runs);
        run.control().keptBy(this);
    }

    void journal(DurableJournal keeper) {
        this.journal = keeper;
    }

    FlowRun run() {
        return run;
    }

    /** What hosts hold of it. */
    KeptExecution handle() {
        return handle;
    }

    /** Whether the execution has waited for so long, as far as whoever asks has seen; for one thread. */
    boolean hasRested(long now, long nanos) {
        long happened = run.happened();
        if (!resting || happened != happenedBefore) {
            resting = true;
            happenedBefore = happened;
            restingSince = now;
        }
        boolean longEnough = now - restingSince >= nanos;
        if (longEnough) {
            // Whatever comes of that, it is not tried again at once.
            restingSince = now;
        }
        return longEnough;
    }

    /** Lets go of the execution if it only waits, and for so long at least. */
    void offload(Duration atLeast, Duration lead) {
        DurableJournal keeper = journal;
        if (keeper != null && lease.isUndoubted()) {
            run.offload(
                    atLeast,
                    next -> keeper.offload(
                            next == null ? Standing.dormant("") : Standing.due(lease.inStoreTime(next.minus(lead))),
                            run.told()));
        }
    }

    @Override
    public long epoch() {
        return epoch;
    }

    /**
     * Waits until the execution is in the store; on a thread of the host, which may be interrupted.
     *
     * @return the id of the one with the same key that is there instead, if one is
     */
    Optional<String> awaitCreated() {
        try {
            return created.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw FlowException.of(
                            FailureKind.INVALID_FLOW_STATE,
                            "the thread was interrupted while execution " + run.id()
                                    + " was being kept: it may start all the same")
                    .suggestedResolution("Look for it with find(\"" + run.id() + "\").")
                    .build();
        } catch (ExecutionException refused) {
            if (refused.getCause() instanceof FlowException why) {
                throw why;
            }
            throw new IllegalStateException(refused.getCause());
        }
    }

    /** Completes once the execution is in the store, or says why it is not. */
    CompletionStage<?> created() {
        return created.minimalCompletionStage();
    }

    /** The engine has nothing to do with it any more: whoever waits for it to be kept waits no more. */
    void forgotten() {
        FlowException why = notKept;
        created.completeExceptionally(
                why != null
                        ? why
                        : FlowException.of(
                                        FailureKind.INVALID_FLOW_STATE,
                                        "the engine failed while it kept execution " + run.id())
                                .suggestedResolution("This is a defect of the engine: please report it.")
                                .build());
    }

    /** Leaves a signal in the store, and acts on it; a thread of the host waits for that. */
    PostAnswer post(AwaitedSignal signal, @Nullable Object value, String signalId) {
        Message message = runs.message(run.id(), run.scope().flow(), signal, value, signalId);
        PostAnswer answer = runs.store().post(run.id(), message);
        if (answer == PostAnswer.NOT_FOUND) {
            // Somebody has found it here before it was in the store.
            awaitCreated();
            answer = runs.store().post(run.id(), message);
        }
        if (answer == PostAnswer.POSTED || answer == PostAnswer.DUPLICATE) {
            // All of them: what others have posted before comes first.
            deliver(runs.store().messages(run.id()));
        }
        return answer;
    }

    /** The status as everybody sees it. */
    ExecutionStatus storedStatus() {
        return runs.store()
                .find(run.id())
                .orElseThrow(() -> Lookup.notFound(run.id()))
                .state()
                .status();
    }

    /**
     * Acts on messages, on each of them once.
     *
     * @param pending all that were there at some moment, in order
     */
    void deliver(List<MessageRecord> pending) {
        DurableJournal keeper = journal;
        if (keeper == null) {
            return;
        }
        // One list at a time, or a later message could overtake an earlier one.
        synchronized (delivered) {
            for (MessageRecord record : pending) {
                if (delivered.add(record.message().messageId())) {
                    run.control().deliver(record.message(), this, keeper);
                }
            }
        }
    }

    /** Says something in the store as soon as that can be done. */
    void later(Runnable what) {
        runs.pending().later(what);
    }

    /** Messages are left in the store that the execution has not heard of, which does not go on here any more. */
    void hasMessages() {
        runs.posted(run.id());
    }

    /** Somebody wants to do something to its nodes. */
    void recalled() {
        run.runAside(() -> runs.recalls().readBy(run));
    }

    @Override
    public void goOn(Runnable then) {
        created.complete(Optional.empty());
        lease.whenLive(then);
    }

    @Override
    public boolean mayRunAhead() {
        return runs.durability() == Durability.ASYNC;
    }

    @Override
    public boolean mayStart(Runnable later) {
        if (lease.isUndoubted()) {
            return true;
        }
        lease.whenLive(later);
        return false;
    }

    @Override
    public boolean isOwned() {
        return runs.isOwned(this);
    }

    @Override
    public void notCreated(FlowException why) {
        notKept = why;
        runs.forget(run.id());
        run.goneBecause(why);
    }

    @Override
    public void startedBefore(String executionId) {
        created.complete(Optional.of(executionId));
        // Nobody has been given this one.
        notCreated(FlowException.of(
                        FailureKind.KEY_CONFLICT, "execution " + executionId + " was started with the same key before")
                .suggestedResolution("Look at that one.")
                .build());
    }

    @Override
    public void takenOver() {
        created.complete(Optional.empty());
        fenced();
    }

    @Override
    public void fenced() {
        runs.lost(this);
    }

    @Override
    public void offloaded() {
        runs.offloaded(this);
    }

    @Override
    public void released() {
        FlowException closed = EngineKernel.closed(
                "the engine was closed, and leaves execution " + run.id() + " to the next one that knows its flow");
        notKept = closed;
        runs.forget(run.id());
        run.dropped();
        run.goneBecause(closed);
    }

    @Override
    public void unwritable(FlowException why) {
        runs.unwritable(run.id(), String.valueOf(why.getMessage()));
        run.dropped();
        run.goneBecause(why);
    }
}
