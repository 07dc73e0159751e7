package dev.flowengine.examples;

import dev.flowengine.model.NodeStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A replay as text and as JSON. */
final class ReplayReport {
    private final ReplayOutcome outcome;

    ReplayReport(ReplayOutcome outcome) {
        this.outcome = outcome;
    }

    /** For a person. */
    List<String> lines() {
        ReplaySetting setting = outcome.setting();
        String used = "of " + setting.usableWorkers() + " workers' time, "
                + (setting.usableWorkers() < setting.workers() ? "more could not be used" : "which the trace can use");
        return new TextTable()
                .row("status", outcome.result().status().name())
                .row("tasks", integer(outcome.tasks()))
                .row("completed", integer(outcome.tasksIn(NodeStatus.COMPLETED)))
                .row("failed", integer(outcome.tasksIn(NodeStatus.FAILED)))
                .row("workers", integer(setting.workers()))
                .row("speed", String.format(Locale.ROOT, "%,.6g", setting.speed()), "recorded time / time here")
                .row("makespan", Milliseconds.text(outcome.makespanMs()))
                .row("critical path", Milliseconds.text(outcome.criticalPathMs()))
                .row("total work", Milliseconds.text(outcome.workMs()))
                .row("lower bound", Milliseconds.text(outcome.lowerBoundMs()), "max(critical path, work / workers)")
                .row("Graham's bound", Milliseconds.text(outcome.grahamBoundMs()), "work / workers + critical path")
                .row("utilisation", String.format(Locale.ROOT, "%.1f %%", 100 * outcome.utilisation()), used)
                .lines();
    }

    /** For a machine. */
    Map<String, Object> entries() {
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("tasks", outcome.tasks());
        entries.put("completed", outcome.tasksIn(NodeStatus.COMPLETED));
        entries.put("failed", outcome.tasksIn(NodeStatus.FAILED));
        entries.put("makespanMs", Milliseconds.rounded(outcome.makespanMs(), 3));
        entries.put("criticalPathMs", Milliseconds.rounded(outcome.criticalPathMs(), 3));
        entries.put("workMs", Milliseconds.rounded(outcome.workMs(), 3));
        entries.put("workers", outcome.setting().workers());
        entries.put("utilisation", Milliseconds.rounded(outcome.utilisation(), 4));
        entries.put("status", outcome.result().status().name());
        return entries;
    }

    private static String integer(int value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
