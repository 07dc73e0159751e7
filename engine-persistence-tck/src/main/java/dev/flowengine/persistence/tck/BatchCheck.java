package dev.flowengine.persistence.tck;

import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.Rejection.Reason;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.StepRecord;
import java.util.Optional;

/** Whether a batch can be applied to its run, asked before anything of it is. */
final class BatchCheck {

    private BatchCheck() {}

    /** The answer for a batch that is not to be applied; empty if it is. */
    static Optional<BatchAnswer> answerFor(RunBatch batch, StoredRun run) {
        long epoch = run.ownership().epoch();
        long revision = run.ownership().revision();
        if (batch.epoch() == epoch && batch.revision() <= revision) {
            return Optional.of(BatchAnswer.applied());
        }
        if (!run.isOwned() || batch.epoch() != epoch) {
            return Optional.of(BatchAnswer.fenced());
        }
        if (batch.revision() != revision + 1) {
            return rejected(Reason.OUT_OF_ORDER, "revision " + batch.revision() + " follows on " + revision);
        }
        return inserts(batch, run).or(() -> updates(batch, run)).or(() -> steps(batch, run));
    }

    private static Optional<BatchAnswer> inserts(RunBatch batch, StoredRun run) {
        for (NodeRecord row : batch.inserted()) {
            if (run.nodes().containsKey(row.key())) {
                return rejected(Reason.DUPLICATE_NODE, "a row is there already: " + row.key());
            }
        }
        return Optional.empty();
    }

    private static Optional<BatchAnswer> updates(RunBatch batch, StoredRun run) {
        for (NodeRecord row : batch.updated()) {
            NodeRecord old = run.nodes().get(row.key());
            if (old == null) {
                return rejected(Reason.UNKNOWN_NODE, "a row is not there: " + row.key());
            }
            if (old.status().isSettled()) {
                return rejected(Reason.NODE_SETTLED, "a row is " + old.status() + " already: " + row.key());
            }
        }
        return Optional.empty();
    }

    private static Optional<BatchAnswer> steps(RunBatch batch, StoredRun run) {
        for (StepRecord step : batch.steps()) {
            if (run.hasStep(step.key())) {
                return rejected(Reason.DUPLICATE_STEP, "a step is recorded already: " + step.key());
            }
        }
        return Optional.empty();
    }

    private static Optional<BatchAnswer> rejected(Reason reason, String detail) {
        return Optional.of(BatchAnswer.rejected(reason, detail));
    }
}
