package dev.flowengine.internal.kernel;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.AwaitedSignal;
import dev.flowengine.node.WaitingBody;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The signals that nodes of a flow wait for: what may be sent to its executions. */
final class FlowSignals {
    private FlowSignals() {}

    /**
     * What nodes of a flow wait for under a name.
     *
     * @throws FlowException of kind {@code NOT_FOUND} if none does
     */
    static AwaitedSignal require(Flow flow, String name) {
        return all(flow)
                .filter(signal -> signal.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(flow, name));
    }

    /**
     * What nodes of a flow wait for under a name, if a value may come with it.
     *
     * @throws FlowException of kind {@code NOT_FOUND} if none does, or {@code INVALID_DEFINITION} if not, or if the name is
     *     one of the engine's own
     */
    static AwaitedSignal require(Flow flow, String name, @Nullable Object value) {
        requireUnreserved(name);
        AwaitedSignal signal = require(flow, name);
        if (signal.accepts(value)) {
            return signal;
        }
        String given = value == null ? "null" : "a value of " + value.getClass().getName();
        String found = signal.choices().isEmpty() || !(value instanceof String) ? given : "'" + value + "'";
        String expected =
                signal.choices().isEmpty() ? signal.type().toString() : "one of " + String.join(", ", signal.choices());
        throw FlowException.of(
                        FailureKind.INVALID_DEFINITION,
                        "signal '" + name + "' of flow '" + flow.id() + "' cannot bring " + found + ": it brings "
                                + expected)
                .affectedNodes(awaiting(flow, name))
                .suggestedResolution("Send " + expected + ".")
                .build();
    }

    /**
     * Refuses to send what only engines send each other.
     *
     * @throws FlowException of kind {@code INVALID_DEFINITION}
     */
    static void requireUnreserved(String name) {
        if (name.startsWith(AwaitedSignal.RESERVED)) {
            throw FlowException.of(
                            FailureKind.INVALID_DEFINITION,
                            "signal '" + name + "' cannot be sent: names that begin with '" + AwaitedSignal.RESERVED
                                    + "' are the engine's own")
                    .suggestedResolution("Send a signal that a node of the flow waits for.")
                    .build();
        }
    }

    /** The ids of the nodes of a flow that wait for a signal. */
    static List<String> awaiting(Flow flow, String name) {
        return flow.nodes().stream()
                .filter(node ->
                        signal(node).filter(any -> any.name().equals(name)).isPresent())
                .map(NodeDefinition::id)
                .toList();
    }

    private static FlowException unknown(Flow flow, String name) {
        List<String> known = all(flow).map(AwaitedSignal::name).distinct().toList();
        String these = known.isEmpty() ? "its nodes wait for none" : "its nodes wait for " + String.join(", ", known);
        return FlowException.of(
                        FailureKind.NOT_FOUND,
                        "no node of flow '" + flow.id() + "' waits for a signal '" + name + "'; " + these)
                .suggestedResolution("Send a signal that a node of the flow waits for.")
                .build();
    }

    private static Stream<AwaitedSignal> all(Flow flow) {
        return flow.nodes().stream().flatMap(node -> signal(node).stream());
    }

    private static Optional<AwaitedSignal> signal(NodeDefinition node) {
        return node.body().orElse(null) instanceof WaitingBody waiting ? waiting.signal() : Optional.empty();
    }
}
