package dev.flowengine.internal.kernel;

import dev.flowengine.internal.attempt.Attempt;
import dev.flowengine.internal.machine.NodeTable;
import dev.flowengine.model.NodeStatus;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The latest attempt of each node of an execution, so that it can be asked about and stopped. */
final class LiveAttempts {
    private final AtomicReferenceArray<@Nullable Attempt> attempts;

    LiveAttempts(int nodes) {
        this.attempts = new AtomicReferenceArray<>(nodes);
    }

    void add(Attempt attempt) {
        attempts.setRelease(attempt.node(), attempt);
    }

    /** The nodes a table calls queued whose bodies have started: the machine need not be told of starts. */
    BitSet startedAmongQueued(NodeTable nodes) {
        BitSet started = new BitSet();
        for (int node = 0; node < attempts.length(); node++) {
            if (nodes.status(node) == NodeStatus.QUEUED) {
                Attempt attempt = attempts.getAcquire(node);
                started.set(node, attempt != null && attempt.isStarted());
            }
        }
        return started;
    }

    void cancelAll() {
        for (int node = 0; node < attempts.length(); node++) {
            Attempt attempt = attempts.getAcquire(node);
            if (attempt != null) {
                attempt.cancel();
            }
        }
    }
}
