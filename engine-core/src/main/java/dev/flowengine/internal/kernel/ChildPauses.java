package dev.flowengine.internal.kernel;

import dev.flowengine.execution.FlowExecution;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.AuditRecord;
import dev.flowengine.persistence.Message;
import dev.flowengine.persistence.MessageRecord;
import dev.flowengine.persistence.MessageType;
import dev.flowengine.persistence.RunTrail;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Pauses executions, and resumes them, with the one that waits for them. What it asks for can be told from what others ask, so
 * that whoever takes over the latter can find out what it had not come to before its engine was lost. Thread-safe; waits for
 * the store.
 *
 * @param durable keeps executions; null if they live in memory, where nothing is taken over
 */
record ChildPauses(@Nullable DurableRuns durable) {

    void pause(FlowExecution child, String parent) {
        PausedFor.pause(child, with(parent));
    }

    void resume(FlowExecution child, String parent) {
        PausedFor.resume(child, with(parent));
    }

    /** An execution that goes on here was paused or resumed elsewhere, which a child of it may not have been told. */
    void catchUp(FlowExecution child, String parent, boolean paused) {
        DurableRuns runs = durable;
        if (runs == null || child.status().isTerminal()) {
            return;
        }
        // Before what was done about them: what is read twice does no harm.
        List<MessageRecord> pending = runs.store().messages(child.id());
        if (paused) {
            if (!isPaused(lastOf(parent, asked(runs, child, pending)))) {
                pause(child, parent);
            }
        } else if (standsStill(child) || !pending.isEmpty()) {
            List<Asked> all = asked(runs, child, pending);
            if (!all.isEmpty() && isPaused(all.get(all.size() - 1).by(parent))) {
                // First what it is still to be told: the pause may be among that.
                runs.find(child.id()).ifPresent(here -> here.deliver(pending));
                resume(child, parent);
            }
        }
    }

    private static String with(String parent) {
        return "with execution " + parent + ", which waits for it";
    }

    private static boolean standsStill(FlowExecution child) {
        ExecutionStatus status = child.status();
        return status == ExecutionStatus.PAUSING || status == ExecutionStatus.PAUSED;
    }

    private static boolean isPaused(@Nullable Asked last) {
        return last != null && last.type() == MessageType.PAUSE;
    }

    private static @Nullable Asked lastOf(String parent, List<Asked> all) {
        Asked last = null;
        for (Asked asked : all) {
            last = asked.by(parent) == null ? last : asked;
        }
        return last;
    }

    /** All pauses and resumes, in their order. */
    private static List<Asked> asked(DurableRuns runs, FlowExecution child, List<MessageRecord> pending) {
        List<Asked> all = new ArrayList<>();
        List<AuditRecord> audit =
                runs.store().trail(child.id()).map(RunTrail::audit).orElse(List.of());
        for (AuditRecord record : audit) {
            for (MessageType type : List.of(MessageType.PAUSE, MessageType.RESUME)) {
                if (record.action().equals(type.name().toLowerCase(Locale.ROOT))) {
                    all.add(new Asked(type, record.detail()));
                }
            }
        }
        for (MessageRecord record : pending) {
            Message message = record.message();
            if (message.type() == MessageType.PAUSE || message.type() == MessageType.RESUME) {
                all.add(new Asked(message.type(), message.reason()));
            }
        }
        return all;
    }

    /** What somebody has asked of an execution. */
    private record Asked(MessageType type, String why) {

        /** This, if it was asked with a parent; else null. */
        @Nullable
        Asked by(String parent) {
            return why.equals(with(parent)) ? this : null;
        }
    }
}
