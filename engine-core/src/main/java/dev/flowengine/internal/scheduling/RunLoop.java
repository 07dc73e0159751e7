package dev.flowengine.internal.scheduling;

import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.internal.machine.Effects;
import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.ReadyQueue;
import dev.flowengine.internal.machine.Signal;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Drives the machine of one execution: takes signals from the mailbox, one thread at a time, and starts the nodes the
 * machine makes ready.
 *
 * <p>Bodies that only compute wait in the execution's own {@link ReadyQueue}; what the workers' shared queue holds is
 * <i>slices</i> of executions. A worker that has a slice takes such nodes one after another, drains the mailbox itself if
 * nobody else does, and after a bounded number goes to the back of the shared queue, so that no execution can keep the
 * workers from others. At most one slice per worker is out for one execution.
 *
 * <p>Nothing here blocks, but for the turn a {@link SequenceLock} gives to a starving reader, and a thread that offers to wait.
 */
public final class RunLoop {
    private static final int DRAIN_LIMIT = 256;
    private static final int SLICE_LIMIT = 256;
    private static final int HOLDING_LIMIT = 8;

    private final Workers workers;
    private final PlanLayout layout;
    private final ExecutionMachine machine;
    private final LoopOwner owner;
    private final Mailbox mailbox = new Mailbox();
    private final ReadyQueue ready;
    private final AtomicInteger slices = new AtomicInteger();
    private final SequenceLock changes = new SequenceLock();
    private final Runnable onceWritten;
    private @Nullable Signal backlog;

    /**
     * Creates the loop of an execution that has not started.
     *
     * @param workers who drain
     * @param layout what runs
     * @param machine decides
     * @param owner carries it out
     */
    public RunLoop(Workers workers, PlanLayout layout, ExecutionMachine machine, LoopOwner owner) {
        this.workers = workers;
        this.layout = layout;
        this.machine = machine;
        this.owner = owner;
        this.ready = machine.startLog().queue();
        this.onceWritten = () -> workers.executePromptly(this::goOn);
    }

    /**
     * Tells the machine something, from any thread; returns at once.
     *
     * @param signal what happened
     */
    public void post(Signal signal) {
        if (mailbox.post(signal)) {
            offerDrain();
        }
    }

    /**
     * Tells the machine something from a thread of the engine that has nothing else to do, which then drains the mailbox
     * itself if nobody else does.
     *
     * @param signal what happened
     */
    public void postAndDrain(Signal signal) {
        if (becomesDrainer(signal)) {
            drain();
        }
    }

    /**
     * Tells the machine something from a thread that has nothing else to do: what has to be written because of it may be written
     * on it, too.
     *
     * @param signal what happened
     * @param mayWait whether nobody else needs the thread just now; asked before each write
     */
    public void postAndWait(Signal signal, BooleanSupplier mayWait) {
        if (becomesDrainer(signal)) {
            drain(0, false, mayWait);
        }
    }

    /**
     * Reads the state between two batches of signals.
     *
     * @param copy takes a copy of what it needs; may be called several times, and may then see a state in the middle of
     *     a change, which is thrown away: it must not fail on one
     * @param <T> type of the copy
     * @return a consistent copy
     */
    public <T> T read(Function<ExecutionMachine, T> copy) {
        return changes.read(() -> copy.apply(machine));
    }

    /** Adds a signal; true if the calling thread now has to drain. A signal that finds nobody skips the queue. */
    private boolean becomesDrainer(Signal signal) {
        if (mailbox.claim()) {
            backlog = signal;
            return true;
        }
        return mailbox.post(signal);
    }

    private void offerDrain() {
        // What is to be told may be that nothing starts any more: no body may keep it waiting.
        workers.executePromptly(this::drain);
    }

    /** Takes signals until there are none, or so many that others must have their turn. */
    private void drain() {
        drain(0, false, RunLoop::never);
    }

