package dev.flowengine.persistence;

import dev.flowengine.model.LogLine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the owner of a run writes at once: all of it, or nothing.
 *
 * <p>The batches of a run are numbered from 1 without a gap, whoever writes them. That makes a batch safe to repeat: a store
 * that has applied the revision already, under the same epoch, answers so and writes nothing. A batch names each row and
 * each step once: a node that becomes ready and settles in the same batch is inserted as settled.
 *
 * @param executionId the run
 * @param epoch what the owner writes under
 * @param revision one more than that of the last batch applied to the run
 * @param standing who goes on with the run after this batch; anything but owned hands the run back
 * @param state the state of the run from now on; empty if it stays as it is, present if the run ends
 * @param inserted rows of nodes that are not there yet
 * @param updated rows that are there and have not settled: status, seq, worker, times and result are replaced, whatever
 *     they were; {@code readyAt} and {@code decidedBy} are those of the insert
 * @param steps results not recorded yet
 * @param logs what nodes have written
 * @param audit what happened to the run
 * @param consumed ids of messages that were acted upon: they are pending no more. Ids of messages that are not
 *     pending are ignored
 */
public record RunBatch(
        String executionId,
        long epoch,
        long revision,
        Standing standing,
        Optional<RunState> state,
        List<NodeRecord> inserted,
        List<NodeRecord> updated,
        List<StepRecord> steps,
        List<LogLine> logs,
        List<AuditRecord> audit,
        List<String> consumed) {

    /** Copies the lists; refuses null, a revision below 1, rows or steps named twice, and a standing that does not fit the
     * status. */
    public RunBatch {
        Objects.requireNonNull(executionId, "executionId");
        inserted = List.copyOf(inserted);
        updated = List.copyOf(updated);
        steps = List.copyOf(steps);
        logs = List.copyOf(logs);
        audit = List.copyOf(audit);
        consumed = List.copyOf(consumed);
        if (revision < 1) {
            throw new IllegalArgumentException("revision is " + revision + ", but the first one is 1");
        }
        refuseTwice(inserted, updated);
        if (steps.stream().map(StepRecord::key).distinct().count() != steps.size()) {
            throw new IllegalArgumentException("a step is recorded twice: " + steps);
        }
        boolean ends = state.isPresent() && state.get().status().isTerminal();
        if (standing instanceof Standing.Ended != ends) {
            throw new IllegalArgumentException("a run ends with a terminal status: " + standing + ", " + state);
        }
    }

    /**
     * Starts a batch after which its writer still owns the run.
     *
     * @param executionId the run
     * @param epoch what the owner writes under
     * @param revision one more than that of the last batch
     * @return a builder
     */
    public static Builder of(String executionId, long epoch, long revision) {
        return new Builder(executionId, epoch, revision);
    }

    /**
     * Whether the run gets somewhere by this batch: a node settles, a step is recorded, a message is acted upon. Then the
     * count of its {@linkplain Ownership#tries() tries} begins anew.
     *
     * @return true if so
     */
    public boolean makesProgress() {
        return !steps.isEmpty() || !consumed.isEmpty() || anySettled(inserted) || anySettled(updated);
    }

    static void refuseTwice(List<NodeRecord> inserted, List<NodeRecord> updated) {
        Set<NodeKey> seen = new HashSet<>();
        for (List<NodeRecord> rows : List.of(inserted, updated)) {
            for (NodeRecord row : rows) {
                if (!seen.add(row.key())) {
                    throw new IllegalArgumentException("a row is written twice: " + row.key());
                }
            }
        }
    }

    private static boolean anySettled(List<NodeRecord> rows) {
        return rows.stream().anyMatch(row -> row.status().isSettled());
    }

    /** Collects the parts of a batch; not thread-safe. */
    public static final class Builder {
        private final String executionId;
        private final long epoch;
        private final long revision;
        private final List<NodeRecord> inserted = new ArrayList<>();
        private final List<NodeRecord> updated = new ArrayList<>();
        private final List<StepRecord> steps = new ArrayList<>();
        private final List<LogLine> logs = new ArrayList<>();
        private final List<AuditRecord> audit = new ArrayList<>();
        private final List<String> consumed = new ArrayList<>();
        private Standing standing = Standing.owned();
        private @Nullable RunState state;

        private Builder(String executionId, long epoch, long revision) {
            this.executionId = executionId;
            this.epoch = epoch;
            this.revision = revision;
        }

        /**
         * Says who goes on with the run.
         *
         * @param next its standing after this batch
         * @return this
         */
        public Builder standing(Standing next) {
            this.standing = next;
            return this;
        }

        /**
         * Changes the state of the run; a terminal one ends it.
         *
         * @param next its state after this batch
         * @return this
         */
        public Builder state(RunState next) {
            this.state = next;
            this.standing = next.status().isTerminal() ? Standing.ended() : standing;
            return this;
        }

        /**
         * Adds a row.
         *
         * @param row a node whose key is not there yet
         * @return this
         */
        public Builder insert(NodeRecord row) {
            inserted.add(row);
            return this;
        }

        /**
         * Changes a row.
         *
         * @param row a node whose key is there, and has not settled
         * @return this
         */
        public Builder update(NodeRecord row) {
            updated.add(row);
            return this;
        }

        /**
         * Records a step.
         *
         * @param step a step whose key is not there yet
         * @return this
         */
        public Builder step(StepRecord step) {
            steps.add(step);
            return this;
        }

        /**
         * Adds a log line.
         *
         * @param line what a node has written
         * @return this
         */
        public Builder log(LogLine line) {
            logs.add(line);
            return this;
        }

        /**
         * Adds an audit row.
         *
         * @param row what happened
         * @return this
         */
        public Builder audit(AuditRecord row) {
            audit.add(row);
            return this;
        }

        /**
         * Takes a message from those pending.
         *
         * @param messageId a message that was acted upon, or is recorded for later in this batch
         * @return this
         */
        public Builder consume(String messageId) {
            consumed.add(messageId);
            return this;
        }

        /**
         * Creates the batch.
         *
         * @return an immutable batch
         */
        public RunBatch build() {
            return new RunBatch(
                    executionId,
                    epoch,
                    revision,
                    standing,
                    Optional.ofNullable(state),
                    inserted,
                    updated,
                    steps,
                    logs,
                    audit,
                    consumed);
        }
    }
}
