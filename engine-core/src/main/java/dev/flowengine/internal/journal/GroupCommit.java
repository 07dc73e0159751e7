package dev.flowengine.internal.journal;

import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.CreateAnswer;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes what the executions of an engine decide, of many at once in one transaction (DeWitt et al., <i>Implementation
 * techniques for main memory database systems</i>, 1984): as soon as one write has ended, the next one takes everything that
 * has come meanwhile. So a lone execution waits for nobody, and a thousand share what a commit costs.
 *
 * <p>A store that fails for the moment is asked again, for ever: no write is given up but by a close. What the store cannot
 * write at all is found by halves, and is told so alone. The writes of one execution keep their order. What waits is
 * bounded by the executions there are: each gives its next write after the answer to the one before.
 *
 * <p>Thread-safe. Nobody waits: answers are told on the thread that writes, which is the engine's own.
 */
public final class GroupCommit {
    private static final long LAST_ANSWER_MILLIS = 2_000;

    private final ExecutionStore store;
    private final StoreTrouble trouble;
    private final Thread writer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    /** Guarded by the lock, as is all that follows. */
    private List<Write<NewRun, CreateAnswer>> creations = new ArrayList<>();

    private List<Write<RunBatch, BatchAnswer>> batches = new ArrayList<>();
    private int underWay;
    private boolean closing;
    private boolean hurried;
    private @Nullable RuntimeException failing;

    /**
     * Starts to write.
     *
     * @param store where to
     * @param mostAtOnce how many writes make up a transaction at most
     * @param threads creates the thread that writes
     */
    public GroupCommit(ExecutionStore store, int mostAtOnce, ThreadFactory threads) {
        this.store = store;
        this.trouble = new StoreTrouble(mostAtOnce);
        this.writer = threads.newThread(this::writeUntilClosed);
        writer.start();
    }

    /** Where to. */
    ExecutionStore store() {
        return store;
    }

    /**
     * Creates a run.
     *
     * @param run what
     * @param answered is told the store's answer
     * @param failed is told why it cannot be created at all, or {@link Closed}
     */
    public void create(NewRun run, Consumer<CreateAnswer> answered, Consumer<RuntimeException> failed) {
        add(() -> creations.add(new Write<>(run, answered, failed)), failed);
    }

    /**
     * Applies a batch, after all batches of the same run that were given before.
     *
     * @param batch what
     * @param answered is told the store's answer
     * @param failed is told why it cannot be written at all, or {@link Closed}
     */
    public void apply(RunBatch batch, Consumer<BatchAnswer> answered, Consumer<RuntimeException> failed) {
        add(() -> batches.add(new Write<>(batch, answered, failed)), failed);
    }

    /**
     * Why the store does not write at the moment.
     *
     * @return what it said last; empty if it writes
     */
    public Optional<RuntimeException> failing() {
        lock.lock();
        try {
            return Optional.ofNullable(failing);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writes what waits, and nothing more. What cannot be written in time is told {@link Closed}.
     *
     * @param atMost how long to go on
     * @return true if everything was written
     * @throws InterruptedException if the thread is interrupted while waiting; writing is given up then
     */
    public boolean close(Duration atMost) throws InterruptedException {
        signal(() -> closing = true);
        try {
            writer.join(Math.max(1, atMost.toMillis()));
        } finally {
            signal(() -> hurried = true);
        }
        // Not for ever: a store may never answer.
        writer.join(LAST_ANSWER_MILLIS);
        return failing().isEmpty();
    }

    private void add(Runnable addition, Consumer<RuntimeException> failed) {
        boolean late;
        lock.lock();
        try {
            late = closing;
            if (!late) {
                addition.run();
                news.signal();
            }
        } finally {
            lock.unlock();
        }
        if (late) {
            failed.accept(new Closed());
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

    private int waiting() {
        return creations.size() + batches.size() + underWay;
    }

    private void writeUntilClosed() {
        while (awaitWrites()) {
            List<Write<NewRun, CreateAnswer>> created;
            List<Write<RunBatch, BatchAnswer>> applied;
            lock.lock();
            try {
                created = creations;
                creations = new ArrayList<>();
                applied = batches;
                batches = new ArrayList<>();
                underWay = created.size() + applied.size();
            } finally {
                lock.unlock();
            }
            // A run is created before its first batch.
            writeAll(created, store::create);
            writeAll(applied, store::apply);
        }
    }

    /** False once there is nothing to write any more. */
    private boolean awaitWrites() {
        lock.lock();
        try {
            underWay = 0;
            while (waiting() == 0 && !closing) {
                news.awaitUninterruptibly();
            }
            return waiting() > 0;
        } finally {
            lock.unlock();
        }
    }

    private <W, A> void writeAll(List<Write<W, A>> writes, Function<List<W>, List<A>> call) {
        int written = 0;
        int narrowed = writes.size();
        while (written < writes.size()) {
            int most = Math.min(narrowed, trouble.atOnce());
            List<Write<W, A>> group = writes.subList(written, Math.min(writes.size(), written + most));
            try {
                write(group, call);
                trouble.succeeded();
                fails(null);
                written += group.size();
                narrowed = Math.min(writes.size(), 2 * narrowed);
            } catch (StoreUnavailable unavailable) {
                fails(unavailable.reason());
                if (!rest(trouble.failed())) {
                    writes.subList(written, writes.size()).forEach(write -> write.fail(new Closed()));
                    return;
                }
            } catch (RuntimeException | Error refusal) {
                if (group.size() == 1) {
                    group.get(0)
                            .fail(refusal instanceof RuntimeException why ? why : new IllegalStateException(refusal));
                    written++;
                }
                narrowed = Math.max(1, group.size() / 2);
            }
        }
    }

    /** Writes a group and tells the answers; if it fails, none of the group has been told anything. */
    private static <W, A> void write(List<Write<W, A>> group, Function<List<W>, List<A>> call) {
        List<A> answers;
        try {
            answers = call.apply(group.stream().map(Write::content).toList());
        } catch (StoreException failure) {
            throw failure.isTransient() ? new StoreUnavailable(failure) : failure;
        }
        if (answers.size() != group.size()) {
            throw new IllegalStateException(
                    "the store was given " + group.size() + " writes and gave " + answers.size() + " answers");
        }
        for (int i = 0; i < group.size(); i++) {
            group.get(i).answer(answers.get(i));
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
                try {
                    left = news.awaitNanos(left);
                } catch (InterruptedException e) {
                    // Nobody interrupts this thread but a store that leaves the flag set: the next write must not see
                    // it.
                }
            }
            return !hurried;
        } finally {
            lock.unlock();
        }
    }

    /** The store fails for the moment. */
    private static final class StoreUnavailable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final StoreException reason;

        StoreUnavailable(StoreException reason) {
            super(reason.getMessage(), reason, false, false);
            this.reason = reason;
        }

        StoreException reason() {
            return reason;
        }
    }

    /** The engine was closed before something could be written. */
    public static final class Closed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Closed() {
            super("the engine was closed before this could be written", null, false, false);
        }
    }
}
