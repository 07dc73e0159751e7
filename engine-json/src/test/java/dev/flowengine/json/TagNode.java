package dev.flowengine.json;

import dev.flowengine.extension.DataReader;
import dev.flowengine.extension.NodeType;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.InputPort;
import dev.flowengine.node.ValueBody;
import java.util.List;

/** A type of the tests: labels what it gets, after failing so many times; has an optional input on request. */
final class TagNode implements NodeType {

    @Override
    public String name() {
        return "tag";
    }

    @Override
    public NodeDefinition.Builder define(String nodeId, DataReader parameters) {
        String label = parameters.text("label");
        int failures = parameters.has("failures") ? parameters.integer("failures", 0, 10) : 0;
        List<InputPort> inputs = parameters.flag("side")
                ? List.of(InputPort.required("main"), InputPort.optional("side"))
                : List.of(InputPort.required("main"));
        ValueBody body = context -> {
            if (context.attempt() <= failures) {
                throw new IllegalStateException(label + " failed at attempt " + context.attempt());
            }
            return List.of(
                    label,
                    String.valueOf(context.input()).length(),
                    context.parameters().size());
        };
        return NodeDefinition.builder(nodeId).inputs(inputs).body(body).cpuBound();
    }
}
