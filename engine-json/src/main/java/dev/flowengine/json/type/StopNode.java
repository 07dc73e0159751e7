package dev.flowengine.json.type;

import dev.flowengine.extension.DataReader;
import dev.flowengine.extension.NodeType;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.util.List;

/** Fails with a given message, once: it would fail again. What that means to the rest is for the flow to say. */
public final class StopNode implements NodeType {

    @Override
    public String name() {
        return "stop";
    }

    @Override
    public NodeDefinition.Builder define(String nodeId, DataReader parameters) {
        String message = parameters.text("message");
        return NodeDefinition.builder(nodeId)
                .body(context -> {
                    throw FlowException.of(FailureKind.NODE_EXECUTION_FAILED, message)
                            .affectedNodes(List.of(nodeId))
                            .build();
                })
                .cpuBound()
                .retry(RetryPolicy.none());
    }
}
