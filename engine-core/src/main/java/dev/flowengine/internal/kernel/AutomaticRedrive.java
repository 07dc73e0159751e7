package dev.flowengine.internal.kernel;

import dev.flowengine.flow.RedrivePolicy;
import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowException;
import java.util.function.BiConsumer;

/** Redrives executions that failed, as the policy of their flow says, and marks those that used up their tries. */
final class AutomaticRedrive {
    private final EngineServices services;
    private final BiConsumer<RunResult, Integer> redrive;

    /**
     * Creates it.
     *
     * @param services do things later, and aside
     * @param redrive is given an execution to redrive, and the number of the try; may throw if it cannot be redriven
     */
    AutomaticRedrive(EngineServices services, BiConsumer<RunResult, Integer> redrive) {
        this.services = services;
        this.redrive = redrive;
    }

    /** An execution has ended. */
    void ended(RunResult end) {
        boolean failed = end.status() == ExecutionStatus.FAILED || end.status() == ExecutionStatus.PARTIAL;
        RunScope scope = end.last().scope();
        if (failed && scope.flow().redrive().maxRedrives() > 0) {
            // Aside, because the predicate of the policy is the host's.
            services.delivery().execute(() -> consider(end, scope.flow().redrive(), scope.automatic()));
        }
    }

    private void consider(RunResult end, RedrivePolicy policy, int tries) {
        FlowException failure = end.failure().orElseThrow();
        if (!applies(policy, failure)) {
            return;
        }
        if (tries >= policy.maxRedrives()) {
            end.exhausted();
        } else {
            services.timer()
                    .schedule(policy.delay(), () -> services.delivery().execute(() -> redrive.accept(end, tries + 1)));
        }
    }

    private static boolean applies(RedrivePolicy policy, FlowException failure) {
        try {
            return policy.appliesTo(failure);
        } catch (RuntimeException | Error broken) {
            // Nobody waits for this: what is wrong with the predicate is told with the failure it was asked about.
            if (broken != failure) {
                failure.addSuppressed(broken);
            }
            return false;
        }
    }
}
