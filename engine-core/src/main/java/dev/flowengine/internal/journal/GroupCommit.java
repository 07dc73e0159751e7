package dev.flowengine.internal.journal;

import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.CreateAnswer;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.RunBatch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Writes what the executions of an engine decide, of many at once in one transaction (DeWitt et al., <i>Implementation
 * techniques for main memory database systems</i>, 1984): as soon as one write has ended, the next one takes everything that
 * has come meanwhile. So a lone execution waits for nobody, and a thousand share what a commit costs.
 *
 * <p>There are a few lanes, so that the store has something to do while it waits for a disk, or the engine makes rows of what it
 * has decided; each execution keeps to one of them.
 *
 * <p>A store that fails for the moment is asked again, for ever: no write is given up but by a close; one with which alone
 * it fails no longer holds up the others. What the store cannot write at all is found by halves, and is told so alone. The
 * writes of one execution keep their order. What waits is bounded by the executions there are: each gives its next write
 * after the answer to the one before.
 *
 * <p>Thread-safe. Nobody waits but who offers to: answers are told on the threads that write, which are the engine's own.
 */
public final class GroupCommit {
    private final ExecutionStore store;
    private final List<WriteLane> lanes;

    /**
     * Starts to write.
     *
     * @param store where to
     * @param lanes how many transactions there may be at once
     * @param mostAtOnce how many writes make up a transaction at most
     * @param threads creates the threads that write
     */
    public GroupCommit(ExecutionStore store, int lanes, int mostAtOnce, ThreadFactory threads) {
        this.store = store;
        this.lanes = Stream.generate(() -> new WriteLane(store, mostAtOnce, threads))
                .limit(lanes)
                .toList();
        this.lanes.forEach(WriteLane::start);
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
        String id = run.header().executionId();
        laneOf(id).create(new Write<>(id, run, answered, failed));
    }

    /**
     * Applies a batch, after all batches of the same run that were given before.
     *
     * @param batch what
     * @param answered is told the store's answer
     * @param failed is told why it cannot be written at all, or {@link Closed}
     * @param mayWait whether the calling thread may write it, which then is told before this returns; it does where nobody
     *     else writes, and spares the way to another thread and back
     */
    public void apply(
            RunBatch batch, Consumer<BatchAnswer> answered, Consumer<RuntimeException> failed, boolean mayWait) {
        String id = batch.executionId();
        Write<RunBatch, BatchAnswer> write = new Write<>(id, batch, answered, failed);
        WriteLane lane = laneOf(id);
        if (!mayWait || !lane.appliesHere(write)) {
            lane.apply(write);
        }
    }

    private WriteLane laneOf(String run) {
        return lanes.get(Math.floorMod(run.hashCode(), lanes.size()));
    }

    /**
     * Why the store does not write at the moment.
     *
     * @return what it said last; empty if it writes
     */
    public Optional<RuntimeException> failing() {
        return lanes.stream().flatMap(lane -> lane.failing().stream()).findFirst();
    }

    /**
     * Writes what waits, and nothing more. What cannot be written in time is told {@link Closed}.
     *
     * @param atMost how long to go on
     * @return true if everything was written
     * @throws InterruptedException if the thread is interrupted while waiting; writing is given up then
     */
    public boolean close(Duration atMost) throws InterruptedException {
        long begin = System.nanoTime();
        lanes.forEach(WriteLane::close);
        try {
            for (WriteLane lane : lanes) {
                lane.awaitEnd(atMost.minusNanos(System.nanoTime() - begin));
            }
        } finally {
            lanes.forEach(WriteLane::hurry);
        }
        for (WriteLane lane : lanes) {
            lane.awaitLastAnswer();
        }
        return failing().isEmpty();
    }

    /** The engine was closed before something could be written. */
    public static final class Closed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Closed() {
            super("the engine was closed before this could be written", null, false, false);
        }
    }
}
