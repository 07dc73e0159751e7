package dev.flowengine.internal.attempt;

import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.NodeFailure;
import dev.flowengine.internal.machine.Signal;
import dev.flowengine.internal.scheduling.BodyTask;
import dev.flowengine.node.AsyncBody;
import dev.flowengine.node.Cancellation;
import dev.flowengine.node.EmittingBody;
import dev.flowengine.node.ExecutionContext;
import dev.flowengine.node.Inputs;
import dev.flowengine.node.NodeBody;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.TypeRef;
import dev.flowengine.node.ValueBody;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of one node: at once what its body sees, the work of a thread, and the signal that tells its outcome to the
 * machine. One object for all three, because an attempt is what an execution makes most of.
 */
public final class Attempt extends Signal implements NodeContext, Cancellation, BodyTask {
    private static final int FIRST = 1;

    private final Host host;
    private final int node;
    private Outcome outcome = Outcome.WITHDRAWN;
    private @Nullable Object result;
    private @Nullable Thread thread;
    private boolean interrupted;

    /**
     * Creates an attempt that has not started.
     *
     * @param host the execution
     * @param node number of the node
     */
    public Attempt(Host host, int node) {
        this.host = host;
        this.node = node;
    }

    /** Runs the body on a thread of its own and tells the outcome, now or when it is known. */
    @Override
    public void run() {
        if (!host.mayStart(this) || callInterruptibly()) {
            host.settled(this);
        }
    }

    @Override
    public void refused(Throwable cause) {
        outcome = Outcome.REFUSED;
        result = Failures.refusedByExecutor(cause, nodeId());
        host.settledElsewhere(this);
    }

    /**
     * Runs the body on the calling thread. Never throws.
     *
     * @return true if the outcome is known; false if it will be told to the host later
     */
    public boolean call() {
        boolean known = true;
        try {
            begin();
            known = invokeInContext();
        } catch (Throwable thrown) {
            fail(thrown);
        }
        if (known) {
            recordEnd();
        }
        return known;
    }

    @Override
    public void applyTo(ExecutionMachine machine) {
        outcome.tell(machine, this);
    }

    /** Interrupts the body, if it runs on a thread of its own. */
    public synchronized void interrupt() {
        if (thread != null) {
            interrupted = true;
            thread.interrupt();
        }
    }

    /**
     * The node.
     *
     * @return its number
     */
    public int node() {
        return node;
    }

    @Override
    public String nodeId() {
        return scope().nodeId(node);
    }

    @Override
    public @Nullable Object input() {
        return definition().shape().inputs().isEmpty() ? null : scope().reader().value(node, 0);
    }

    @Override
    public Inputs inputs() {
        return new AttemptInputs(scope(), node);
    }

    @Override
    public ExecutionContext execution() {
        return new AttemptExecution(scope(), node);
    }

    @Override
    public int attempt() {
        return FIRST;
    }

    @Override
    public Cancellation cancellation() {
        return this;
    }

    @Override
    public boolean isRequested() {
        return host.isCancelled();
    }

    private RunScope scope() {
        return host.scope();
    }

    private NodeDefinition definition() {
        return scope().layout().definition(node);
    }

    private boolean callInterruptibly() {
        holdThread();
        try {
            scope().startLog().record(node);
            return call();
        } finally {
            releaseThread();
        }
    }

    private void begin() {
        host.started(this);
        NodeTimes times = scope().times();
        if (times != null) {
            times.start(node);
        }
    }

    private synchronized void holdThread() {
        thread = Thread.currentThread();
        if (host.isCancelled()) {
            // The interrupt of all bodies came too early for this one.
            interrupt();
        }
    }

    /** Guarded as the interrupt is, so that one meant for this body reaches its thread while it runs it, or not at all. */
    private synchronized void releaseThread() {
        thread = null;
        if (interrupted) {
            Thread.interrupted();
        }
    }

    private boolean invokeInContext() throws Exception {
        LoggingContext logging = scope().loggingContext();
        Map<String, String> before = logging.enter(scope(), node, FIRST);
        try {
            return invoke();
        } finally {
            logging.exit(before);
        }
    }

