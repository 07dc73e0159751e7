package dev.flowengine.internal.journal;

import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.CreateAnswer;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.RunBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A thread that writes, and what waits for it. As soon as one write has ended, the next one takes what has come meanwhile.
 *
 * <p>Those who were just told that theirs is written are about to come with the next, and whoever is first among them would have a
 * transaction of its own, for which all others wait. So the thread waits until most of them are there, but never
 * longer than a part of what the last write took. One that was told alone waits for nobody.
 *
 * <p>While executions come one by one, each may be written by the thread that has it: between threads more time is lost
 * than in many a database. What comes meanwhile waits for that, too, and is written together afterwards.
 */
final class WriteLane {
    private static final long LAST_ANSWER_MILLIS = 2_000;
    private static final long LONGEST_GATHERING = TimeUnit.MILLISECONDS.toNanos(2);
    /** A write is held up by no more than this part of what it takes anyway. */
    private static final int GATHERING_PART = 4;

    private final ExecutionStore store;
    private final StoreTrouble trouble;
    private final Postponed postponed = new Postponed();
    private final Thread writer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private int told;
    /** Whether its write is over for everybody else. */
    private boolean over;
    /** Guarded by the lock, as is all that follows. */
    private Share last = new Share(0, 0);

    private List<Write<NewRun, CreateAnswer>> creations = new ArrayList<>();

    private List<Write<RunBatch, BatchAnswer>> batches = new ArrayList<>();
    /** How many writes have to wait before the thread is woken. */
    private int wanted = 1;

    /** Whether a transaction is under way, on whatever thread. */
    private boolean busy;

    private boolean closing;
    private boolean hurried;
    private @Nullable RuntimeException failing;

    WriteLane(ExecutionStore store, int mostAtOnce, ThreadFactory threads) {
        this.store = store;
        this.trouble = new StoreTrouble(mostAtOnce);
        this.writer = threads.newThread(this::writeUntilClosed);
    }

    void start() {
        writer.start();
    }

    void create(Write<NewRun, CreateAnswer> write) {
        add(write, () -> creations.add(write));
    }

    void apply(Write<RunBatch, BatchAnswer> write) {
        add(write, () -> batches.add(write));
    }

    /**
     * Writes a batch on the calling thread, and tells what became of it, if nobody else writes nor has much to write.
     *
     * @param write the batch
     * @return false if it has to be written by the lane's own thread
     */
    boolean appliesHere(Write<RunBatch, BatchAnswer> write) {
        if (!begins()) {
            return false;
        }
        // Bodies may leave the flag set, and stores end what is under way because of it.
        Thread.interrupted();
        long begin = System.nanoTime();
        try {
            Write.writeTogether(List.of(write), store::apply);
        } catch (StoreUnavailable unavailable) {
            handOver(write, unavailable.reason());
            return true;
        } catch (RuntimeException | Error refusal) {
            write.fail(refusal);
        }
        ends(new Share(1, System.nanoTime() - begin));
        return true;
    }

