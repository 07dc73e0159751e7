package dev.flowengine.json.type;

import dev.flowengine.extension.DataReader;
import dev.flowengine.extension.NodeType;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Ports;
import dev.flowengine.node.SubflowBody;

/**
 * Starts an execution of another flow with its input, and puts out what a node of that puts out, or its execution id. The flow
 * is found by its id among those that are registered when the node starts it; an engine with a store asks for it before.
 */
public final class SubflowNode implements NodeType {

    @Override
    public String name() {
        return "subflow";
    }

    @Override
    public NodeDefinition.Builder define(String nodeId, DataReader parameters) {
        SubflowBody body = SubflowBody.of(parameters.text("flow"), parameters.text("trigger"));
        if (parameters.has("version")) {
            body = body.version(parameters.text("version"));
        }
        String port = parameters.has("port") ? parameters.text("port") : Ports.MAIN;
        boolean returns = parameters.has("returns");
        if (parameters.flag("detached")) {
            if (returns) {
                parameters.problem("returns", "is for a flow that is waited for");
            }
            body = body.detached();
        } else if (returns) {
            body = body.returning(parameters.text("returns"), port);
        }
        if (parameters.has("port") && !returns) {
            parameters.problem("port", "is one of the node that returns names");
        }
        return NodeDefinition.builder(nodeId).anyBody(body).cpuBound();
    }
}
