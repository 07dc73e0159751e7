package dev.flowengine.persistence;

import dev.flowengine.model.FlowError;
import dev.flowengine.model.SkipReason;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came of a node.
 *
 * @param firedPorts the output ports that fired, in declaration order
 * @param outputs the values of those that are kept, by port; a fired port need not be among them
 * @param error how it failed; the input of the failed node is no part of it, but a payload of port {@code error}
 * @param handled whether the failure was handled, so that the node completed in spite of it
 * @param skipReason why it was skipped; empty unless it was
 * @param origin where the outputs come from
 */
public record NodeResult(
        List<String> firedPorts,
        Map<String, Payload> outputs,
        Optional<FlowError> error,
        boolean handled,
        Optional<SkipReason> skipReason,
        Origin origin) {
    /** Nothing yet. */
    public static final NodeResult NONE = fired(Map.of(), List.of());

    /** Copies the collections; refuses null, an error with an input, and outputs of ports that did not fire. */
    public NodeResult {
        firedPorts = List.copyOf(firedPorts);
        outputs = Map.copyOf(outputs);
        if (error.isPresent() && error.get().input() != null) {
            throw new IllegalArgumentException("the error of node '"
                    + error.get().nodeId() + "' carries an input; what an error port emits is kept as its output");
        }
        if (!firedPorts.containsAll(outputs.keySet())) {
            throw new IllegalArgumentException(
                    "there are outputs of ports " + outputs.keySet() + ", but fired have " + firedPorts);
        }
    }

    /**
     * Ports fired.
     *
     * @param outputs the values that are kept, by port
     * @param firedPorts the ports, in declaration order
     * @return the result of a body
     */
    public static NodeResult fired(Map<String, Payload> outputs, List<String> firedPorts) {
        return new NodeResult(firedPorts, outputs, Optional.empty(), false, Optional.empty(), Origin.BODY);
    }

    /**
     * The only port that fired.
     *
     * @param port its name
     * @param output its value
     * @return the result of a body
     */
    public static NodeResult fired(String port, Payload output) {
        return fired(Map.of(port, output), List.of(port));
    }

    /**
     * A failure that nothing handled, or a failed attempt.
     *
     * @param error the failure
     * @return a result without outputs
     */
    public static NodeResult failed(FlowError error) {
        return new NodeResult(List.of(), Map.of(), Optional.of(error), false, Optional.empty(), Origin.BODY);
    }

    /**
     * Skipped.
     *
     * @param reason why
     * @return a result without outputs
     */
    public static NodeResult skipped(SkipReason reason) {
        return new NodeResult(List.of(), Map.of(), Optional.empty(), false, Optional.of(reason), Origin.BODY);
    }

    /**
     * The same with another origin.
     *
     * @param from where the outputs come from
     * @return a copy
     */
    public NodeResult from(Origin from) {
        return new NodeResult(firedPorts, outputs, error, handled, skipReason, from);
    }

    /**
     * The same, of a node that completed in spite of a failure.
     *
     * @param failure the failure that was handled
     * @return a copy
     */
    public NodeResult inSpiteOf(FlowError failure) {
        return new NodeResult(firedPorts, outputs, Optional.of(failure), true, skipReason, origin);
    }

    /** Where outputs come from. */
    public enum Origin {
        /** The body of the node made them. */
        BODY,
        /** The body had made them before, of the same inputs, and they were used again. */
        CACHED,
        /** They were given when the run was started. */
        PINNED,
        /** They were taken over from the run that is redriven. */
        REUSED,
        /** Somebody completed the node by hand. */
        MANUAL
    }
}
