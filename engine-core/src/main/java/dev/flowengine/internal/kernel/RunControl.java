package dev.flowengine.internal.kernel;

import dev.flowengine.internal.journal.DurableJournal;
import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.Message;
import java.util.Locale;
import java.util.function.Consumer;

/** What is asked of an execution that goes on here: of its handle, or by a message that was left for it in the store. */
final class RunControl {
    private final FlowRun run;

    RunControl(FlowRun run) {
        this.run = run;
    }

    ExecutionStatus pause() {
        return ask("pause", "", ExecutionMachine::pause);
    }

    ExecutionStatus resume() {
        return ask("resume", "", ExecutionMachine::resume);
    }

    ExecutionStatus cancel(String reason) {
        FlowException cancelled = cancelled(reason);
        return ask("cancel", reason, machine -> machine.cancel(cancelled));
    }

    /** Acts on what somebody asks in another process, or of an engine that did not own the execution then. */
    void deliver(Message message, DurableJournal keeper) {
        run.tell(machine -> {
            switch (message.type()) {
                case PAUSE -> machine.pause();
                case RESUME -> machine.resume();
                case CANCEL -> machine.cancel(cancelled(message.reason()));
                case SIGNAL -> {
                    return;
                }
            }
            String action = message.type().name().toLowerCase(Locale.ROOT);
            keeper.consumed(message.messageId(), message.sender(), action, message.reason());
        });
    }

    private ExecutionStatus ask(String action, String detail, Consumer<ExecutionMachine> request) {
        ExecutionStatus met = run.status();
        run.tell(machine -> {
            request.accept(machine);
            run.journal().acted(action, detail);
        });
        return met;
    }

    private static FlowException cancelled(String reason) {
        return FlowException.of(FailureKind.CANCELLED, "it was cancelled: " + reason)
                .suggestedResolution("Redrive it if it was cancelled by mistake.")
                .build();
    }
}
