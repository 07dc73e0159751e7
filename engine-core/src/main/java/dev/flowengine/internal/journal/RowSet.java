package dev.flowengine.internal.journal;

import dev.flowengine.persistence.NodeKey;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.NodeResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows to be written together, each once. */
final class RowSet {
    private final Map<NodeKey, NodeRecord> inserted = new LinkedHashMap<>();
    private final Map<NodeKey, NodeRecord> updated = new LinkedHashMap<>();

    void insert(NodeRecord row) {
        inserted.put(row.key(), row);
    }

    /** Of a row that is yet to be inserted, that says the later state at once. */
    void update(NodeRecord row) {
        if (inserted.containsKey(row.key())) {
            inserted.put(row.key(), row);
        } else {
            updated.put(row.key(), row);
        }
    }

    boolean isEmpty() {
        return inserted.isEmpty() && updated.isEmpty();
    }

    List<NodeRecord> inserted() {
        return List.copyOf(inserted.values());
    }

    List<NodeRecord> updated() {
        return List.copyOf(updated.values());
    }

    /** The values were refused, maybe for one of them: what happened is written without them. */
    void dropOutputs() {
        inserted.replaceAll((key, row) -> withoutOutputs(row));
        updated.replaceAll((key, row) -> withoutOutputs(row));
    }

    private static NodeRecord withoutOutputs(NodeRecord row) {
        NodeResult result = row.result();
        return new NodeRecord(
                row.key(),
                row.status(),
                row.seq(),
                row.workerId(),
                row.times(),
                new NodeResult(
                        result.firedPorts(),
                        Map.of(),
                        result.error(),
                        result.handled(),
                        result.skipReason(),
                        result.origin()),
                row.decidedBy());
    }
}
