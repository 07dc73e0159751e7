package dev.flowengine.examples;

import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.event.NodeCompleted;
import dev.flowengine.event.NodeFailed;

/** Shows on a terminal how many tasks of one replay are done, at most once for each step of the bar. */
final class ProgressBar implements ExecutionListener {
    private final Bar bar;
    private final TraceReplay replay;
    private final EndOfEvents end;
    private int done;
    private int shown = -1;

    ProgressBar(Console console, TraceReplay replay, EndOfEvents end) {
        this.bar = new Bar(console);
        this.replay = replay;
        this.end = end;
    }

    @Override
    public void onNodeCompleted(NodeCompleted event) {
        if (!event.nodeId().equals(replay.flow().trigger())) {
            advance();
        }
    }

    @Override
    public void onNodeFailed(NodeFailed event) {
        advance();
    }

    @Override
    public void onExecutionFinished(ExecutionFinished event) {
        bar.clear();
        end.reached();
    }

    private void advance() {
        int tasks = replay.analysis().tasks();
        done++;
        int filled = Bar.steps(done, tasks);
        if (filled > shown) {
            shown = filled;
            bar.show(done, tasks);
        }
    }
}
