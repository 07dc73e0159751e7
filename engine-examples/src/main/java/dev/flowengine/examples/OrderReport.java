package dev.flowengine.examples;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSnapshot;
import dev.flowengine.execution.FlowDiagram;
import dev.flowengine.execution.NodeState;
import dev.flowengine.model.ExecutionStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an execution of the order flow came to, as text and as JSON. */
final class OrderReport {
    private final OrderFlow order;
    private final ExecutionResult result;
    private final ExecutionSnapshot snapshot;

    OrderReport(OrderFlow order, ExecutionResult result) {
        this.order = order;
        this.result = result;
        this.snapshot = result.snapshot();
    }

    /** For a person. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.addAll(new TextTable()
                .row("execution", snapshot.executionId())
                .row("status", result.status() + " after " + Milliseconds.text(wallMs()))
                .row("path", String.join(" > ", result.executionPath()))
                .row("receipt", receipt().map(Shop.Receipt::toString).orElse("none"))
                .lines());
        lines.add("");
        lines.addAll(nodeTable().lines());
        lines.add("");
        lines.addAll(mermaid().lines().toList());
        return lines;
    }

    /** For a machine. */
    Map<String, Object> entries() {
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("status", result.status().name());
        entries.put("executionId", snapshot.executionId());
        entries.put("makespanMs", Milliseconds.rounded(wallMs(), 3));
        entries.put("executionPath", result.executionPath());
        entries.put("nodes", snapshot.nodes().stream().map(this::nodeEntries).toList());
        receipt().ifPresent(receipt -> entries.put("receipt", receipt));
        entries.put("mermaid", mermaid());
        return entries;
    }

    private TextTable nodeTable() {
        TextTable table = new TextTable().row("NODE", "STATUS", "STARTED", "TOOK", "WHY");
        for (NodeState node : snapshot.nodes()) {
            table.row(
                    node.nodeId(),
                    node.status().name(),
                    startedMs(node).map(Milliseconds::text).orElse("-"),
                    tookMs(node).map(Milliseconds::text).orElse("-"),
                    snapshot.explain(node.nodeId()));
        }
        return table;
    }

    private Map<String, Object> nodeEntries(NodeState node) {
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("id", node.nodeId());
        entries.put("status", node.status().name());
        node.skipReason().ifPresent(reason -> entries.put("skipReason", reason.name()));
        startedMs(node).ifPresent(time -> entries.put("startedMs", Milliseconds.rounded(time, 3)));
        tookMs(node).ifPresent(time -> entries.put("tookMs", Milliseconds.rounded(time, 3)));
        return entries;
    }

    private Optional<Double> startedMs(NodeState node) {
        return node.startedAt().map(start -> Milliseconds.between(snapshot.startedAt(), start));
    }

    private static Optional<Double> tookMs(NodeState node) {
        return node.startedAt().flatMap(start -> node.endedAt().map(end -> Milliseconds.between(start, end)));
    }

    private double wallMs() {
        Instant end = snapshot.endedAt().orElseThrow();
        return Milliseconds.between(snapshot.startedAt(), end);
    }

    private Optional<Shop.Receipt> receipt() {
        return result.status() == ExecutionStatus.COMPLETED
                ? Optional.of(result.output(order.receipt()))
                : Optional.empty();
    }

    private String mermaid() {
        return FlowDiagram.mermaid(snapshot);
    }
}
