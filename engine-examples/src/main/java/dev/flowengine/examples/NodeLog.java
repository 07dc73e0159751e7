package dev.flowengine.examples;

import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.event.ExecutionStarted;
import dev.flowengine.event.ExecutionStatusChanged;
import dev.flowengine.event.NodeAttemptFailed;
import dev.flowengine.event.NodeCancelled;
import dev.flowengine.event.NodeCompleted;
import dev.flowengine.event.NodeEvent;
import dev.flowengine.event.NodeFailed;
import dev.flowengine.event.NodeSkipped;
import dev.flowengine.event.NodeStarted;
import dev.flowengine.model.ExecutionStatus;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Writes a line for each thing that happens in one execution, to a node or to the whole, as it happens. */
final class NodeLog implements ExecutionListener {
    private final Console console;
    private final Consumer<String> lines;
    private final EndOfEvents end;
    private Instant began = Instant.EPOCH;

    NodeLog(Console console, EndOfEvents end) {
        this(console, console::line, end);
    }

    /** Gives the lines, in the colours of the console, to somebody else. */
    NodeLog(Console console, Consumer<String> lines, EndOfEvents end) {
        this.console = console;
        this.lines = lines;
        this.end = end;
    }

    @Override
    public void onExecutionStarted(ExecutionStarted event) {
        began = event.instant();
    }

    @Override
    public void onExecutionStatusChanged(ExecutionStatusChanged event) {
        status(event, event.status(), meaning(event.status()));
    }

    @Override
    public void onNodeStarted(NodeStarted event) {
        line(event, "started", UnaryOperator.identity());
    }

    @Override
    public void onNodeAttemptFailed(NodeAttemptFailed event) {
        String what = "attempt " + event.attempt() + " failed and will be repeated: ";
        line(event, what + OneLine.of(event.error().summary()), console::yellow);
    }

    @Override
    public void onNodeCompleted(NodeCompleted event) {
        String handled = event.handledFailure()
                .map(failure -> ", its failure handled: " + OneLine.of(failure.summary()))
                .orElse("");
        line(event, "completed" + handled, handled.isEmpty() ? console::green : console::yellow);
    }

    @Override
    public void onNodeFailed(NodeFailed event) {
        line(event, "failed: " + OneLine.of(event.error().summary()), console::red);
    }

    @Override
    public void onNodeSkipped(NodeSkipped event) {
        line(event, "skipped: " + event.reason(), UnaryOperator.identity());
    }

    @Override
    public void onNodeCancelled(NodeCancelled event) {
        line(event, "cancelled", console::red);
    }

    @Override
    public void onExecutionFinished(ExecutionFinished event) {
        status(event, event.status(), "the end");
        end.reached();
    }

    private void status(ExecutionEvent event, ExecutionStatus status, String meaning) {
        lines.accept(time(event) + console.yellow("== " + status) + "  " + meaning);
    }

    private void line(NodeEvent event, String what, UnaryOperator<String> colour) {
        lines.accept(time(event) + String.format(Locale.ROOT, "%-14s", event.nodeId()) + colour.apply(what));
    }

    private String time(ExecutionEvent event) {
        return String.format(Locale.ROOT, "%8.1f ms  ", Milliseconds.between(began, event.instant()));
    }

    private static String meaning(ExecutionStatus status) {
        return switch (status) {
            case RUNNING -> "it goes on";
            case WAITING -> "no thread is held until a time has passed";
            case PAUSING -> "nothing starts any more; what runs goes on";
            case PAUSED -> "nothing runs until it is resumed";
            case CANCELLING -> "nothing starts any more; what runs is asked to stop";
            case COMPENSATING -> "what has completed is undone";
            default -> "";
        };
    }
}
