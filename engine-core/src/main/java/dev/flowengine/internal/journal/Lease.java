package dev.flowengine.internal.journal;

import dev.flowengine.extension.TimeSource;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.Renewal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The heartbeat of an engine: as long as it comes in time, nobody else takes the engine's executions over. It has a thread of
 * its own, so that no body can hold it up, and measures its own time from before each renewal, so that it never believes
 * longer in its lease than the store does (Gray and Cheriton, <i>Leases</i>, 1989).
 *
 * <p>Thread-safe.
 */
public final class Lease {
    private final ExecutionStore store;
    private final String workerId;
    private final Duration length;
    private final TimeSource time;
    private final Listener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final List<Runnable> waiting = new ArrayList<>();
    private final AtomicLong lapses = new AtomicLong();
    /** Guarded by the lock. */
    private boolean soon;

    /** How far the clock of the store is ahead. */
    private volatile Duration ahead = Duration.ZERO;

    private volatile long settledLapses;
    private volatile long endsAt;
    private volatile boolean begun;
    private volatile boolean closed;
    private volatile @Nullable Throwable failing;

    /**
     * Creates a lease that has not begun.
     *
     * @param store who grants it
     * @param workerId who asks for it
     * @param length for how long, each time
     * @param time the clock
     * @param listener is told what is new
     */
    public Lease(ExecutionStore store, String workerId, Duration length, TimeSource time, Listener listener) {
        this.store = store;
        this.workerId = workerId;
        this.length = length;
        this.time = time;
        this.listener = listener;
    }

    /**
     * Begins.
     *
     * @param threads creates the thread of the heartbeat
     */
    public void start(ThreadFactory threads) {
        threads.newThread(this::beat).start();
    }

    /**
     * Whether nobody else can own what this engine owns.
     *
     * @return false before the first renewal, and after one was missed
     */
    public boolean isLive() {
        return begun && time.nanoTime() - endsAt < 0;
    }

    /**
     * Whether what this engine owns is its own beyond doubt: the lease lives, and if it ended before, somebody has looked
     * since then for what others have taken over.
     *
     * @return false while nothing may start
     */
    public boolean isUndoubted() {
        // In this order: whoever sees the lease begun anew sees that it had ended, too.
        return isLive() && settledLapses == lapses.get();
    }

    /**
     * Tells when it is, by the clock of the store.
     *
     * @param at an instant by the clock of this engine
     * @return the same one, as far as is known
     */
    public Instant inStoreTime(Instant at) {
        return at.plus(ahead);
    }

    /**
     * How often the lease has ended and begun again.
     *
     * @return their number
     */
    public long lapses() {
        return lapses.get();
    }

    /**
     * What others had taken over is not this engine's any more.
     *
     * @param before what {@link #lapses()} was before somebody looked for it
     */
    public void settled(long before) {
        settledLapses = before;
        releaseWaiting();
    }

    /**
     * Runs something as soon as the lease lives {@linkplain #isUndoubted() beyond doubt}: at once, if it does.
     *
     * @param work does not block
     */
    public void whenLive(Runnable work) {
        lock.lock();
        try {
            if (!isUndoubted() && !closed) {
                waiting.add(work);
                return;
            }
        } finally {
            lock.unlock();
        }
        work.run();
    }

    /**
     * Why the last renewal failed.
     *
     * @return what the store said; empty if it succeeded
     */
    public Optional<Throwable> failing() {
        return Optional.ofNullable(failing);
    }

    /** Renews the lease at once, instead of in a while. */
    public void renewSoon() {
        lock.lock();
        try {
            soon = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the heartbeat; the store is not told. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            waiting.clear();
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void beat() {
        while (!closed) {
            long nanos = renew();
            lock.lock();
            try {
                long left = nanos;
                while (left > 0 && !closed && !soon) {
                    left = news.awaitNanos(left);
                }
                soon = false;
            } catch (InterruptedException e) {
                // Nobody interrupts this thread but a store that leaves the flag set.
            } finally {
                lock.unlock();
            }
        }
    }

    /** Renews the lease; tells how long to wait until the next time. */
    private long renew() {
        try {
            long before = time.nanoTime();
            Renewal renewal = store.renew(workerId, length);
            long whole = TimeUnit.NANOSECONDS.convert(renewal.lease());
            ahead = Duration.between(time.instant(), renewal.now());
            // Also if an answer was lost that has said so.
            boolean lapsed = begun && (renewal.lapsed() || !isLive());
            if (lapsed) {
                lapses.incrementAndGet();
            }
            // A tenth less, for clocks that run differently.
            endsAt = before + whole - whole / 10;
            begun = true;
            failing = null;
            listener.renewed(lapsed, renewal.withMessages());
            releaseWaiting();
            return jittered(whole / 3);
        } catch (Throwable failure) {
            // Whatever it is, the next beat must come.
            failing = failure;
            return jittered(TimeUnit.NANOSECONDS.convert(length) / 10);
        }
    }

    private void releaseWaiting() {
        List<Runnable> due = List.of();
        lock.lock();
        try {
            // Unless the answer took longer than the lease lasts.
            if (isUndoubted()) {
                due = List.copyOf(waiting);
                waiting.clear();
            }
        } finally {
            lock.unlock();
        }
        due.forEach(Lease::run);
    }

    /** What one of them throws is no reason to leave the others waiting for ever. */
    private static void run(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error failure) {
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, failure);
        }
    }

    private static long jittered(long nanos) {
        return nanos - ThreadLocalRandom.current().nextLong(nanos / 5 + 1);
    }

    /** Is told of renewals, on the thread of the heartbeat: must not block. */
    public interface Listener {

        /**
         * The lease was renewed.
         *
         * @param lapsed whether it had ended meanwhile, so that others may have taken something over
         * @param withMessages the runs this engine owns for which messages are pending
         */
        void renewed(boolean lapsed, Set<String> withMessages);
    }
}
