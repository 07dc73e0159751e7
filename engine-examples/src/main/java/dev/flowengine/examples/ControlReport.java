package dev.flowengine.examples;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSnapshot;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an execution under control came to, as text and as JSON.
 *
 * @param stocktaking what was executed
 * @param result how it ended
 * @param statuses what it went through
 */
record ControlReport(StocktakingFlow stocktaking, ExecutionResult result, List<String> statuses) {

    /** For a person. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.addAll(new TextTable()
                .row("execution", result.executionId())
                .row("status", result.status() + " after " + Milliseconds.text(wallMs()))
                .row("went through", String.join(" > ", statuses))
                .row("completed", ofAll(NodeStatus.COMPLETED))
                .row("cancelled", ofAll(NodeStatus.CANCELLED))
                .row("counted", counted())
                .lines());
        lines.add("");
        lines.addAll(new NodeTable(result.snapshot()).lines());
        return lines;
    }

    /** For a machine. */
    Map<String, Object> entries() {
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("status", result.status().name());
        entries.put("executionId", result.executionId());
        entries.put("makespanMs", Milliseconds.rounded(wallMs(), 3));
        entries.put("completed", nodesIn(NodeStatus.COMPLETED));
        entries.put("cancelled", nodesIn(NodeStatus.CANCELLED));
        entries.put("statuses", statuses);
        entries.put("nodes", new NodeTable(result.snapshot()).entries());
        return entries;
    }

    private long nodesIn(NodeStatus status) {
        return result.snapshot().nodes().stream()
                .filter(node -> node.status() == status)
                .count();
    }

    private String ofAll(NodeStatus status) {
        return nodesIn(status) + " of " + result.snapshot().nodes().size() + " nodes";
    }

    private String counted() {
        return result.status() == ExecutionStatus.COMPLETED
                ? result.output(stocktaking.total()) + " items"
                : "not everything";
    }

    private double wallMs() {
        ExecutionSnapshot snapshot = result.snapshot();
        return Milliseconds.between(snapshot.startedAt(), snapshot.endedAt().orElseThrow());
    }
}
