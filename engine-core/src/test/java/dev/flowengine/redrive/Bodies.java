package dev.flowengine.redrive;

import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.node.EmittingBody;
import dev.flowengine.node.Input;
import dev.flowengine.node.NodeContext;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** Nodes whose bodies note that they are called, and fail for as long as a test wants it. */
final class Bodies {
    private final ConcurrentLinkedQueue<String> calls = new ConcurrentLinkedQueue<>();
    private final Set<String> broken = ConcurrentHashMap.newKeySet();

    /** A node that appends its id to what it receives, so that a value tells where it has been. */
    NodeDefinition tracing(String id) {
        return tracingBuilder(id).build();
    }

    /** The same with a join of its own. */
    NodeDefinition joining(String id, JoinRule rule) {
        return tracingBuilder(id).join(rule).build();
    }

    /** The same with input ports of its own. */
    NodeDefinition taking(String id, InputPort... ports) {
        return tracingBuilder(id).inputs(ports).build();
    }

    /** The same, to be configured further. */
    NodeDefinition.Builder tracingBuilder(String id) {
        return NodeDefinition.builder(id).body(this::trace);
    }

    /** A node that fires one of its ports, with what it receives. */
    NodeDefinition choosing(String id, String port, String... ports) {
        return NodeDefinition.builder(id)
                .outputs(ports)
                .anyBody((EmittingBody) (context, emitter) -> emitter.emit(port, trace(context)))
                .build();
    }

    /** Notes a call, which fails if the node is broken. */
    void called(String id) {
        calls.add(id);
        if (broken.contains(id)) {
            throw new IllegalStateException("planned failure of " + id);
        }
    }

    /** From now on these nodes fail. */
    void breakDown(String... ids) {
        broken.addAll(List.of(ids));
    }

    /** From now on no node fails. */
    void mend() {
        broken.clear();
    }

    /** The nodes whose bodies have been called since this was asked last, sorted, each as often as it was called. */
    List<String> takeCalls() {
        List<String> taken = calls.stream().sorted().toList();
        calls.clear();
        return taken;
    }

    private String trace(NodeContext context) {
        called(context.nodeId());
        return context.inputs().ports().stream()
                        .map(port -> context.inputs().port(port))
                        .map(Bodies::text)
                        .collect(Collectors.joining("+"))
                + ">" + context.nodeId();
    }

    private static String text(Input<?> input) {
        return input.isPresent() ? String.valueOf(input.value()) : "-";
    }
}
