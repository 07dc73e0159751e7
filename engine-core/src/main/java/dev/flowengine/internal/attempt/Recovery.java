package dev.flowengine.internal.attempt;

import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.NodeFailure;
import dev.flowengine.internal.machine.Signal;
import dev.flowengine.internal.scheduling.BodySlot;
import dev.flowengine.internal.scheduling.BodyTask;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.TypeRef;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Makes the value of a node out of its failure, by what the host gave for it, and tells the machine. */
public final class Recovery extends Signal implements BodyTask {
    private final AttemptHost host;
    private final int node;
    private final int ticket;
    private final ErrorHandling.Recover handling;
    private final NodeFailure failure;
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile @Nullable BodyGuard guard;
    private @Nullable Object value;
    private @Nullable Runnable keep;
    private @Nullable NodeFailure failed;

    /**
     * Creates a recovery that has not started.
     *
     * @param host the execution
     * @param node number of the node
     * @param ticket what the machine expects the answer with
     * @param handling makes the value
     * @param failure how the node failed
     */
    public Recovery(AttemptHost host, int node, int ticket, ErrorHandling.Recover handling, NodeFailure failure) {
        this.host = host;
        this.node = node;
        this.ticket = ticket;
        this.handling = handling;
        this.failure = failure;
    }

    @Override
    public void run(BodySlot slot) {
        if (host.holdsBack(this)) {
            return;
        }
        BodyGuard running = new BodyGuard(slot);
        guard = running;
        if (told.get()) {
            return;
        }
        running.enter();
        try {
            recover();
        } finally {
            running.leave();
        }
        if (told.compareAndSet(false, true)) {
            host.settled(this);
        } else {
            host.late();
        }
    }

    @Override
    public void refused(Throwable cause) {
        if (told.compareAndSet(false, true)) {
            failed = Failures.refusedByExecutor(cause, nodeId());
            host.settledElsewhere(this);
        }
    }

    /** Lets go of the recovery, which nobody waits for any more: whatever comes of it is not told. */
    public void abandon() {
        BodyGuard running = told.compareAndSet(false, true) ? guard : null;
        if (running != null) {
            host.runAside(() -> {
                running.giveUp();
                running.interruptThread();
            });
        }
    }

    /** Interrupts it, if it runs. */
    public void interrupt() {
        BodyGuard running = guard;
        if (running != null) {
            running.interruptThread();
        }
    }

    @Override
    public void applyTo(ExecutionMachine machine) {
        boolean heard =
                failed == null ? machine.completed(node, ticket, value) : machine.failed(node, ticket, failed, null);
        if (!heard) {
            host.late();
        } else if (failed == null && keep != null) {
            keep.run();
        }
    }

    private void recover() {
        if (host.isCancelled()) {
            failed = failure;
            return;
        }
        try {
            value = handling.recovery().apply(failure.error());
            TypeRef<?> type = host.scope().layout().valueType(node);
            if (type != null && !type.accepts(value)) {
                throw Failures.wrongType(nodeId(), type, value);
            }
        } catch (Throwable thrown) {
            fail(thrown, FailureKind.NODE_EXECUTION_FAILED);
            return;
        }
        try {
            keep = host.encode(node, value, false);
        } catch (FlowException unkept) {
            fail(unkept, unkept.kind());
        }
    }

    private void fail(Throwable thrown, FailureKind kind) {
        Throwable first = failure.cause();
        if (first != null && first != thrown) {
            thrown.addSuppressed(first);
        }
        failed = Failures.of(thrown, kind, nodeId(), failure.error().attempt());
        if (thrown instanceof VirtualMachineError fatal) {
            host.fatal(fatal);
        }
    }

    private String nodeId() {
        return host.scope().nodeId(node);
    }
}
