package dev.flowengine.internal.kernel;

import dev.flowengine.extension.Timer;
import dev.flowengine.flow.RedrivePolicy;
import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Redrives executions that failed, as the policy of their flow says, and marks those that used up their tries. */
final class AutomaticRedrive {
    /** The least time until what could not be read is read again. */
    private static final Duration READ_AGAIN = Duration.ofSeconds(1);

    private final EngineServices services;
    private final BiConsumer<RunResult, Integer> redrive;
    private final Set<Pending> pending = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

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
        // Whoever waits for it decides what follows.
        boolean awaited = scope.ancestry() != null && scope.ancestry().awaited();
        if (failed && !awaited && scope.flow().redrive().maxRedrives() > 0) {
            // Aside, because the predicate of the policy is the host's.
            services.delivery().execute(() -> consider(end, scope.flow().redrive(), scope.automatic()));
        }
    }

    /** Takes back what has not been redriven yet, and redrives nothing any more. */
    void close() {
        closed = true;
        pending.forEach(Pending::cancel);
    }

    private void consider(RunResult end, RedrivePolicy policy, int tries) {
        FlowException failure = end.failure().orElseThrow();
        if (!applies(policy, failure)) {
            return;
        }
        if (tries >= policy.maxRedrives()) {
            end.exhausted();
        } else {
            new Pending(end, policy, tries + 1).schedule(policy.delay());
        }
    }

    private static boolean applies(RedrivePolicy policy, FlowException failure) {
        try {
            return policy.appliesTo(failure);
        } catch (RuntimeException | Error broken) {
            // Nobody waits for this: what is wrong with the predicate is told with the failure it was asked about.
            addTo(failure, broken);
            return false;
        }
    }

    private static void addTo(FlowException failure, Throwable broken) {
        if (broken != failure) {
            failure.addSuppressed(broken);
        }
    }

    /** An execution that is to be redriven after a while. Whoever removes it from the pending ones decides about it. */
    private final class Pending implements Runnable {
        private final RunResult end;
        private final RedrivePolicy policy;
        private final int number;
        private volatile Timer.@Nullable Scheduled scheduled;

        Pending(RunResult end, RedrivePolicy policy, int number) {
            this.end = end;
            this.policy = policy;
            this.number = number;
        }

        void schedule(Duration delay) {
            pending.add(this);
            try {
                scheduled = services.timer().schedule(delay, this);
            } catch (RuntimeException | Error refused) {
                if (pending.remove(this)) {
                    giveUp(refused);
                }
            }
            if (closed) {
                // The close may have come before there was anything to take back.
                pending.remove(this);
                takeBack();
            }
        }

        @Override
        public void run() {
            if (pending.remove(this)) {
                try {
                    services.delivery().execute(this::redrive);
                } catch (RuntimeException | Error noThread) {
                    giveUp(noThread);
                }
            }
        }

        private void redrive() {
            try {
                redrive.accept(end, number);
            } catch (Redrives.NotYet unreadable) {
                // No try of the policy: a store that is away for longer than all of them must not use them up.
                Duration delay = policy.delay();
                new Pending(end, policy, number).schedule(delay.compareTo(READ_AGAIN) < 0 ? READ_AGAIN : delay);
            } catch (RuntimeException | Error refused) {
                giveUp(refused);
            }
        }

        /** It is not tried again: it belongs to the list of those somebody has to look at. */
        private void giveUp(Throwable why) {
            end.failure().ifPresent(failure -> addTo(failure, why));
            end.exhausted();
        }

        void cancel() {
            if (pending.remove(this)) {
                takeBack();
            }
        }

        private void takeBack() {
            Timer.Scheduled waiting = scheduled;
            if (waiting != null) {
                try {
                    waiting.cancel();
                } catch (RuntimeException | Error refused) {
                    // It may still call, and finds that it has been taken back.
                }
            }
        }
    }
}
