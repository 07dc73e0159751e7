package dev.flowengine.internal.kernel;

import dev.flowengine.internal.attempt.Attempt;
import dev.flowengine.internal.layout.PlanLayout;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The latest attempt of each node of an execution that runs on a thread of its own, so that it can be interrupted. */
final class LiveAttempts {
    private final AtomicReferenceArray<@Nullable Attempt> attempts;

    LiveAttempts(PlanLayout layout) {
        this.attempts = new AtomicReferenceArray<>(layout.mayUseBodyThreads() ? layout.size() : 0);
    }

    void add(Attempt attempt) {
        attempts.setRelease(attempt.node(), attempt);
    }

    /** Does something to the latest attempt of a node, if there is one. */
    void with(int node, Consumer<Attempt> action) {
        Attempt attempt = node < attempts.length() ? attempts.getAcquire(node) : null;
        if (attempt != null) {
            action.accept(attempt);
        }
    }

    /** Does something to the latest attempt of each node. */
    void forEach(Consumer<Attempt> action) {
        for (int node = 0; node < attempts.length(); node++) {
            with(node, action);
        }
    }
}
