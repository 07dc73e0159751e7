package dev.flowengine.internal.kernel;

import dev.flowengine.flow.Flow;
import dev.flowengine.internal.journal.StoredRun;
import dev.flowengine.internal.journal.Texts;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.persistence.AuditRecord;
import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.Claim;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.Message;
import dev.flowengine.persistence.MessageRecord;
import dev.flowengine.persistence.MessageType;
import dev.flowengine.persistence.NodeResult;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.RunState;
import dev.flowengine.persistence.Standing;
import dev.flowengine.persistence.StoreException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Leaves executions to people that cannot be gone on with. What those have asked for meanwhile counts as refused, but for a
 * cancel: that ends the execution, unless it would have to undo something, which nobody can do for it. Then it stays, and that
 * it was cancelled is not forgotten.
 */
final class Parking {
    private final ExecutionStore store;
    private final String workerId;
    private final TakeOver.Engine engine;
    private final Map<String, String> unwritable;

    Parking(ExecutionStore store, String workerId, TakeOver.Engine engine, Map<String, String> unwritable) {
        this.store = store;
        this.workerId = workerId;
        this.engine = engine;
        this.unwritable = unwritable;
    }

    /** Why an execution that is parked was. */
    static String reasonOf(RunRecord run) {
        // Of one that was cancelled the message is the reason of that.
        return run.state()
                .error()
                .map(error -> error.kind() == FailureKind.CANCELLED ? error.stackText() : error.message())
                .orElse("it was parked");
    }

    /** Has nobody go on with an execution until somebody asks for it. */
    void park(Claim claim, RunImage image, Flow flow, String why) {
        String reason = Texts.storable(why);
        Optional<FlowError> cancelled = cancelOf(image).map(cancel -> cancelled(cancel, reason));
        if (cancelled.isPresent()) {
            stopChildren(image, flow);
        }
        boolean ends = cancelled.isPresent() && !StoredRun.hasToUndo(image, flow.compensation());
        ExecutionStatus status = ends ? ExecutionStatus.CANCELLED : ExecutionStatus.PARKED;
        Instant now = store.now();
        RunRecord run = image.run();
        RunBatch.Builder batch =
                RunBatch.of(claim.executionId(), claim.epoch(), run.ownership().revision() + 1);
        RunState parked = RunState.open(ExecutionStatus.PARKED, run.state().startedAt());
        if (ends) {
            batch.state(parked.with(error(reason)).ended(status, now));
            image.nodes().stream()
                    .filter(row -> !row.status().isSettled())
                    .forEach(row -> batch.update(row.settled(NodeStatus.CANCELLED, NodeResult.NONE, now)));
        } else {
            batch.state(parked.with(cancelled.orElseGet(() -> error(reason)))).standing(Standing.dormant(reason));
        }
        image.messages().forEach(record -> batch.consume(record.message().messageId()));
        batch.audit(new AuditRecord(now, workerId, ends ? "cancel" : "parked", Optional.of(status), reason));
        BatchAnswer answer = store.apply(batch.build());
        if (answer.outcome() == BatchAnswer.Outcome.REJECTED) {
            unwritable.put(claim.executionId(), reason);
        }
    }

    /** As what an execution was cancelled, if it was. */
    private static Optional<FlowException> cancelOf(RunImage image) {
        if (StoredRun.isBeingCancelled(image.run())) {
            return image.run().state().error().map(Parking::exception);
        }
        return image.messages().stream()
                .map(MessageRecord::message)
                .filter(message -> message.type() == MessageType.CANCEL)
                .findFirst()
                .map(Message::reason)
                .map(RunControl::cancelled);
    }

    private static FlowException exception(FlowError error) {
        return FlowException.of(error.kind(), error.message())
                .suggestedResolution(error.suggestedResolution())
                .build();
    }

    private void stopChildren(RunImage image, Flow flow) {
        try {
            engine.stopChildren(image, flow);
        } catch (StoreException away) {
            if (away.isTransient()) {
                throw away;
            }
        }
    }

    private static FlowError cancelled(FlowException cancel, String reason) {
        return new FlowError(
                cancel.kind(),
                FlowException.class.getName(),
                Texts.storable(String.valueOf(cancel.getMessage())),
                reason,
                "",
                0,
                cancel.suggestedResolution());
    }

    private static FlowError error(String reason) {
        return new FlowError(
                FailureKind.INVALID_FLOW_STATE,
                FlowException.class.getName(),
                reason,
                "",
                "",
                0,
                "Look for what the execution does to its engines, then resume or cancel it.");
    }
}
