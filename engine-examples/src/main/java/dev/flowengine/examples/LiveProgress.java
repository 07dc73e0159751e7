package dev.flowengine.examples;

import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.Progress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes the lines of one execution; on a terminal it keeps a bar below them that shows how far the execution has come. */
final class LiveProgress implements Consumer<String> {
    private final Console console;
    private final Bar bar;
    private volatile @Nullable FlowExecution run;

    LiveProgress(Console console) {
        this.console = console;
        this.bar = new Bar(console);
    }

    /** From now on the bar is that of this execution. */
    void watch(FlowExecution execution) {
        run = execution;
    }

    @Override
    public void accept(String line) {
        if (!console.isTerminal()) {
            console.line(line);
            return;
        }
        bar.clear();
        console.line(line);
        FlowExecution watched = run;
        if (watched != null) {
            show(watched.progress());
        }
    }

    private void show(Progress progress) {
        // Whoever writes next finds an empty line once everything is settled.
        if (progress.settled() < progress.total()) {
            bar.show(progress.settled(), progress.total());
        }
    }
}
