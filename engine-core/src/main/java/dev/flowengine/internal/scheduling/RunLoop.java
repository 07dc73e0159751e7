package dev.flowengine.internal.scheduling;

import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.internal.machine.Effects;
import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.Signal;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.StampedLock;
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
 * <p>Nothing here blocks, except that a reader that again and again found the state changing may hold up the drain for
 * the time of one copy.
 */
public final class RunLoop {
    private static final int DRAIN_LIMIT = 256;
    private static final int SLICE_LIMIT = 256;
    private static final int OPTIMISTIC_READS = 16;

    private final Workers workers;
    private final PlanLayout layout;
    private final ExecutionMachine machine;
    private final Owner owner;
    private final Mailbox mailbox = new Mailbox();
    private final ReadyQueue ready;
    private final AtomicInteger slices = new AtomicInteger();
    private final StampedLock changes = new StampedLock();
    private @Nullable Signal backlog;

    /**
     * Creates the loop of an execution that has not started.
     *
     * @param workers who drain
     * @param layout what runs
     * @param machine decides
     * @param owner carries it out
     */
    public RunLoop(Workers workers, PlanLayout layout, ExecutionMachine machine, Owner owner) {
        this.workers = workers;
        this.layout = layout;
        this.machine = machine;
        this.owner = owner;
        this.ready = new ReadyQueue(layout.cpuBoundNodes());
    }

    /**
     * Tells the machine something, from any thread; returns at once.
     *
     * @param signal what happened
     */
    public void post(Signal signal) {
        if (mailbox.post(signal)) {
            workers.execute(this::drain);
        }
    }

    /**
     * Tells the machine something from a thread of the engine that has nothing else to do, which then drains the mailbox
     * itself if nobody else does.
     *
     * @param signal what happened
     */
    public void postAndDrain(Signal signal) {
        if (mailbox.post(signal)) {
            drain();
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
        for (int i = 0; i < OPTIMISTIC_READS; i++) {
            long stamp = changes.tryOptimisticRead();
            if (stamp != 0) {
                T result = copy.apply(machine);
                if (changes.validate(stamp)) {
                    return result;
                }
            }
            Thread.onSpinWait();
        }
        long stamp = changes.readLock();
        try {
            return copy.apply(machine);
        } finally {
            changes.unlockRead(stamp);
        }
    }

    private void drain() {
        int budget = DRAIN_LIMIT;
        while (budget > 0) {
            if (backlog == null) {
                backlog = mailbox.take();
            }
            if (backlog == null) {
                return;
            }
            budget -= applyBacklog(budget);
            owner.changed(machine);
            startReady();
        }
        workers.execute(this::drain);
    }

    private int applyBacklog(int atMost) {
        int applied = 0;
        long stamp = changes.writeLock();
        try {
            while (backlog != null && applied < atMost) {
                Signal signal = backlog;
                backlog = signal.next();
                signal.next(null);
                signal.applyTo(machine);
                applied++;
            }
        } catch (RuntimeException | Error defect) {
            machine.abort(FlowException.of(FailureKind.INVALID_FLOW_STATE, "the engine failed: " + defect)
                    .cause(defect)
                    .suggestedResolution("This is a defect of the engine: please report it.")
                    .build());
            applied++;
        } finally {
            changes.unlockWrite(stamp);
        }
        return applied;
    }

    private void startReady() {
        Effects effects = machine.effects();
        boolean added = false;
        for (int count = effects.starts(); count > 0; count--) {
            int node = effects.nextStart();
            if (layout.isCpuBound(node)) {
                ready.add(node);
                added = true;
            } else {
                owner.startBody(node);
            }
        }
        if (added) {
            offerSlices();
        }
    }

    private void offerSlices() {
        int wanted = Math.min(workers.count(), ready.size());
        int out = slices.get();
        while (out < wanted) {
            if (slices.compareAndSet(out, out + 1)) {
                workers.execute(this::runSlice);
            }
            out = slices.get();
        }
    }

    private void runSlice() {
        try {
            int node = ready.poll();
            for (int i = 1; node != ReadyQueue.EMPTY; i++) {
                Signal outcome = owner.runBody(node);
                // Bodies may leave the flag set; the worker's next one must not see it.
                Thread.interrupted();
                if (outcome != null) {
                    postAndDrain(outcome);
                }
                node = i < SLICE_LIMIT ? ready.poll() : ReadyQueue.EMPTY;
            }
        } finally {
            slices.decrementAndGet();
            // Whatever was added while this slice still counted found enough slices out: look again.
            offerSlices();
        }
    }

    /** Carries out what the machine decides. */
    public interface Owner {

        /**
         * Runs the body of a node here and now.
         *
         * @param node number of a node that only computes
         * @return its outcome, or null if that follows later
         */
        @Nullable
        Signal runBody(int node);

        /**
         * Has the body of a node run on another thread.
         *
         * @param node number of the node
         */
        void startBody(int node);

        /**
         * Is told that the machine took signals; by one thread at a time, before any node starts because of them.
         *
         * @param machine the machine, of whose effects only the changes may be taken
         */
        void changed(ExecutionMachine machine);
    }
}
