package dev.flowengine.internal.attempt;

import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.Loops;
import dev.flowengine.internal.machine.MapAnswer;
import dev.flowengine.internal.machine.Maps;
import dev.flowengine.internal.machine.NodeFailure;
import dev.flowengine.internal.scheduling.BodySlot;
import dev.flowengine.internal.scheduling.BodyTask;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.Cancellation;
import dev.flowengine.node.LoopItem;
import dev.flowengine.node.NodeInterceptor;
import dev.flowengine.node.TypeRef;
import dev.flowengine.node.ValueBody;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of one node: at once what its body sees, the work of a thread, and the signal that tells its outcome to the
 * machine. One object for all three, because an attempt is what an execution makes most of.
 */
public final class Attempt extends BodyContext implements Cancellation, BodyTask {
    private static final int NEW = 0;
    private static final int RUNNING = 1;
    private static final int ENDED = 2;
    private static final int CUT_SHORT = 3;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Attempt.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Outcome outcome = Outcome.WITHDRAWN;
    private @Nullable Object result;
    private @Nullable Runnable keep;
    private @Nullable BodyGuard guard;

    @SuppressWarnings("unused") // through STATE
    private volatile int state;

    /**
     * Creates an attempt that has not started.
     *
     * @param host the execution
     * @param node number of the node
     * @param ticket what the machine expects the answer with
     * @param number which attempt of the node it is, counted from 1
     */
    public Attempt(AttemptHost host, int node, int ticket, int number) {
        super(host, node, ticket, number);
    }

    /** Runs the body on a thread of its own and tells the outcome, now or when it is known. */
    @Override
    public void run(BodySlot slot) {
        if (!host.mayStart()) {
            withdraw();
            return;
        }
        if (host.holdsBack(this)) {
            return;
        }
        guard = new BodyGuard(slot);
        if (STATE.compareAndSet(this, NEW, RUNNING) && callGuarded(guard)) {
            tell(false);
        }
    }

    @Override
    public void refused(Throwable cause) {
        if (STATE.compareAndSet(this, NEW, ENDED)) {
            outcome = Outcome.REFUSED;
            result = Failures.refusedByExecutor(cause, nodeId());
            host.settledElsewhere(this);
        }
    }

    /** Takes the attempt back if it has not started, and tells the host. */
    public void withdraw() {
        if (STATE.compareAndSet(this, NEW, ENDED)) {
            host.settledElsewhere(this);
        }
    }

    /**
     * Lets go of the attempt, which nobody waits for any more: whatever comes of it is not told. May run what the host
     * attached to the stage of an asynchronous body.
     */
    public void abandon() {
        if (wasUnderWay()) {
            cutShort();
        }
    }

    /** The same, but for what runs code of the host, which is done aside. */
    public void abandonAside() {
        if (wasUnderWay()) {
            host.runAside(this::cutShort);
        }
    }

    /** From now on nothing comes of the attempt; true if its body has begun. */
    private boolean wasUnderWay() {
        if (STATE.compareAndSet(this, NEW, ENDED) || !claim(CUT_SHORT)) {
            return false;
        }
        host.ended(this);
        return true;
    }

    /**
     * Fails the attempt because it takes too long, and lets go of its body.
     *
     * @param limit how long it was allowed to take
     */
    public void timeOut(Duration limit) {
        if (claim(CUT_SHORT)) {
            host.ended(this);
            recordEnd();
            // Aside, because what is attached to a stage and what decides about another attempt is the host's.
            host.runAside(() -> {
                cutShort();
                TimeoutException thrown = Failures.timeout(nodeId(), number, limit);
                Duration delay = delayBeforeRetry(thrown);
                NodeFailure failure = Failures.of(thrown, FailureKind.NODE_TIMEOUT, nodeId(), number);
                host.settledElsewhere(new TimedOutAttempt(node, ticket, failure, delay));
            });
        }
    }

    /**
     * Runs a body that only computes on the calling thread. Never throws.
     *
     * @param begun whether the host knows that the body begins, and when
     * @return true if the outcome is known; false if it will be told to the host later
     */
    public boolean call(boolean begun) {
        boolean known = perform(begun);
        if (known) {
            decide();
            conclude();
        }
        return known;
    }

    @Override
    public void applyTo(ExecutionMachine machine) {
        if (!outcome.tell(machine, this)) {
            host.late();
            letGo();
        } else if (keep != null) {
            keep.run();
        }
        // The latest attempt of a node is held on to, but not what it made.
        result = null;
        keep = null;
        guard = null;
    }

