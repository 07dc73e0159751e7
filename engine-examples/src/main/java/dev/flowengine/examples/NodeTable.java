package dev.flowengine.examples;

import dev.flowengine.execution.ExecutionSnapshot;
import dev.flowengine.execution.NodeState;
import dev.flowengine.model.FlowError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The nodes of an execution, as text and as JSON.
 *
 * @param snapshot what became of them
 */
record NodeTable(ExecutionSnapshot snapshot) {

    /** For a person. */
    List<String> lines() {
        TextTable table = new TextTable().row("NODE", "STATUS", "ATTEMPTS", "HANDLED", "STARTED", "TOOK", "WHY");
        for (NodeState node : snapshot.nodes()) {
            table.row(
                    node.nodeId(),
                    node.status().name(),
                    node.attempt() == 0 ? "-" : Integer.toString(node.attempt()),
                    node.handledFailure().map(NodeTable::name).orElse("-"),
                    startedMs(node).map(Milliseconds::text).orElse("-"),
                    tookMs(node).map(Milliseconds::text).orElse("-"),
                    snapshot.explain(node.nodeId()));
        }
        return table.lines();
    }

    /** For a machine. */
    List<Map<String, Object>> entries() {
        return snapshot.nodes().stream().map(this::entries).toList();
    }

    private Map<String, Object> entries(NodeState node) {
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("id", node.nodeId());
        entries.put("status", node.status().name());
        node.skipReason().ifPresent(reason -> entries.put("skipReason", reason.name()));
        entries.put("attempts", node.attempt());
        node.handledFailure().ifPresent(failure -> entries.put("handledFailure", failure.summary()));
        startedMs(node).ifPresent(time -> entries.put("startedMs", Milliseconds.rounded(time, 3)));
        tookMs(node).ifPresent(time -> entries.put("tookMs", Milliseconds.rounded(time, 3)));
        return entries;
    }

    private static String name(FlowError failure) {
        return failure.type().substring(failure.type().lastIndexOf('.') + 1);
    }

    private Optional<Double> startedMs(NodeState node) {
        return node.startedAt().map(start -> Milliseconds.between(snapshot.startedAt(), start));
    }

    private static Optional<Double> tookMs(NodeState node) {
        return node.startedAt().flatMap(start -> node.endedAt().map(end -> Milliseconds.between(start, end)));
    }
}