    private boolean invoke() throws Exception {
        ValueBody value = scope().layout().valueBody(node);
        if (value != null) {
            returned(value.call(this));
            return true;
        }
        NodeBody body = definition().body().orElseThrow();
        if (body instanceof EmittingBody emitting) {
            PortEmitter emitter = new PortEmitter(definition());
            emitting.run(this, emitter);
            succeed(Outcome.EMITTED, emitter.accepted());
            return true;
        }
        return startAsync((AsyncBody) body);
    }

    private boolean startAsync(AsyncBody body) throws Exception {
        CompletionStage<? extends @Nullable Object> stage = body.start(this);
        if (stage == null) {
            throw new NullPointerException("the body of node '" + nodeId() + "' returned null instead of a stage");
        }
        AtomicBoolean told = new AtomicBoolean();
        try {
            stage.whenComplete((value, thrown) -> {
                if (told.compareAndSet(false, true)) {
                    completeLater(value, thrown);
                }
            });
        } catch (RuntimeException | Error e) {
            if (told.compareAndSet(false, true)) {
                throw e;
            }
        }
        return false;
    }

    private void completeLater(@Nullable Object value, @Nullable Throwable thrown) {
        if (thrown == null) {
            returned(value);
        } else {
            fail(Failures.unwrap(thrown));
        }
        recordEnd();
        host.settledElsewhere(this);
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
        outcome = how;
        result = value;
    }

    private void fail(Throwable thrown) {
        outcome = Outcome.FAILED;
        result = Failures.of(thrown, nodeId(), FIRST);
        if (thrown instanceof VirtualMachineError fatal) {
            host.fatal(fatal);
        }
    }

    private void recordEnd() {
        NodeTimes times = scope().times();
        if (times != null) {
            times.end(node);
        }
    }

    /** The execution an attempt belongs to. */
    public interface Host {

        /**
         * What the attempts of the execution share.
         *
         * @return the same for all of them
         */
        RunScope scope();

        /**
         * Whether an attempt may still start.
         *
         * @param attempt the attempt
         * @return false if nothing starts any more
         */
        boolean mayStart(Attempt attempt);

        /**
         * Whether bodies should stop.
         *
         * @return true once nobody wants their results any more
         */
        boolean isCancelled();

        /**
         * Is told that a body starts, on its thread.
         *
         * @param attempt the attempt
         */
        void started(Attempt attempt);

        /**
         * Is told of an outcome on the thread of the body, which has nothing else to do.
         *
         * @param attempt the attempt
         */
        void settled(Attempt attempt);

        /**
         * Is told of an outcome on a thread that may be anybody's.
         *
         * @param attempt the attempt
         */
        void settledElsewhere(Attempt attempt);

        /**
         * Is told that the virtual machine is in trouble.
         *
         * @param error what a body threw
         */
        void fatal(VirtualMachineError error);
    }

    private enum Outcome {
        WITHDRAWN {
            @Override
            void tell(ExecutionMachine machine, Attempt attempt) {
                machine.withdrawn(attempt.node);
            }
        },
        REFUSED {
            @Override
            void tell(ExecutionMachine machine, Attempt attempt) {
                if (attempt.result instanceof NodeFailure failure) {
                    machine.refused(attempt.node, failure);
                }
            }
        },
        VALUE {
            @Override
            void tell(ExecutionMachine machine, Attempt attempt) {
                machine.completed(attempt.node, attempt.result);
            }
        },
        EMITTED {
            @Override
            void tell(ExecutionMachine machine, Attempt attempt) {
                if (attempt.result instanceof PortValues values) {
                    machine.emitted(attempt.node, values);
                }
            }
        },
        FAILED {
            @Override
            void tell(ExecutionMachine machine, Attempt attempt) {
                if (attempt.result instanceof NodeFailure failure) {
                    machine.failed(attempt.node, failure);
                }
            }
        };

        abstract void tell(ExecutionMachine machine, Attempt attempt);
    }
}
