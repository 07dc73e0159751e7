package dev.flowengine.extension;

import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets a node type, which may be anybody's code, define a node, and holds it to what {@link NodeType#define} says. */
final class TypeCall {
    private final NodeType type;
    private final String name;
    private final String nodeId;

    TypeCall(NodeType type, String name, String nodeId) {
        this.type = type;
        this.name = name;
        this.nodeId = nodeId;
    }

    /** The node; empty if something is wrong with the parameters, which may then be why the type fails as well. */
    Optional<NodeDefinition.Builder> define(DataReader parameters) {
        int before = parameters.problemCount();
        NodeDefinition.Builder node = null;
        FlowException fault = null;
        try {
            node = type.define(nodeId, parameters);
            fault = fault(node);
        } catch (RuntimeException | LinkageError | StackOverflowError failed) {
            fault = fault("cannot make node '" + nodeId + "': " + failed, failed);
        }
        if (fault != null) {
            // It may have come before the parameters that nobody asked for.
            parameters.abandon();
        }
        parameters.end();
        if (parameters.problemCount() > before) {
            return Optional.empty();
        }
        if (fault != null) {
            throw fault;
        }
        return Optional.ofNullable(node).map(made -> made.madeByType(name, parameters.values()));
    }

    private @Nullable FlowException fault(NodeDefinition.@Nullable Builder node) {
        if (node == null) {
            return fault("returns null instead of node '" + nodeId + "'", null);
        }
        NodeDefinition made = node.build();
        if (!made.id().equals(nodeId)) {
            return fault("makes node '" + made.id() + "' instead of node '" + nodeId + "'", null);
        }
        // It would be lost when the flow is written.
        if (!made.errorHandling().equals(ErrorHandling.FAIL) || made.isDisabled() || made.isKept()) {
            return fault(
                    "sets onError, disabled or keep of node '" + nodeId + "', which are for the flow to say", null);
        }
        return null;
    }

    private FlowException fault(String finding, @Nullable Throwable cause) {
        FlowException.Builder fault = FlowException.of(
                        FailureKind.INVALID_DEFINITION, "node type '" + name + "' " + finding)
                .affectedNodes(List.of(nodeId))
                .suggestedResolution(
                        "Correct the type, class " + type.getClass().getName() + ".");
        return cause == null ? fault.build() : fault.cause(cause).build();
    }
}
