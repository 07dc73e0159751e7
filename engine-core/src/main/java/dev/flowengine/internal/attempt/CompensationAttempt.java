package dev.flowengine.internal.attempt;

import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.internal.machine.Compensating;
import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.NodeFailure;
import dev.flowengine.internal.scheduling.BodySlot;
import dev.flowengine.internal.scheduling.BodyTask;
import dev.flowengine.model.FailureKind;
import dev.flowengine.node.Cancellation;
import dev.flowengine.node.CompensatingBody;
import dev.flowengine.node.NodeInterceptor;
import dev.flowengine.node.PortValues;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One attempt to undo what a node has done: what its body sees, the work of a thread, and the signal of its outcome. */
public final class CompensationAttempt extends BodyContext implements Cancellation, BodyTask {
    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
    private final RetryPolicy retry;
    private final Watch watch;
    private volatile @Nullable BodyGuard guard;
    private @Nullable NodeFailure failure;
    private @Nullable Duration retryIn;
    private boolean withdrawn;

    /**
     * Creates an attempt that has not started.
     *
     * @param host the execution
     * @param node number of the node
     * @param ticket what the machine expects the answer with
     * @param number which attempt it is, counted from 1
     * @param watch is told when its body starts and ends
     */
    public CompensationAttempt(AttemptHost host, int node, int ticket, int number, Watch watch) {
        super(host, node, ticket, number);
        this.watch = watch;
        this.retry = Objects.requireNonNull(host.scope().layout().compensations())
                .policy()
                .retry();
    }

    @Override
    public void run(BodySlot slot) {
        if (host.holdsBack(this)) {
            return;
        }
        BodyGuard running = new BodyGuard(slot);
        guard = running;
        if (!state.compareAndSet(State.NEW, State.RUNNING)) {
            return;
        }
        watch.started(this);
        Throwable thrown;
        Duration delay;
        running.enter();
        try {
            thrown = undo();
            // Still guarded: what decides about another attempt is the host's, and may block.
            delay = thrown == null || isCutShort() ? null : delayBeforeRetry(thrown);
        } finally {
            running.leave();
        }
        if (state.compareAndSet(State.RUNNING, State.ENDED)) {
            watch.ended(this);
            conclude(thrown, FailureKind.NODE_EXECUTION_FAILED, delay);
            host.settled(this);
        } else {
            host.late();
        }
    }

    @Override
    public void refused(Throwable cause) {
        if (state.compareAndSet(State.NEW, State.ENDED)) {
            failure = Failures.refusedByExecutor(cause, nodeId());
            retryIn = delayBeforeRetry(cause);
            host.settledElsewhere(this);
        }
    }

    /** Takes the attempt back if it has not started, and tells the machine. */
    public void withdraw() {
        if (state.compareAndSet(State.NEW, State.ENDED)) {
            withdrawn = true;
            host.settledElsewhere(this);
        }
    }

    /** Lets go of the attempt, which nobody waits for any more: whatever comes of it is not told. */
    public void abandon() {
        if (!state.compareAndSet(State.NEW, State.ENDED) && cutShort()) {
            host.runAside(this::letGo);
        }
    }

    /**
     * Fails the attempt because it takes too long, and lets go of its body.
     *
     * @param limit how long it was allowed to take
     */
    public void timeOut(Duration limit) {
        if (cutShort()) {
            // Aside, because what decides about another attempt is the host's.
            host.runAside(() -> {
                letGo();
                TimeoutException thrown = Failures.timeout(nodeId(), number, limit);
                conclude(thrown, FailureKind.NODE_TIMEOUT, delayBeforeRetry(thrown));
                host.settledElsewhere(this);
            });
        }
    }

    @Override
    public void applyTo(ExecutionMachine machine) {
        Compensating compensating = Objects.requireNonNull(machine.compensating());
        if (withdrawn) {
            compensating.again(ticket);
        } else if (!(failure == null
                ? compensating.completed(ticket)
                : compensating.failed(ticket, failure, retryIn))) {
            host.late();
        }
    }

    @Override
    public boolean isCompensation() {
        return true;
    }

    @Override
    public String idempotencyKey() {
        return super.idempotencyKey() + "/compensation";
    }

    @Override
    public Cancellation cancellation() {
        return this;
    }

    @Override
    public boolean isRequested() {
        return isCutShort();
    }

    @Override
    boolean isUnderWay() {
        State now = state.get();
        return now == State.NEW || now == State.RUNNING;
    }

    @Override
    String keptAs(String step) {
        return COMPENSATION + step;
    }

    private @Nullable Throwable undo() {
        LoggingContext logging = scope().loggingContext();
        Map<String, String> before = logging.enter(scope(), node, number);
        try {
            if (isCutShort()) {
                throw new CancellationException("its time was over before it began");
            }
            from(0, host.interceptors());
            return null;
        } catch (Throwable thrown) {
            if (thrown instanceof VirtualMachineError fatal) {
                host.fatal(fatal);
            }
            return thrown;
        } finally {
            logging.exit(before);
        }
    }

    private @Nullable Object from(int next, List<NodeInterceptor> interceptors) throws Exception {
        if (next < interceptors.size()) {
            return interceptors.get(next).intercept(this, () -> from(next + 1, interceptors));
        }
        CompensatingBody body = definition().compensation().orElseThrow();
        body.compensate(outputs(), this);
        return null;
    }

    private PortValues outputs() {
        PortValues values = PortValues.none();
        int slot = scope().layout().firstSlot(node);
        for (String port : scope().layout().ports(node)) {
            if (scope().nodes().outputs().isFired(slot)) {
                values = values.and(port, scope().nodes().outputs().get(slot));
            }
            slot++;
        }
        return values;
    }

    private void conclude(@Nullable Throwable thrown, FailureKind kind, @Nullable Duration delay) {
        failure = thrown == null ? null : Failures.of(thrown, kind, nodeId(), number);
        retryIn = delay;
    }

    private @Nullable Duration delayBeforeRetry(Throwable thrown) {
        return Failures.delayBeforeRetry(retry, number, thrown);
    }

    private boolean cutShort() {
        return state.compareAndSet(State.RUNNING, State.CUT_SHORT);
    }

    private boolean isCutShort() {
        return state.get() == State.CUT_SHORT;
    }

    private void letGo() {
        BodyGuard running = guard;
        if (running != null) {
            running.giveUp();
            running.interruptThread();
        }
    }

    /** How far an attempt is. Who takes it from RUNNING to another state tells its outcome. */
    private enum State {
        NEW,
        RUNNING,
        ENDED,
        CUT_SHORT
    }

    /** Is told what an attempt does. */
    public interface Watch {

        /**
         * Its body starts; on its thread.
         *
         * @param attempt the attempt
         */
        void started(CompensationAttempt attempt);

        /**
         * Its body has ended by itself; on its thread.
         *
         * @param attempt the attempt
         */
        void ended(CompensationAttempt attempt);
    }
}
