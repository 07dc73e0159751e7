package dev.flowengine.internal.journal;

import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.persistence.NodeKey;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.NodeResult;
import dev.flowengine.persistence.StepRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows to be written together, each once. */
final class RowSet {
    private final Map<NodeKey, NodeRecord> inserted = new LinkedHashMap<>();
    private final Map<NodeKey, NodeRecord> updated = new LinkedHashMap<>();
    /** Most have none. */
    private List<StepRecord> steps = List.of();

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

    /** What the engine itself remembers beside the rows. */
    void step(StepRecord step) {
        if (steps.isEmpty()) {
            steps = new ArrayList<>();
        }
        steps.add(step);
    }

    boolean isEmpty() {
        return inserted.isEmpty() && updated.isEmpty() && steps.isEmpty();
    }

    List<NodeRecord> inserted() {
        return List.copyOf(inserted.values());
    }

    List<NodeRecord> updated() {
        return List.copyOf(updated.values());
    }

    List<StepRecord> steps() {
        return List.copyOf(steps);
    }

    /**
     * The values were refused, maybe for one of them: the nodes that made them have failed, as far as anybody will read, because
     * of that.
     */
    void failWhatHasOutputs(FlowException why) {
        steps = List.of();
        inserted.replaceAll((key, row) -> withoutOutputs(row, why));
        updated.replaceAll((key, row) -> withoutOutputs(row, why));
    }

    private static NodeRecord withoutOutputs(NodeRecord row, FlowException why) {
        if (row.result().outputs().isEmpty()) {
            return row;
        }
        FlowError error = Texts.storable(new FlowError(
                why.kind(),
                why.getClass().getName(),
                String.valueOf(why.getMessage()),
                "",
                row.key().nodeId(),
                row.key().attempt(),
                why.suggestedResolution()));
        return new NodeRecord(
                row.key(),
                NodeStatus.FAILED,
                row.seq(),
                row.workerId(),
                row.times(),
                NodeResult.failed(error),
                row.decidedBy());
    }
}
