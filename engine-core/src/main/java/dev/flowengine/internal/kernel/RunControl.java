package dev.flowengine.internal.kernel;

import dev.flowengine.execution.FlowExecution;
import dev.flowengine.internal.journal.DurableJournal;
import dev.flowengine.internal.machine.ArrivedSignal;
import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.AwaitedSignal;
import dev.flowengine.persistence.Message;
import dev.flowengine.persistence.PostAnswer;
import dev.flowengine.persistence.StoreException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is asked of an execution that goes on here: of its handle, or by a message that was left for it in the store. */
final class RunControl {
    private final FlowRun run;
    private final HostRequests requests = new HostRequests();
    private @Nullable DurableRun kept;
    private volatile boolean isHidden;

    RunControl(FlowRun run) {
        this.run = run;
    }

    /** The execution is kept in a store; told before anything can be asked. */
    void keptBy(DurableRun durable) {
        kept = durable;
    }

    /** Hides the execution until it has been told what was asked of it before it was here: that must not be overtaken. */
    void hide() {
        isHidden = true;
    }

    /** It has been told. */
    void show() {
        isHidden = false;
    }

    boolean isHidden() {
        return isHidden;
    }

    /** Keeps the execution in a store; null if it lives in memory. */
    @Nullable
    DurableRun kept() {
        return kept;
    }

    /** What hosts hold of the execution. */
    FlowExecution handle() {
        return kept == null ? run : kept.handle();
    }

    /** The execution, wherever it goes on now. */
    FlowExecution elsewhere() {
        return run.owner().find(run.id()).orElseThrow(() -> Lookup.notFound(run.id()));
    }

    /** The execution does not go on here any more: whoever has a handle on it asks elsewhere. */
    void leave() {
        DurableRun durable = kept;
        if (durable != null) {
            // Whatever the store says to the rest, who waits for the end is told of it.
            durable.handle().follow();
            try {
                leave(durable);
            } catch (StoreException away) {
                durable.later(() -> leave(durable));
            }
        }
    }

    private void leave(DurableRun durable) {
        // What was asked before comes first: from then on the handle asks elsewhere by itself.
        requests.leave();
        durable.handle().leave();
    }

    ExecutionStatus pause(String why) {
        return ask("pause", why, ExecutionMachine::pause, elsewhere -> PausedFor.pause(elsewhere, why));
    }

    ExecutionStatus resume(String why) {
        return ask("resume", why, ExecutionMachine::resume, elsewhere -> PausedFor.resume(elsewhere, why));
    }

    ExecutionStatus cancel(String reason) {
        FlowException cancelled = cancelled(reason);
        return ask("cancel", reason, machine -> machine.cancel(cancelled), elsewhere -> elsewhere.cancel(reason));
    }

    ExecutionStatus signal(String name, @Nullable Object payload, String signalId) {
        ExecutionStatus met = run.status();
        if (met.isTerminal()) {
            return met;
        }
        AwaitedSignal signal = FlowSignals.require(run.scope().flow(), name, payload);
        if (kept != null) {
            return kept.post(signal, payload, signalId) == PostAnswer.TERMINAL ? kept.storedStatus() : met;
        }
        run.tell(machine -> machine.waits().arrived(new ArrivedSignal(signalId, name, payload, node -> {})));
        return met;
    }

    /** Acts on what somebody asks in another process, or of an engine that did not own the execution then. */
    void deliver(Message message, DurableRun durable, DurableJournal keeper) {
        // If it is let go of meanwhile, the message has it taken up again.
        requests.ask(run::tell, machine -> delivered(machine, message, durable, keeper), durable::hasMessages);
    }

    private void delivered(ExecutionMachine machine, Message message, DurableRun durable, DurableJournal keeper) {
        switch (message.type()) {
            case PAUSE -> machine.pause();
            case RESUME -> machine.resume();
            case CANCEL -> machine.cancel(cancelled(message.reason()));
            case SIGNAL -> {
                signalled(machine, message, durable, keeper);
                return;
            }
        }
        String action = message.type().name().toLowerCase(Locale.ROOT);
        keeper.consumed(message.messageId(), message.sender(), action, message.reason());
    }

    /** A signal that cannot be understood wakes nobody: that it came is all that is kept of it. */
    private void signalled(ExecutionMachine machine, Message message, DurableRun durable, DurableJournal keeper) {
        if (message.name().equals(Recalls.RECALL)) {
            keeper.consumed(message.messageId(), message.sender(), "recalled", "");
            durable.recalled();
            return;
        }
        if (message.name().equals(Subflows.ENDED)) {
            // Whoever reads this looks after the executions that are waited for at once.
            keeper.consumed(message.messageId(), message.sender(), "child-ended", "");
            return;
        }
        try {
            AwaitedSignal signal = FlowSignals.require(run.scope().flow(), message.name());
            Object value = keeper.received(message, signal.type());
            FlowSignals.require(run.scope().flow(), message.name(), value);
            machine.waits()
                    .arrived(new ArrivedSignal(
                            message.messageId(), message.name(), value, node -> keeper.taken(message, signal, node)));
        } catch (FlowException refused) {
            keeper.consumed(
                    message.messageId(),
                    message.sender(),
                    "signal-refused",
                    Optional.ofNullable(refused.getMessage()).orElse(""));
        }
    }

    private ExecutionStatus ask(
            String action, String detail, Consumer<ExecutionMachine> request, Consumer<FlowExecution> again) {
        ExecutionStatus met = run.status();
        ask(
                machine -> {
                    request.accept(machine);
                    run.journal().acted(action, detail);
                },
                () -> again.accept(elsewhere()));
        return met;
    }

    /**
     * Tells the machine something that somebody asks for, once, here or elsewhere.
     *
     * @param request tells it
     * @param again asks for the same elsewhere if the execution does not go on here any more; may block
     */
    void ask(Consumer<ExecutionMachine> request, Runnable again) {
        if (kept == null) {
            run.tell(request);
        } else {
            requests.ask(run::tell, request, again);
        }
    }

    /** Why an execution ends that somebody cancels. */
    static FlowException cancelled(String reason) {
        return FlowException.of(FailureKind.CANCELLED, "it was cancelled: " + reason)
                .suggestedResolution("Redrive it if it was cancelled by mistake.")
                .build();
    }
}
