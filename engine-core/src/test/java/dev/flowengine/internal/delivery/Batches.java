package dev.flowengine.internal.delivery;

import dev.flowengine.event.ExecutionEvent;
import java.util.List;

/** Events of one execution, as it hands them over. */
final class Batches {
    private Batches() {}

    static EventBatch of(ExecutionEvent... events) {
        EventBatch batch = new EventBatch(origin(events[0].executionId()));
        List.of(events).forEach(batch::add);
        return batch;
    }

    /** An execution of the flow {@code flow}, whose nodes are called n0, n1 and so on. */
    static EventOrigin origin(String executionId) {
        return new EventOrigin(executionId, "flow", node -> "n" + node);
    }
}
