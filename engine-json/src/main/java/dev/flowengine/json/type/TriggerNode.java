package dev.flowengine.json.type;

import dev.flowengine.extension.DataReader;
import dev.flowengine.extension.NodeType;
import dev.flowengine.flow.NodeDefinition;

/** Where executions begin, and what they begin with. */
public final class TriggerNode implements NodeType {
    /** What flows call this type. */
    public static final String NAME = "trigger";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public NodeDefinition.Builder define(String nodeId, DataReader parameters) {
        return NodeDefinition.trigger(nodeId).toBuilder();
    }
}
