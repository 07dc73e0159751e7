package dev.flowengine.examples;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSnapshot;
import dev.flowengine.execution.FlowDiagram;
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
                .row("repeated attempts", Integer.toString(repeatedAttempts()))
                .row("handled failures", Integer.toString(handledFailures()))
                .row("receipt", receipt().map(Shop.Receipt::toString).orElse("none"))
                .lines());
        lines.add("");
        lines.addAll(new NodeTable(snapshot).lines());
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
        entries.put("repeatedAttempts", repeatedAttempts());
        entries.put("handledFailures", handledFailures());
        entries.put("nodes", new NodeTable(snapshot).entries());
        receipt().ifPresent(receipt -> entries.put("receipt", receipt));
        entries.put("mermaid", mermaid());
        return entries;
    }

    private int handledFailures() {
        return (int) snapshot.nodes().stream()
                .filter(node -> node.handledFailure().isPresent())
                .count();
    }

    private int repeatedAttempts() {
        return snapshot.nodes().stream()
                .mapToInt(node -> Math.max(0, node.attempt() - 1))
                .sum();
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