    /**
     * Takes signals until there are none, or so many that others must have their turn.
     *
     * @param own how many of the nodes that become ready the calling thread takes itself, right after
     * @param announce whether it takes one here already if it can, whose start is told with what made it ready
     * @param mayWait whether it may write
     * @return the node it has taken, if any
     */
    private int drain(int own, boolean announce, BooleanSupplier mayWait) {
        int taken = ReadyQueue.EMPTY;
        int budget = DRAIN_LIMIT;
        while (budget > 0) {
            if (backlog == null && !takeBacklog()) {
                return taken;
            }
            budget -= applyBacklog(budget);
            if (!carryOutOnceWritten(taken == ReadyQueue.EMPTY ? own : 0, mayWait)) {
                // Being written: who is told that it is goes on here. Until then the mailbox has its taker.
                return taken;
            }
            if (announce && taken == ReadyQueue.EMPTY && isCaughtUp()) {
                taken = takeAnnounced();
                // What still arrives is for others, but for a few: the node that was taken waits for this thread.
                budget = taken == ReadyQueue.EMPTY ? budget : Math.min(budget, HOLDING_LIMIT);
            }
            // Once for all that was shown of what these signals led to: others pay for each time they look.
            owner.publish();
        }
        offerDrain();
        return taken;
    }

    private static boolean never() {
        return false;
    }

    private boolean isCaughtUp() {
        return backlog == null && !mailbox.hasMore();
    }

    private boolean carryOutOnceWritten(int own, BooleanSupplier mayWait) {
        boolean ahead = owner.mayRunAhead(machine);
        if (ahead) {
            machine.effects().takeStarts(this::startAhead);
        }
        // What has started ahead may need this very thread.
        return commit(!ahead && mayWait.getAsBoolean()) && carryOut(own);
    }

    /** Starts a node before what made it ready is written, if that is allowed for it. */
    private boolean startAhead(int node) {
        boolean starts = !layout.isCpuBound(node)
                && !layout.policy(node).atMostOnce()
                && machine.nodes().startingAttempt(node) == 1;
        if (starts) {
            owner.startBody(node);
        }
        return starts;
    }

    private int takeAnnounced() {
        int next = ready.poll();
        if (next != ReadyQueue.EMPTY) {
            try {
                changes.beginChange();
                try {
                    machine.started(next, 1);
                } finally {
                    changes.endChange();
                }
                showNews();
                owner.announced(next);
            } catch (RuntimeException | Error defect) {
                endBecauseOf(defect);
                return ReadyQueue.EMPTY;
            }
        }
        return next;
    }

    /** Makes last what the machine decided; false if that takes a while, and another thread goes on. */
    private boolean commit(boolean mayWait) {
        try {
            if (!mayWait) {
                return owner.commit(machine, onceWritten, false);
            }
            WrittenHere here = new WrittenHere();
            boolean done = owner.commit(machine, here, true);
            if (!done && here.isWritten()) {
                committed();
                return true;
            }
            return done;
        } catch (RuntimeException | Error defect) {
            return endBecauseOf(defect);
        }
    }

    private void committed() {
        changes.beginChange();
        try {
            owner.committed(machine);
        } finally {
            changes.endChange();
        }
    }

    /** What the machine had decided is written. */
    private void goOn() {
        boolean carriedOut;
        try {
            committed();
            carriedOut = carryOut(0);
        } catch (RuntimeException | Error refused) {
            carriedOut = endBecauseOf(refused);
        }
        if (carriedOut) {
            owner.publish();
            drain();
        }
    }

    /**
     * Shows and starts what the machine decided. If that fails, the execution ends: it must not hang.
     *
     * @return false if that it ends is being written
     */
    private boolean carryOut(int own) {
        try {
            showNews();
            startReady(own);
            return true;
        } catch (RuntimeException | Error defect) {
            return endBecauseOf(defect);
        }
    }

    /** Ends the execution; false if that is being written. */
    private boolean endBecauseOf(Throwable defect) {
        try {
            changes.beginChange();
            try {
                abort(defect);
            } finally {
                changes.endChange();
            }
            machine.effects().started();
            if (!owner.commit(machine, () -> workers.executePromptly(() -> endOnceWritten(defect)), false)) {
                return false;
            }
            showNews();
        } catch (RuntimeException | Error another) {
            suppress(defect, another);
        }
        owner.mustHaveEnded(defect);
        return true;
    }

    private void endOnceWritten(Throwable defect) {
        try {
            committed();
            showNews();
        } catch (RuntimeException | Error another) {
            suppress(defect, another);
        }
        owner.mustHaveEnded(defect);
        owner.publish();
        drain();
    }

    private static void suppress(Throwable defect, Throwable another) {
        if (another != defect) {
            defect.addSuppressed(another);
        }
    }

    private void showNews() {
        if (machine.hasNews()) {
            owner.changed(machine);
        }
    }

    private void abort(Throwable defect) {
        if (defect instanceof FlowException explained) {
            machine.abort(explained);
            return;
        }
        machine.abort(FlowException.of(FailureKind.INVALID_FLOW_STATE, "the engine failed: " + defect)
                .cause(defect)
                .suggestedResolution("This is a defect of the engine: please report it.")
                .build());
    }

