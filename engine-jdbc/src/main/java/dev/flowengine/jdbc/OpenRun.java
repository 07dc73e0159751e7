package dev.flowengine.jdbc;

import dev.flowengine.persistence.Ownership;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunState;
import dev.flowengine.persistence.Standing;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/**
 * A run while batches are applied to it: what its locked row says, and what it is to say afterwards. A run that has
 * ended has no such row, and only tells repetitions.
 */
final class OpenRun {
    private final String runId;
    private final long runNo;
    private final Optional<String> workerId;
    private final long epoch;
    private Instant lockedAt = Instant.EPOCH;
    private long revision;
    private int tries;
    private int pending;
    private boolean wasPostedTo;
    private boolean isOwned;
    private boolean isChanged;
    private Standing standing = Standing.owned();
    private Optional<RunState> state = Optional.empty();

    private OpenRun(String runId, long runNo, boolean isOwned, Optional<String> workerId, long epoch) {
        this.runId = runId;
        this.runNo = runNo;
        this.isOwned = isOwned;
        this.workerId = workerId;
        this.epoch = epoch;
    }

    static OpenRun read(Row row) throws SQLException {
        String runId = row.text();
        long runNo = row.number();
        boolean owned = row.text().equals(Standings.OWNED);
        Optional<String> worker = row.optionalText();
        long epoch = row.number();
        long revision = row.number();
        int tries = row.integer();
        int pending = row.integer();
        int posted = row.integer();
        OpenRun run = new OpenRun(runId, runNo, owned, worker, epoch);
        run.lockedAt = row.instant();
        run.revision = revision;
        run.tries = tries;
        run.pending = pending;
        run.wasPostedTo = posted > 0;
        return run;
    }

    /** A run that has ended. */
    static OpenRun ended(String runId, long epoch, long revision) {
        OpenRun run = new OpenRun(runId, 0, false, Optional.empty(), epoch);
        run.revision = revision;
        return run;
    }

    String runId() {
        return runId;
    }

    long runNo() {
        return runNo;
    }

    long epoch() {
        return epoch;
    }

    long revision() {
        return revision;
    }

    int tries() {
        return tries;
    }

    int pending() {
        return pending;
    }

    Instant lockedAt() {
        return lockedAt;
    }

    /** Whether there have ever been messages for it. */
    boolean wasPostedTo() {
        return wasPostedTo;
    }

    boolean isOwned() {
        return isOwned;
    }

    boolean isOwnedBy(String worker) {
        return isOwned && workerId.filter(worker::equals).isPresent();
    }

    boolean isChanged() {
        return isChanged;
    }

    boolean hasEnded() {
        return standing instanceof Standing.Ended;
    }

    Standing standing() {
        return standing;
    }

    Optional<RunState> state() {
        return state;
    }

    /** What is kept of who wrote to a run when that is over. */
    Ownership lastOwnership() {
        return new Ownership(standing, workerId, epoch, revision, tries);
    }

    void accept(RunBatch batch) {
        revision = batch.revision();
        tries = batch.makesProgress() ? 0 : tries;
        standing = batch.standing();
        isOwned = standing instanceof Standing.Owned;
        state = batch.state().or(() -> state);
        isChanged = true;
    }

    void consumed(int messages) {
        pending -= messages;
    }
}
