package dev.flowengine.internal.journal;

import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.persistence.AuditRecord;
import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.Standing;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets go of a run that only waits, by a batch after which nobody owns it. Whoever takes signals has nothing else to write then, and
 * takes no more until that is answered; so what happens meanwhile happens to a run that goes on here or to one that does not, never
 * to both. For one thread at a time.
 */
public final class Offload {
    private static final String ACTION = "offloaded";
    private static final String TOLD = "events told: ";

    private final RunWriter writer;
    private final JournalOwner owner;
    private @Nullable Standing standing;
    private long told;

    Offload(RunWriter writer, JournalOwner owner) {
        this.writer = writer;
        this.owner = owner;
    }

    /**
     * When a run was let go of last.
     *
     * @param audit what happened to it, in order
     * @return null if it never was
     */
    public static @Nullable Last last(List<AuditRecord> audit) {
        Last last = null;
        for (AuditRecord record : audit) {
            if (record.action().equals(ACTION) && record.detail().startsWith(TOLD)) {
                last = new Last(record.at(), number(record.detail().substring(TOLD.length())));
            }
        }
        return last;
    }

    private static long number(String text) {
        try {
            return Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException foreign) {
            // Somebody else's word: then events are counted anew.
            return 0;
        }
    }

    /** It is let go of next, if nothing else happens before. */
    void ask(Standing next, long events) {
        standing = next;
        told = events;
    }

    /** Something else has happened. */
    void forget() {
        standing = null;
    }

    /** Writes that the run is nobody's from now on, if that is asked for; otherwise false. */
    boolean begins(ExecutionMachine machine, Doings doings, Instant now, Runnable then) {
        Standing next = standing;
        standing = null;
        if (next == null || machine.hasNews()) {
            return false;
        }
        doings.acted(ACTION, TOLD + told, now);
        List<AuditRecord> audit = doings.takeAudit();
        writer.letGo(
                batch -> {
                    batch.standing(next);
                    audit.forEach(batch::audit);
                },
                answer -> answered(answer, then),
                failure -> failed(failure, then));
        return true;
    }

    private void answered(BatchAnswer answer, Runnable then) {
        switch (answer.outcome()) {
            case APPLIED -> owner.offloaded();
            case FENCED -> owner.fenced();
            // The store is full, say: then it goes on here.
            case REJECTED -> owner.goOn(then);
        }
    }

    private void failed(RuntimeException failure, Runnable then) {
        if (failure instanceof GroupCommit.Closed) {
            owner.released();
        } else {
            owner.goOn(then);
        }
    }

    /**
     * A run was let go of.
     *
     * @param at when
     * @param told how many events had been told of it by then
     */
    public record Last(Instant at, long told) {}
}
