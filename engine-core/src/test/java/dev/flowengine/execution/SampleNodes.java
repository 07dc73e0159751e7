package dev.flowengine.execution;

import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.node.EmittingBody;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Nodes that do one thing. All but the blocked one run on engine workers, so that it cannot be in their way. */
final class SampleNodes {
    private SampleNodes() {}

    static NodeDefinition node(String id) {
        return node(id, JoinRule.DEFAULT, "main");
    }

    static NodeDefinition node(String id, JoinRule join, String... inputs) {
        List<InputPort> ports =
                List.of(inputs).stream().map(InputPort::required).toList();
        return NodeDefinition.builder(id)
                .inputs(ports)
                .join(join)
                .body(context -> id)
                .cpuBound()
                .build();
    }

    static NodeDefinition branch(String id, String fired, String... ports) {
        EmittingBody body = (context, emitter) -> {
            if (!fired.isEmpty()) {
                emitter.emit(fired, id);
            }
        };
        return NodeDefinition.branch(id).outputs(ports).anyBody(body).cpuBound().build();
    }

    static NodeDefinition failing(String id) {
        return failing(id, "connection reset");
    }

    static NodeDefinition failing(String id, String message) {
        return NodeDefinition.builder(id)
                .body(context -> {
                    throw new IOException(message);
                })
                .cpuBound()
                .build();
    }

    static NodeDefinition blocked(String id, CountDownLatch release) {
        return NodeDefinition.builder(id)
                .body(context -> {
                    release.await();
                    return id;
                })
                .build();
    }
}
