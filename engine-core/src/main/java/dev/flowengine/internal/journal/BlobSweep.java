package dev.flowengine.internal.journal;

import dev.flowengine.persistence.BlobStore;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Removes the blobs of runs that are not there: those that were purged, by whomever, and those that never came to be created
 * because their process was lost. A page of the runs with blobs is looked at each time, and then the next one, round and round.
 *
 * <p>A blob is written before its run is created, so what is young is left alone. Any number of engines may do so on one store.
 * A store that has no run at all is more likely the wrong one, or one that has lost its data, than one whose every run was
 * purged: nothing is removed then.
 */
public final class BlobSweep {
    /** Longer than anybody takes to create a run whose blobs are written. */
    static final Duration YOUNG = Duration.ofDays(1);

    private static final int PAGE = 256;
    private static final int SWEEPS = 12;

    private final BlobStore blobs;
    private final ExecutionStore store;
    private final Sweeper sweeper;
    private @Nullable String last;
    private volatile @Nullable Exception failing;

    /**
     * Creates what has not begun.
     *
     * @param blobs where to remove them
     * @param store knows the runs
     * @param sweepInterval how often the store is looked after; this is done with every twelfth time
     * @param threads creates its thread
     */
    public BlobSweep(BlobStore blobs, ExecutionStore store, Duration sweepInterval, ThreadFactory threads) {
        this.blobs = blobs;
        this.store = store;
        Duration interval = sweepInterval.compareTo(YOUNG) < 0 ? sweepInterval.multipliedBy(SWEEPS) : sweepInterval;
        this.sweeper = new Sweeper(interval, this::removeSome, threads);
    }

    /** Begins. */
    public void start() {
        sweeper.start();
    }

    /**
     * Why blobs cannot be removed.
     *
     * @return what was thrown; empty if they can
     */
    public Optional<Exception> failing() {
        return Optional.ofNullable(failing);
    }

    /**
     * Ends it after the page that is under way.
     *
     * @param atMost how long to wait for that
     * @throws InterruptedException if the thread is interrupted while waiting
     */
    public void close(Duration atMost) throws InterruptedException {
        sweeper.close(atMost);
    }

    private void removeSome() {
        try {
            List<String> page = blobs.idleRuns(YOUNG, last, PAGE);
            boolean isLast = page.size() < PAGE;
            Set<String> gone = new LinkedHashSet<>(page);
            for (RunRecord run : store.find(page)) {
                gone.remove(run.executionId());
            }
            if (!gone.isEmpty() && store.query(RunQuery.all(1)).runs().isEmpty()) {
                throw StoreException.permanentFailure(
                        "the store knows no execution at all, and there are blobs of others: " + blobs,
                        null,
                        "Have the engine use the store these blobs belong to, or remove them by hand.");
            }
            for (String executionId : gone) {
                blobs.remove(executionId);
            }
            last = isLast ? null : page.get(PAGE - 1);
            if (!isLast && !gone.isEmpty()) {
                sweeper.nudge();
            }
            failing = null;
        } catch (IOException failure) {
            failing = failure;
            throw new UncheckedIOException(failure);
        } catch (RuntimeException failure) {
            failing = failure;
            throw failure;
        }
    }
}