    /** The lane's own thread has the patience for a store that fails for the moment. */
    private void handOver(Write<RunBatch, BatchAnswer> write, RuntimeException why) {
        lock.lock();
        try {
            failing = why;
            batches.add(write);
            busy = false;
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    private boolean begins() {
        lock.lock();
        try {
            boolean free = !busy && queued() == 0 && last.told() <= 1 && failing == null && !closing;
            busy |= free;
            return free;
        } finally {
            lock.unlock();
        }
    }

    private void ends(Share share) {
        lock.lock();
        try {
            busy = false;
            last = share;
            if (queued() > 0 || closing) {
                news.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    Optional<RuntimeException> failing() {
        lock.lock();
        try {
            return Optional.ofNullable(failing);
        } finally {
            lock.unlock();
        }
    }

    /** Lets it end once nothing waits. */
    void close() {
        signal(() -> closing = true);
    }

    /** Waits for its end. */
    void awaitEnd(Duration atMost) throws InterruptedException {
        writer.join(Math.max(1, atMost.toMillis()));
    }

    /** Has it give up what the store does not take at once. */
    void hurry() {
        signal(() -> hurried = true);
    }

    /** Waits for its end after it was told to hurry; not for ever: a store may never answer. */
    void awaitLastAnswer() throws InterruptedException {
        writer.join(LAST_ANSWER_MILLIS);
    }

    private void add(Write<?, ?> write, Runnable addition) {
        boolean late;
        lock.lock();
        try {
            late = closing;
            if (!late) {
                addition.run();
                if (!busy && queued() >= wanted) {
                    news.signal();
                }
            }
        } finally {
            lock.unlock();
        }
        if (late) {
            write.fail(new GroupCommit.Closed());
        }
    }

    private void signal(Runnable change) {
        lock.lock();
        try {
            change.run();
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private int queued() {
        return creations.size() + batches.size();
    }

    private void writeUntilClosed() {
        while (awaitWork()) {
            List<Write<NewRun, CreateAnswer>> created;
            List<Write<RunBatch, BatchAnswer>> applied;
            lock.lock();
            try {
                gather();
                created = creations;
                creations = new ArrayList<>();
                applied = batches;
                batches = new ArrayList<>();
                busy = true;
            } finally {
                lock.unlock();
            }
            write(created, applied);
        }
        postponed.giveUp(new GroupCommit.Closed());
    }

    private void write(List<Write<NewRun, CreateAnswer>> created, List<Write<RunBatch, BatchAnswer>> applied) {
        long begin = System.nanoTime();
        told = 0;
        boolean isAlone = created.size() + applied.size() == 1 && postponed.isEmpty();
        over = false;
        Runnable written = () -> {
            if (isAlone) {
                // Who is told of it may be about to write the next one, before this thread has looked around.
                over = true;
                ends(new Share(1, System.nanoTime() - begin));
            }
        };
        // A run is created before its first batch.
        writeAll(created, store::create, written);
        writeAll(applied, store::apply, written);
        long took = System.nanoTime() - begin;
        tryAgain();
        if (!over) {
            ends(new Share(told, took));
        }
    }

    /** False once there is nothing to write any more, or no time. */
    private boolean awaitWork() {
        lock.lock();
        try {
            while (busy || queued() == 0) {
                if (closing && !busy && (hurried || postponed.isEmpty())) {
                    return false;
                }
                long left = busy || postponed.isEmpty() ? Long.MAX_VALUE : postponed.nanosUntilNext();
                if (left <= 0) {
                    return true;
                }
                await(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for those who were just told, for a while. */
    private void gather() {
        int most = last.told() - last.told() / GATHERING_PART;
        long left = Math.min(LONGEST_GATHERING, last.took() / GATHERING_PART);
        wanted = most;
        while (queued() > 0 && queued() < most && left > 0 && !closing) {
            left = await(left);
        }
        wanted = 1;
    }

    private <W, A> void writeAll(List<Write<W, A>> writes, Function<List<W>, List<A>> call, Runnable whenWritten) {
        int written = 0;
        int narrowed = writes.size();
        while (written < writes.size()) {
            if (postponed.takes(writes.get(written), call)) {
                written++;
                continue;
            }
            List<Write<W, A>> group = next(writes, written, Math.min(narrowed, trouble.atOnce()));
            try {
                Write.writeTogether(group, call, whenWritten);
                trouble.succeeded();
                works();
                told += group.size();
                written += group.size();
                narrowed = Math.min(writes.size(), 2 * narrowed);
            } catch (StoreUnavailable unavailable) {
                fails(unavailable.reason());
                if (group.size() == 1) {
                    postponed.add(group.get(0), call);
                    written++;
                }
                if (!rest(trouble.failed())) {
                    writes.subList(written, writes.size()).forEach(write -> write.fail(new GroupCommit.Closed()));
                    return;
                }
            } catch (RuntimeException | Error refusal) {
                if (group.size() == 1) {
                    group.get(0).fail(refusal);
                    written++;
                }
                narrowed = Math.max(1, group.size() / 2);
            }
        }
    }

    /** The next writes, up to one that has to wait. */
    private <W, A> List<Write<W, A>> next(List<Write<W, A>> writes, int from, int most) {
        int end = from + 1;
        while (end < writes.size()
                && end - from < most
                && !postponed.holds(writes.get(end).run())) {
            end++;
        }
        return writes.subList(from, end);
    }

    private void tryAgain() {
        if (!postponed.isEmpty()) {
            StoreUnavailable unavailable = postponed.tryAgain();
            if (unavailable != null) {
                fails(unavailable.reason());
            } else {
                works();
            }
        }
    }

    private void works() {
        if (postponed.isEmpty()) {
            fails(null);
        }
    }

    private void fails(@Nullable RuntimeException why) {
        lock.lock();
        try {
            failing = why;
        } finally {
            lock.unlock();
        }
    }

    /** Leaves the store alone for a while; false if there is no time for that any more. */
    private boolean rest(Duration pause) {
        lock.lock();
        try {
            long left = pause.toNanos();
            while (left > 0 && !hurried) {
                left = await(left);
            }
            return !hurried;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for news; tells how much of the time is left. */
    @SuppressWarnings("WaitNotInLoop") // it is in those of the callers
    private long await(long nanos) {
        long begin = System.nanoTime();
        try {
            return news.awaitNanos(nanos);
        } catch (InterruptedException e) {
            // Nobody interrupts this thread but a store that leaves the flag set: the next write must not see it.
            return nanos - (System.nanoTime() - begin);
        }
    }

    /**
     * What a write came to.
     *
     * @param told how many were told that theirs is written
     * @param took how long it took, in nanoseconds
     */
    private record Share(int told, long took) {}
}
