package dev.flowengine.internal.delivery;

import dev.flowengine.event.ExecutionEvent;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** Events of one execution, as it hands them over. */
final class Batches {
    private static final String[] NODE_IDS =
            IntStream.range(0, 3_000).mapToObj(node -> "n" + node).toArray(String[]::new);

    private Batches() {}

    static EventBatch of(ExecutionEvent... events) {
        EventBatch batch = new EventBatch(origin(events[0].executionId()));
        batch.begin(events[0].seq(), 0);
        List.of(events).forEach(batch::add);
        return batch;
    }

    /** An execution of the flow {@code flow}, admitted at the epoch, whose nodes are called n0, n1 and so on. */
    static EventOrigin origin(String executionId) {
        return new EventOrigin(executionId, "flow", NODE_IDS, Instant.EPOCH);
    }
}
