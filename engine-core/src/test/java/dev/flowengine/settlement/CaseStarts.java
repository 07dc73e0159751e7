package dev.flowengine.settlement;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.oracle.CaseStart;
import dev.flowengine.oracle.GraphCase;
import java.util.List;
import java.util.Map;

/** Starts the flow of a case. */
record CaseStarts(GraphCase graph, Flow flow) {

    /** Starts it as the case says. */
    FlowExecution on(FlowEngine engine) {
        CaseStart start = graph.start();
        return switch (start.kind()) {
            case TRIGGER ->
                engine.executeFromTrigger(flow, start.nodeId(), start.input().get(CaseStart.TRIGGER_DATA), options());
            case NODE -> engine.executeFromNode(flow, start.nodeId(), input(), options());
            case SINGLE -> engine.executeNode(flow, start.nodeId(), input(), options());
        };
    }

    private PortValues input() {
        PortValues values = PortValues.none();
        for (Map.Entry<String, String> entry : graph.start().input().entrySet()) {
            boolean collecting = graph.node(graph.start().nodeId()).inputs().stream()
                    .anyMatch(port -> port.name().equals(entry.getKey()) && port.collecting());
            values = values.and(entry.getKey(), collecting ? List.of(entry.getValue()) : entry.getValue());
        }
        return values;
    }

    private RunOptions options() {
        RunOptions.Builder options = RunOptions.builder();
        graph.pins().forEach((node, ports) -> {
            PortValues values = PortValues.none();
            for (Map.Entry<String, String> port : ports.entrySet()) {
                values = values.and(port.getKey(), port.getValue());
            }
            options.pin(node, values);
        });
        if (graph.skipDependencyCheck()) {
            options.skipDependencyCheck();
        }
        String upTo = graph.start().upTo();
        if (upTo != null) {
            options.upTo(upTo);
        }
        return options.build();
    }
}
