package dev.flowengine.examples;

import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.event.ExecutionStarted;
import dev.flowengine.event.NodeCancelled;
import dev.flowengine.event.NodeCompleted;
import dev.flowengine.event.NodeEvent;
import dev.flowengine.event.NodeFailed;
import dev.flowengine.event.NodeSkipped;
import dev.flowengine.event.NodeStarted;
import java.time.Instant;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Writes a line for each thing that happens to a node of one execution, as it happens. */
final class NodeLog implements ExecutionListener {
    private final Console console;
    private final EndOfEvents end;
    private Instant began = Instant.EPOCH;

    NodeLog(Console console, EndOfEvents end) {
        this.console = console;
        this.end = end;
    }

    @Override
    public void onExecutionStarted(ExecutionStarted event) {
        began = event.instant();
    }

    @Override
    public void onNodeStarted(NodeStarted event) {
        line(event, "started", UnaryOperator.identity());
    }

    @Override
    public void onNodeCompleted(NodeCompleted event) {
        line(event, "completed", console::green);
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
        end.reached();
    }

    private void line(NodeEvent event, String what, UnaryOperator<String> colour) {
        double after = Milliseconds.between(began, event.instant());
        console.line(String.format(Locale.ROOT, "%8.1f ms  %-14s", after, event.nodeId()) + colour.apply(what));
    }
}
