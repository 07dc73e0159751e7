package dev.flowengine.json.type;

import dev.flowengine.extension.DataReader;
import dev.flowengine.extension.NodeType;
import dev.flowengine.flow.NodeDefinition;

/** Passes its input on through {@code true} or {@code false}, as a condition says. */
public final class IfNode implements NodeType {
    private static final String TRUE = "true";
    private static final String FALSE = "false";

    @Override
    public String name() {
        return "if";
    }

    @Override
    public NodeDefinition.Builder define(String nodeId, DataReader parameters) {
        Condition condition = Conditions.read(parameters);
        return NodeDefinition.branch(nodeId)
                .outputs(TRUE, FALSE)
                .emittingBody(
                        (context, out) -> out.emit(condition.holds(context.input()) ? TRUE : FALSE, context.input()))
                .cpuBound();
    }
}
