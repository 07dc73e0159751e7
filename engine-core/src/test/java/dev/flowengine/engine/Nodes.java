package dev.flowengine.engine;

import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.InputPort;
import dev.flowengine.node.AsyncBody;
import dev.flowengine.node.EmittingBody;
import dev.flowengine.node.ValueBody;
import java.util.concurrent.CompletionStage;

/** Nodes that tests of flows as data are made of. */
final class Nodes {
    private Nodes() {}

    /** Appends its id to what it receives, so that a value tells where it has been. */
    static NodeDefinition tracing(String id) {
        return node(id, context -> context.input() + ">" + id);
    }

    /** Passes its input on, on a worker. */
    static NodeDefinition passing(String id) {
        return NodeDefinition.builder(id).passThrough().build();
    }

    static NodeDefinition failing(String id) {
        return node(id, context -> {
            throw new IllegalStateException("planned failure of " + id);
        });
    }

    /** Completes without firing its port. */
    static NodeDefinition silent(String id) {
        return NodeDefinition.builder(id)
                .anyBody((EmittingBody) (context, emitter) -> {})
                .cpuBound()
                .build();
    }

    static NodeDefinition node(String id, ValueBody body) {
        return NodeDefinition.builder(id).body(body).build();
    }

    static NodeDefinition async(String id, CompletionStage<?> stage) {
        return NodeDefinition.builder(id).anyBody((AsyncBody) context -> stage).build();
    }

    /** Puts all values that arrive at {@code main} into a list. */
    static NodeDefinition collecting(String id) {
        return NodeDefinition.builder(id)
                .inputs(InputPort.collecting("main"))
                .passThrough()
                .build();
    }

    /** Takes two ports, {@code left} and {@code right}, and joins their values with a plus. */
    static NodeDefinition pair(String id) {
        return NodeDefinition.builder(id)
                .inputs(InputPort.required("left"), InputPort.required("right"))
                .body(context -> context.inputs().port("left").value() + "+"
                        + context.inputs().port("right").value())
                .build();
    }
}
