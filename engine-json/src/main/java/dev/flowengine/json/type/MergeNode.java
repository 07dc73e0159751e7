package dev.flowengine.json.type;

import dev.flowengine.extension.DataReader;
import dev.flowengine.extension.NodeType;
import dev.flowengine.flow.NodeDefinition;

/** Passes on the first of its alternatives that was taken, in the order of its connections. */
public final class MergeNode implements NodeType {

    @Override
    public String name() {
        return "merge";
    }

    @Override
    public NodeDefinition.Builder define(String nodeId, DataReader parameters) {
        return NodeDefinition.builder(nodeId).passThrough();
    }
}
