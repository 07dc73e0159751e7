package dev.flowengine.flow;

import dev.flowengine.graph.GraphNode;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.graph.NodeKind;
import dev.flowengine.graph.Ports;
import dev.flowengine.node.CompensatingBody;
import dev.flowengine.node.NodeBody;
import dev.flowengine.node.SubflowBody;
import dev.flowengine.node.TypeRef;
import dev.flowengine.node.ValueBody;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything a node is made of. Every builder and every definition has a copy of its own; those of definitions never
 * change.
 */
final class NodeParts {
    static final ValueBody PASS_THROUGH = context -> context.input();

    final String id;
    final NodeKind kind;
    final Map<String, TypeRef<?>> inputTypes = new HashMap<>();
    final Map<String, TypeRef<?>> outputTypes = new HashMap<>();
    List<InputPort> inputs;
    List<String> outputs = List.of(Ports.MAIN);
    JoinRule join = JoinRule.DEFAULT;

    @Nullable
    String type;

    Map<String, @Nullable Object> parameters = Map.of();
    TypeSettings typeSettings = TypeSettings.NONE;

    @Nullable
    NodeBody body;

    /** Of one encoded value; 0 if the node says nothing. */
    int maxOutputBytes;

    @Nullable
    CompensatingBody compensation;

    boolean cpuBound;
    boolean atMostOnce;
    boolean keep;
    boolean disabled;

    @Nullable
    DisabledOutput disabledOutput;

    @Nullable
    RetryPolicy retry;

    @Nullable
    CachePolicy cache;

    @Nullable
    Duration timeout;

    @Nullable
    Duration nodeTimeout;

    ErrorHandling errorHandling = ErrorHandling.FAIL;

    NodeParts(String id, NodeKind kind) {
        this.id = Objects.requireNonNull(id, "id");
        this.kind = kind;
        this.inputs = kind == NodeKind.TRIGGER ? List.of() : List.of(InputPort.required(Ports.MAIN));
    }

    /** A loop or a map, with the ports of its kind. */
    static NodeParts iterating(GraphNode shape, NodeBody body) {
        NodeParts parts = new NodeParts(shape.id(), NodeKind.LOOP);
        parts.inputs = shape.inputs();
        parts.outputs = shape.outputs();
        parts.body = Objects.requireNonNull(body, "body");
        return parts;
    }

    /** What role the node plays: one that starts a flow need not be said to. */
    NodeKind role() {
        return kind == NodeKind.NODE && body instanceof SubflowBody ? NodeKind.SUBFLOW : kind;
    }

    NodeParts copy() {
        NodeParts copy = new NodeParts(id, kind);
        copy.inputTypes.putAll(inputTypes);
        copy.outputTypes.putAll(outputTypes);
        copy.inputs = inputs;
        copy.outputs = outputs;
        copy.join = join;
        copy.type = type;
        copy.parameters = parameters;
        copy.typeSettings = typeSettings;
        copy.body = body;
        copy.maxOutputBytes = maxOutputBytes;
        copy.compensation = compensation;
        copy.cpuBound = cpuBound;
        copy.atMostOnce = atMostOnce;
        copy.keep = keep;
        copy.disabled = disabled;
        copy.disabledOutput = disabledOutput;
        copy.retry = retry;
        copy.cache = cache;
        copy.timeout = timeout;
        copy.nodeTimeout = nodeTimeout;
        copy.errorHandling = errorHandling;
        return copy;
    }
}
