package dev.flowengine.json.type;

import dev.flowengine.extension.DataReader;
import dev.flowengine.extension.NodeType;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.Ports;

/** Makes a list of everything that was taken, in the order of its connections. */
public final class CollectNode implements NodeType {

    @Override
    public String name() {
        return "collect";
    }

    @Override
    public NodeDefinition.Builder define(String nodeId, DataReader parameters) {
        return NodeDefinition.builder(nodeId)
                .inputs(InputPort.collecting(Ports.MAIN))
                .passThrough();
    }
}
