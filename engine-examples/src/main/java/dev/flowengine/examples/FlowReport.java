package dev.flowengine.examples;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowDiagram;
import dev.flowengine.execution.NodeState;
import dev.flowengine.graph.Connection;
import dev.flowengine.model.NodeStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an execution of a flow from a file came to, as text and as JSON.
 *
 * @param result how it ended
 */
record FlowReport(ExecutionResult result) {
    private static final int LONGEST_LINE = 2_000;

    /** Of all outputs together. */
    private static final int LONGEST_JSON = 1_000_000;

    /** For a person. */
    List<String> lines() {
        TextTable summary = new TextTable()
                .row(
                        "flow",
                        result.snapshot().flowId() + " version "
                                + result.snapshot().flowVersion())
                .row("status", result.status().name())
                .row("path", String.join(" > ", result.executionPath()));
        outputs().forEach((node, ports) -> summary.row("output of " + node, line(ports)));
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.addAll(summary.lines());
        lines.add("");
        lines.addAll(new NodeTable(result.snapshot()).lines());
        lines.add("");
        lines.addAll(FlowDiagram.mermaid(result.snapshot()).lines().toList());
        return lines;
    }

    private static String line(Map<String, ?> ports) {
        BoundedJson json = BoundedJson.of(ports, LONGEST_LINE);
        String line = OneLine.of(json.text());
        if (json.fault() == null) {
            return line;
        }
        return line + "... (cut after " + json.text().length() + " characters)";
    }

    /**
     * For a machine.
     *
     * @param complaints is told what is left out, a line for each output
     */
    Map<String, Object> entries(Consumer<String> complaints) {
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("status", result.status().name());
        entries.put("executionId", result.executionId());
        entries.put("executionPath", result.executionPath());
        BoundedOutputs bounded = new BoundedOutputs(LONGEST_JSON, complaints);
        Map<String, Object> outputs = new LinkedHashMap<>();
        outputs().forEach((node, ports) -> outputs.put(node, bounded.of(node, ports)));
        entries.put("outputs", outputs);
        entries.put("nodes", new NodeTable(result.snapshot()).entries());
        return entries;
    }

    /** What the nodes at the ends of the flow fired. */
    private Map<String, Map<String, @Nullable Object>> outputs() {
        Set<String> sources = result.snapshot().graph().connections().stream()
                .map(Connection::from)
                .collect(Collectors.toSet());
        Map<String, Map<String, @Nullable Object>> outputs = new LinkedHashMap<>();
        for (NodeState node : result.snapshot().nodes()) {
            if (node.status() == NodeStatus.COMPLETED && !sources.contains(node.nodeId())) {
                outputs.put(node.nodeId(), result.outputs(node.nodeId()).asMap());
            }
        }
        return outputs;
    }
}