    /** Interrupts the body, if it runs on a thread of its own; cancels the stage of an asynchronous one. */
    public void interrupt() {
        // Reading the state first makes the guard visible that was set before the body began.
        boolean isRunning = (int) STATE.getVolatile(this) == RUNNING;
        BodyGuard running = guard;
        if (isRunning && running != null) {
            running.interrupt().forEach(this::cancel);
        }
    }

    @Nullable
    Object result() {
        return result;
    }

    @Override
    public Cancellation cancellation() {
        return this;
    }

    @Override
    public boolean isRequested() {
        return host.isCancelled() || (int) STATE.getVolatile(this) == CUT_SHORT;
    }

    @Override
    boolean isUnderWay() {
        int now = (int) STATE.getVolatile(this);
        return now == NEW || now == RUNNING;
    }

    private boolean callGuarded(BodyGuard running) {
        if (host.isInterrupting()) {
            // The interrupt of all bodies may have come too early for this one.
            running.interrupt().forEach(this::cancel);
        }
        running.enter();
        try {
            if ((int) STATE.getVolatile(this) == CUT_SHORT) {
                return false;
            }
            if (number == 1) {
                scope().startLog().record(node);
            }
            boolean known = perform(false);
            if (known) {
                // Still guarded: what decides about another attempt is the host's, and may block.
                decide();
            }
            return known;
        } finally {
            running.leave();
        }
    }

    /** Who claims an attempt tells its outcome: its body, or what cuts it short. */
    private boolean claim(int as) {
        return STATE.compareAndSet(this, RUNNING, as);
    }

    private void cutShort() {
        BodyGuard running = guard;
        if (running != null) {
            running.giveUp();
            running.interrupt().forEach(this::cancel);
        }
    }

    /** Cancels what an asynchronous body returned: aside, because that runs whatever the host attached to it. */
    private void cancel(@Nullable Future<?> stage) {
        if (stage != null) {
            host.runAside(() -> Stages.cancel(stage));
        }
    }

    /** Runs the body; false if its outcome is not known yet. */
    private boolean perform(boolean begun) {
        try {
            begin(begun);
            return invokeInContext();
        } catch (Throwable thrown) {
            fail(thrown);
            return true;
        }
    }

    private void begin(boolean begun) throws Exception {
        if (scope().layout().policy(node).atMostOnce()) {
            host.startsOnce(this);
            // That may have taken as long as the store was away.
            if (isRequested()) {
                throw new CancellationException("node '" + nodeId() + "' was to stop before its body began");
            }
            host.checkOwned();
        }
        if (guard != null) {
            // Of the others whoever calls them knows.
            host.started(this);
        }
        NodeTimes times = scope().times();
        boolean goesOn = scope().layout().isLoop(node) && scope().nodes().pass(node) > 0;
        if (times != null && !begun && !goesOn) {
            times.start(node);
        }
    }

    private boolean invokeInContext() throws Exception {
        LoggingContext logging = scope().loggingContext();
        Map<String, String> before = logging.enter(scope(), node, number);
        try {
            return invoke();
        } finally {
            logging.exit(before);
        }
    }

    private boolean invoke() throws Exception {
        List<NodeInterceptor> interceptors = host.interceptors();
        Loops loops = scope().loops();
        if (loops != null && scope().layout().isLoop(node)) {
            if (scope().layout().loops().isMap(node)) {
                distribute(Objects.requireNonNull(loops.maps()), interceptors);
            } else {
                iterate(loops, interceptors);
            }
            return true;
        }
        ValueBody value = scope().layout().valueBody(node);
        if (value != null && interceptors.isEmpty() && !mayBeKnown()) {
            returned(value.call(this));
            return true;
        }
        BodyCall call = new BodyCall(this, definition(), host.results());
        Object made = call.through(interceptors);
        if (value != null) {
            returned(made);
            return true;
        }
        return goesOnWith(call, made);
    }

    /** Whether a result of the node may have been kept for it. */
    private boolean mayBeKnown() {
        return host.results() != null && definition().cache().isPresent();
    }

    /** Takes what a body made that does not return its value; false if the outcome is not known yet. */
    private boolean goesOnWith(BodyCall call, @Nullable Object made) {
        if (call.emits()) {
            succeed(Outcome.EMITTED, call.emitted(made));
            return true;
        }
        if (call.waits()) {
            outcome = Outcome.SUSPENDED;
            result = call.suspension(made, host.now());
            return true;
        }
        CompletionStage<?> stage = call.stage(made);
        goesOnAs(call.started());
        if (stage != call.started()) {
            goesOnAs(stage);
        }
        Stages.tell(stage, this::completeLater);
        return false;
    }

