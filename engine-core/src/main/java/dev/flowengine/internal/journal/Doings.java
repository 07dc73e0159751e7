package dev.flowengine.internal.journal;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.AuditRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What was done to one execution, by whom, and by which message, as far as it is not written yet. */
final class Doings {
    private final String workerId;
    private final List<AuditRecord> audit = new ArrayList<>();
    private final List<String> messages = new ArrayList<>();

    Doings(String workerId) {
        this.workerId = workerId;
    }

    /** A message has been acted upon; of a sender without a name, this worker stands in the audit. */
    void consumed(String messageId, String sender, String action, String reason, Instant now) {
        messages.add(messageId);
        String by = sender.isEmpty() ? workerId : sender;
        add(new AuditRecord(now, by, action, Optional.empty(), Texts.storable(reason)));
    }

    /** This worker has done something. */
    void acted(String action, String detail, Instant now) {
        add(new AuditRecord(now, workerId, action, Optional.empty(), Texts.storable(detail)));
    }

    void statusChanged(ExecutionStatus status, Instant now) {
        add(new AuditRecord(now, workerId, "status-changed", Optional.of(status), ""));
    }

    void add(AuditRecord record) {
        audit.add(record);
    }

    /** Messages have been acted upon whose removal was refused with what else was to be written. */
    void stillConsumed(List<String> messageIds) {
        messages.addAll(messageIds);
    }

    boolean hasNoMessages() {
        return messages.isEmpty();
    }

    List<AuditRecord> takeAudit() {
        List<AuditRecord> taken = List.copyOf(audit);
        audit.clear();
        return taken;
    }

    List<String> takeMessages() {
        List<String> taken = List.copyOf(messages);
        messages.clear();
        return taken;
    }
}
