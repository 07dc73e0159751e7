package dev.flowengine.internal.kernel;

import dev.flowengine.internal.attempt.Attempt;
import dev.flowengine.internal.layout.PlanLayout;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The latest attempt of each node of an execution that runs on a thread of its own, so that it can be interrupted. */
final class LiveAttempts {
    private final AtomicReferenceArray<@Nullable Attempt> attempts;

    LiveAttempts(PlanLayout layout) {
        boolean any = layout.queuedNodes() < layout.size();
        this.attempts = new AtomicReferenceArray<>(any ? layout.size() : 0);
    }

    void add(Attempt attempt) {
        attempts.setRelease(attempt.node(), attempt);
    }

    void interruptAll() {
        for (int node = 0; node < attempts.length(); node++) {
            Attempt attempt = attempts.getAcquire(node);
            if (attempt != null) {
                attempt.interrupt();
            }
        }
    }
}
