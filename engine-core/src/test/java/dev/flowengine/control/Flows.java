package dev.flowengine.control;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.node.ValueBody;

/** Flows that tests of control are made of. */
final class Flows {
    private Flows() {}

    /** A trigger {@code t} and the nodes one behind the other. */
    static Flow line(NodeDefinition... nodes) {
        return line(Flow.definition("line"), nodes).build();
    }

    static FlowDefinition line(FlowDefinition flow, NodeDefinition... nodes) {
        flow.trigger("t");
        String last = "t";
        for (NodeDefinition node : nodes) {
            flow.add(node).connect(last, node.id());
            last = node.id();
        }
        return flow;
    }

    /** A trigger {@code t} and the nodes beside each other, in this order. */
    static FlowDefinition fan(NodeDefinition... nodes) {
        FlowDefinition flow = Flow.definition("fan").trigger("t");
        for (NodeDefinition node : nodes) {
            flow.add(node).connect("t", node.id());
        }
        return flow;
    }

    static NodeDefinition.Builder node(String id, ValueBody body) {
        return NodeDefinition.builder(id).body(body);
    }

    static NodeDefinition blocking(String id, ValueBody body) {
        return node(id, body).build();
    }

    static NodeDefinition computing(String id, ValueBody body) {
        return node(id, body).cpuBound().build();
    }

    /** Passes its input on, on a thread for bodies. */
    static NodeDefinition passing(String id) {
        return blocking(id, context -> context.input());
    }
}