    /** Takes what was posted. False if there was nothing: then another thread may drain, and its backlog is not ours. */
    private boolean takeBacklog() {
        Signal taken = mailbox.take();
        if (taken == null) {
            return false;
        }
        backlog = taken;
        return true;
    }

    private int applyBacklog(int atMost) {
        int applied = 0;
        changes.beginChange();
        try {
            while (backlog != null && applied < atMost) {
                Signal signal = backlog;
                backlog = signal.next();
                signal.next(null);
                signal.applyTo(machine);
                applied++;
            }
        } catch (RuntimeException | Error defect) {
            abort(defect);
            applied++;
        } finally {
            changes.endChange();
        }
        return applied;
    }

    private void startReady(int own) {
        Effects effects = machine.effects();
        for (int i = 0; i < effects.starts(); i++) {
            int node = effects.start(i);
            if (layout.isCpuBound(node) && machine.nodes().startingAttempt(node) == 1) {
                ready.add(node);
            } else {
                owner.startBody(node);
            }
        }
        effects.started();
        // Whoever takes a node next looks again, and may spare the fence now.
        if (ready.size() > own && (own == 0 || slices.get() < workers.count())) {
            offerSlices(own);
        }
    }

    /**
     * Puts a slice out for each node that waits, as far as there are workers. Slices that are out do not count against
     * that: each of them may be in the middle of a body. One that finds nothing to do costs little and ends.
     *
     * @param own how many nodes the calling thread takes itself
     */
    private void offerSlices(int own) {
        // Whoever adds a node and then finds enough slices out, and whoever ends a slice and then finds no node, must
        // not miss each other: each has written before, and reads only now.
        VarHandle.fullFence();
        int waiting = ready.size() - own;
        int out = slices.get();
        while (waiting > 0 && out < workers.count()) {
            if (slices.compareAndSet(out, out + 1)) {
                workers.execute(this::runSlice);
                waiting--;
            }
            out = slices.get();
        }
    }

    private void runSlice() {
        Backoff backoff = new Backoff();
        try {
            int next = ready.poll();
            boolean announced = false;
            for (int i = 1; next != ReadyQueue.EMPTY; i++) {
                boolean goesOn = i < SLICE_LIMIT;
                int taken = runHere(next, announced, goesOn && owner.announcesStarts(), backoff);
                announced = taken != ReadyQueue.EMPTY;
                if (announced) {
                    next = taken;
                    offerRest();
                } else {
                    next = goesOn ? takeNext() : ReadyQueue.EMPTY;
                }
            }
        } finally {
            slices.decrementAndGet();
            // What was added while this slice still counted may have found enough slices out.
            offerSlices(0);
        }
    }

    /** Runs a node and tells its outcome. Returns the node this worker has taken to run next, if it has already. */
    private int runHere(int node, boolean announced, boolean announceNext, Backoff backoff) {
        Signal outcome = owner.runBody(node, announced);
        // Bodies may leave the flag set; the worker's next one must not see it.
        Thread.interrupted();
        if (outcome == null) {
            return ReadyQueue.EMPTY;
        }
        if (becomesDrainer(outcome)) {
            int taken = drain(1, announceNext, RunLoop::never);
            backoff.reset();
            return taken;
        }
        if (!workers.areAwaited()) {
            backoff.pause();
        }
        return ReadyQueue.EMPTY;
    }

    /**
     * Takes a node for this worker, and lets others take what is left. Taking a node is as good as a fence: what is read
     * after it cannot miss a slice that ended without seeing what was added before.
     */
    private int takeNext() {
        int next = ready.poll();
        if (next != ReadyQueue.EMPTY) {
            offerRest();
        }
        return next;
    }

    private void offerRest() {
        if (ready.size() > 0 && slices.get() < workers.count()) {
            offerSlices(0);
        }
    }

    /** Notices whether what was to be written was written before the call returned, on the thread that asked for it. */
    private final class WrittenHere implements Runnable {
        private final Thread asks = Thread.currentThread();
        /** Of the thread that asks, and no other. */
        private boolean returned;

        private boolean written;

        @Override
        public void run() {
            if (Thread.currentThread() == asks && !returned) {
                written = true;
            } else {
                onceWritten.run();
            }
        }

        /** To be asked once the call has returned. */
        boolean isWritten() {
            returned = true;
            return written;
        }
    }
}
