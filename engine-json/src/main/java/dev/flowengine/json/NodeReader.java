package dev.flowengine.json;

import dev.flowengine.extension.DataReader;
import dev.flowengine.extension.NodeType;
import dev.flowengine.extension.NodeTypes;
import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.node.PlainData;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes nodes of their descriptions. */
final class NodeReader {
    private final NodeTypes types;

    NodeReader(NodeTypes types) {
        this.types = types;
    }

    /** The node, or null if its type can make none of it. Everything wrong with it is noted. */
    @Nullable
    NodeDefinition read(String id, DataReader node) {
        // The settings are read even if there is nothing to set: all problems at once.
        NodeDefinition.Builder known = define(id, node);
        NodeDefinition.Builder builder = known == null ? NodeDefinition.builder(id) : known;
        readPolicies(node, builder);
        if (node.has("join")) {
            builder.join(Policies.join(node));
        }
        if (node.has("onError")) {
            builder.onError(onError(node));
        }
        if (node.flag("keep")) {
            builder.keep();
        }
        readDisabled(node, builder);
        node.end();
        return known == null ? null : builder.build();
    }

    private static void readPolicies(DataReader node, NodeDefinition.Builder builder) {
        if (node.has("retry")) {
            builder.retry(Policies.retry(node.object("retry")));
        }
        if (node.has("timeout")) {
            builder.timeout(node.duration("timeout", Policies.SHORTEST));
        }
        if (node.has("nodeTimeout")) {
            builder.nodeTimeout(node.duration("nodeTimeout", Policies.SHORTEST));
        }
    }

    private NodeDefinition.@Nullable Builder define(String id, DataReader node) {
        int before = node.problemCount();
        String name = node.text("type");
        NodeType type = types.find(name).orElse(null);
        if (type == null) {
            node.knows("parameters");
            if (node.problemCount() == before) {
                node.problem(
                        "type",
                        "'" + name + "' is an unknown node type; known are " + String.join(", ", types.names()));
            }
            return null;
        }
        DataReader parameters = node.optionalObject("parameters");
        try {
            NodeDefinition.Builder builder = type.define(id, parameters);
            parameters.end();
            if (node.has("parameters") && node.problemCount() == before) {
                builder.type(name, node.map("parameters"));
            } else {
                builder.type(name, Map.of());
            }
            return checked(id, node, builder);
        } catch (RuntimeException | LinkageError refused) {
            parameters.end();
            if (node.problemCount() == before) {
                node.problem("parameters", "are refused by node type '" + name + "': " + refused);
            }
            return null;
        }
    }

    /** What a type sets although it is for the flow to say would be lost when the flow is written. */
    private static NodeDefinition.@Nullable Builder checked(
            String id, DataReader node, NodeDefinition.Builder builder) {
        NodeDefinition made = builder.build();
        String name = made.type().orElseThrow();
        if (!made.id().equals(id)) {
            node.problem("type", "'" + name + "' makes a node with the id '" + made.id() + "' instead of '" + id + "'");
        } else if (!made.errorHandling().equals(ErrorHandling.FAIL) || made.isDisabled() || made.isKept()) {
            node.problem("type", "'" + name + "' sets onError, disabled or keep, which are for the flow to say");
        }
        return builder;
    }

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
        return ErrorHandling.FAIL;
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
