package dev.flowengine.internal.attempt;

import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.Emitter;
import dev.flowengine.node.PortValues;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers what one attempt emits. */
final class PortEmitter implements Emitter {
    private final NodeDefinition node;
    private PortValues values = PortValues.none();
    private @Nullable FlowException refusal;

    PortEmitter(NodeDefinition node) {
        this.node = node;
    }

    /** What was emitted. A refusal fails the node even if its body caught it. */
    PortValues accepted() {
        if (refusal != null) {
            throw refusal;
        }
        return values;
    }

    @Override
    public void emit(String port, @Nullable Object value) {
        if (!node.shape().outputs().contains(port)) {
            throw refused(
                    "emits to port '" + port + "', but has the output ports "
                            + String.join(", ", node.shape().outputs()),
                    "Declare the port, or emit to one that is declared.");
        }
        if (values.asMap().containsKey(port)) {
            throw refused(
                    "emits to port '" + port + "' twice", "Emit once to each port; emit a list for several values.");
        }
        node.outputType(port).filter(type -> !type.accepts(value)).ifPresent(type -> {
            throw refused(
                    "emits a value of "
                            + (value == null ? "null" : value.getClass().getName()) + " to port '" + port
                            + "', which is declared as " + type,
                    "Emit a value of the declared type.");
        });
        values = values.and(port, value);
    }

    private FlowException refused(String what, String resolution) {
        refusal = FlowException.of(FailureKind.NODE_EXECUTION_FAILED, "node '" + node.id() + "' " + what)
                .affectedNodes(List.of(node.id()))
                .suggestedResolution(resolution)
                .build();
        return refusal;
    }
}