    private void iterate(Loops loops, List<NodeInterceptor> interceptors) throws Exception {
        LoopCall call = new LoopCall(this, definition(), loops.progress(node));
        LoopItem item = loops.isBroken(node) ? LoopItem.none() : call.next(interceptors);
        if (keeps(call.toKeep(item, () -> loops.results(node)), true)) {
            outcome = Outcome.ITERATED;
            result = item;
        }
    }

    private void distribute(Maps maps, List<NodeInterceptor> interceptors) {
        MapCall call = new MapCall(this, definition(), maps);
        try {
            MapAnswer answer = call.answer(interceptors);
            Object values = call.toKeep(answer);
            if (values == null || keeps(values, true)) {
                outcome = Outcome.MAPPED;
                result = answer;
            } else {
                call.close();
            }
        } catch (Throwable failure) {
            fail(failure, call.failed(failure));
        }
    }

    /** Lets the attempt be cut short by cancelling a stage. */
    private void goesOnAs(@Nullable CompletionStage<?> stage) {
        BodyGuard running = guard;
        if (running != null && stage instanceof Future<?> future) {
            cancel(running.goesOnAs(future));
        }
    }

    private void completeLater(@Nullable Object value, @Nullable Throwable thrown) {
        if (thrown == null) {
            try {
                returned(value);
            } catch (RuntimeException unkept) {
                fail(unkept);
            }
        } else {
            fail(Failures.unwrap(thrown));
        }
        decide();
        if (guard == null) {
            conclude();
            host.settledElsewhere(this);
        } else {
            tell(true);
        }
    }

    /** Tells the outcome of a body that may have been cut short meanwhile. */
    private void tell(boolean elsewhere) {
        if (claim(ENDED)) {
            host.ended(this);
            conclude();
            if (elsewhere) {
                host.settledElsewhere(this);
            } else {
                host.settled(this);
            }
        } else if (!(guard != null && guard.wasAsync() && wasCancelled())) {
            // A cancelled stage is what cutting it short comes to: no work of a body is lost with it.
            host.late();
            letGo();
        }
    }

    /** Nobody wants what was made: a source that was opened is closed. */
    private void letGo() {
        if (result instanceof MapAnswer answer && answer.source() != null) {
            host.closeItems(answer.source());
        }
    }

    private boolean wasCancelled() {
        return result instanceof FailedBody.Thrown made && made.thrown() instanceof CancellationException;
    }

    private void returned(@Nullable Object value) {
        TypeRef<?> type = scope().layout().valueType(node);
        if (type == null || type.accepts(value)) {
            succeed(Outcome.VALUE, value);
        } else {
            fail(Failures.wrongType(nodeId(), type, value));
        }
    }

    private void succeed(Outcome how, @Nullable Object value) {
        if (keeps(value, how == Outcome.EMITTED)) {
            outcome = how;
            result = value;
            succeeded();
        }
    }

    /** Prepares what was made to be kept; where it cannot be, the attempt has failed. */
    private boolean keeps(@Nullable Object value, boolean emits) {
        try {
            keep = host.encode(node, value, emits);
            return true;
        } catch (FlowException unkept) {
            fail(unkept, unkept.kind());
            return false;
        }
    }

    private void fail(Throwable thrown) {
        fail(thrown, thrown instanceof UnkeptOutput unkept ? unkept.kind() : FailureKind.NODE_EXECUTION_FAILED);
    }

    private void fail(Throwable thrown, FailureKind kind) {
        outcome = Outcome.FAILED;
        result = new FailedBody.Thrown(thrown, kind);
        if (thrown instanceof VirtualMachineError fatal) {
            host.fatal(fatal);
        }
    }

    /** Decides whether another attempt follows a failed one, unless this one has been cut short: then that is decided. */
    private void decide() {
        boolean failed = outcome == Outcome.FAILED && (int) STATE.getVolatile(this) != CUT_SHORT;
        if (failed && result instanceof FailedBody.Thrown made) {
            // Before the failure is described: what goes wrong here belongs to it.
            Duration retryIn = delayBeforeRetry(made.thrown());
            result = new FailedBody(Failures.of(made.thrown(), made.kind(), nodeId(), number), retryIn);
        }
    }

    /** The outcome is about to be told. */
    private void conclude() {
        STATE.setRelease(this, ENDED);
        recordEnd();
    }

    private @Nullable Duration delayBeforeRetry(Throwable thrown) {
        return Failures.delayBeforeRetry(scope().layout().policy(node).retry(), number, thrown);
    }

    private void recordEnd() {
        NodeTimes times = scope().times();
        if (times != null && outcome != Outcome.SUSPENDED) {
            times.end(node);
        }
    }
}
