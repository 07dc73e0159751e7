package dev.flowengine.persistence;

import dev.flowengine.model.LogLine;
import java.util.List;

/**
 * What people want to read about a run, and nobody needs to go on with it.
 *
 * @param logs what its nodes have written, in the order it was kept
 * @param audit what happened to it, in the order it was kept
 */
public record RunTrail(List<LogLine> logs, List<AuditRecord> audit) {

    /** Copies the lists. */
    public RunTrail {
        logs = List.copyOf(logs);
        audit = List.copyOf(audit);
    }
}
