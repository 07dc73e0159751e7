package dev.flowengine.json;

import dev.flowengine.extension.DataReader;
import dev.flowengine.extension.NodeTypes;
import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.PlainData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes nodes of their descriptions. */
final class NodeReader {
    private final NodeTypes types;

    NodeReader(NodeTypes types) {
        this.types = types;
    }

    /** The node, as far as it can be read; everything wrong with it is noted. */
    ReadNode read(DataReader node) {
        String id = Fields.id(node, "id");
        List<@Nullable String> after = after(node);
        // The settings are read even if there is nothing to set: all problems at once.
        NodeDefinition.Builder made = define(id == null ? "" : id, node);
        NodeDefinition.Builder builder = made == null ? NodeDefinition.builder(id == null ? "" : id) : made;
        readPolicies(node, builder);
        if (node.has("join")) {
            builder.join(join(node));
        }
        if (node.has("onError")) {
            builder.onError(Branches.checked(onError(node), node));
        }
        if (node.flag("keep")) {
            builder.keep();
        }
        if (node.flag("atMostOnce")) {
            builder.atMostOnce();
        }
        readDisabled(node, builder);
        node.end();
        NodeDefinition definition = builder.build();
        return new ReadNode(id, made == null ? standIn(definition) : definition, made != null, after);
    }

    /** What nothing is wrong with but its join. */
    private static NodeDefinition standIn(NodeDefinition node) {
        return NodeDefinition.builder(node.id())
                .passThrough()
                .join(node.shape().join())
                .onError(ErrorHandling.ERROR_OUTPUT)
                .build();
    }

    private static List<@Nullable String> after(DataReader node) {
        List<@Nullable String> after = new ArrayList<>();
        if (node.has("after")) {
            node.texts("after");
            if (node.value("after") instanceof List<?> elements) {
                elements.forEach(element -> after.add(element instanceof String id ? id : null));
            }
        }
        return after;
    }

    private static void readPolicies(DataReader node, NodeDefinition.Builder builder) {
        if (node.has("retry")) {
            builder.retry(Policies.retry(node.object("retry")));
        }
        if (node.has("cache")) {
            builder.cache(Policies.cache(node.object("cache")));
        }
        if (node.has("timeout")) {
            builder.timeout(node.duration("timeout", Policies.SHORTEST));
        }
        if (node.has("nodeTimeout")) {
            builder.nodeTimeout(node.duration("nodeTimeout", Policies.SHORTEST));
        }
        if (node.has("maxOutputBytes")) {
            builder.maxOutputBytes(node.integer("maxOutputBytes", 1, Integer.MAX_VALUE));
        }
    }

    private NodeDefinition.@Nullable Builder define(String id, DataReader node) {
        int before = node.problemCount();
        String type = node.text("type");
        if (types.find(type).isEmpty()) {
            node.knows("parameters");
            if (node.problemCount() == before) {
                node.problem(
                        "type",
                        "'" + type + "' is an unknown node type; known are " + String.join(", ", types.names()));
            }
            return null;
        }
        DataReader parameters = node.optionalObject("parameters");
        return node.problemCount() == before ? define(id, type, node, parameters) : null;
    }

    private NodeDefinition.@Nullable Builder define(String id, String type, DataReader node, DataReader parameters) {
        try {
            return types.define(id, type, parameters).orElse(null);
        } catch (FlowException broken) {
            node.problem("type", String.valueOf(broken.getMessage()));
            return null;
        } catch (IllegalArgumentException notPlain) {
            node.problem("parameters", String.valueOf(notPlain.getMessage()));
            return null;
        }
    }

    /** If it cannot be read, a rule that always fires in the end. */
    private static JoinRule join(DataReader node) {
        int before = node.problemCount();
        JoinRule rule = Policies.join(node);
        return node.problemCount() == before ? rule : JoinRule.ALL_DONE;
    }

    /** If it cannot be read, one that goes with every connection. */
    private static ErrorHandling onError(DataReader node) {
        if (node.value("onError") instanceof Map<?, ?>) {
            return ErrorHandling.fallback(plain(node.object("onError"), "fallback"));
        }
        List<ErrorHandling> named = List.of(ErrorHandling.FAIL, ErrorHandling.CONTINUE, ErrorHandling.ERROR_OUTPUT);
        for (ErrorHandling handling : named) {
            if (handling.toString().equals(node.value("onError"))) {
                return handling;
            }
        }
        node.expected("onError", "FAIL, CONTINUE, ERROR_OUTPUT or an object with 'fallback'");
        return ErrorHandling.ERROR_OUTPUT;
    }

    private static void readDisabled(DataReader node, NodeDefinition.Builder builder) {
        if (!node.has("disabled")) {
            return;
        }
        if (node.value("disabled") instanceof Map<?, ?>) {
            builder.disabledOutput(plain(node.object("disabled"), "output"));
        } else if (node.value("disabled") instanceof Boolean disabled) {
            if (disabled) {
                builder.disabled();
            }
        } else {
            node.expected("disabled", "true, false or an object with 'output'");
        }
    }

    /** A value that can be written again. */
    private static @Nullable Object plain(DataReader reader, String name) {
        try {
            return PlainData.copyOf(reader.value(name));
        } catch (IllegalArgumentException refused) {
            reader.problem(name, String.valueOf(refused.getMessage()));
            return null;
        }
    }
}
