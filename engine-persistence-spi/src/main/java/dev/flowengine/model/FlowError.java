package dev.flowengine.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A failure of a node as plain data: what an {@code error} port emits, and what states, events and stores carry,
 * unchanged.
 *
 * @param kind what went wrong
 * @param type class name of the failure, such as {@code java.io.IOException}
 * @param message the failure's message; empty if it had none
 * @param stackText the stack trace as text, cut to a bounded length
 * @param nodeId the node that failed
 * @param attempt the attempt that failed, counted from 1; 0 if the body could not even be started
 * @param suggestedResolution what to do about it; empty if nothing is known
 * @param input what the node had received: a value, or a map from input port to value for a node that does not have
 *     exactly one; only in what an {@code error} port emits, null everywhere else
 */
public record FlowError(
        FailureKind kind,
        String type,
        String message,
        String stackText,
        String nodeId,
        int attempt,
        String suggestedResolution,
        @Nullable Object input) {

    /** Refuses null components, but for the input. */
    public FlowError {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(stackText, "stackText");
        Objects.requireNonNull(nodeId, "nodeId");
        Objects.requireNonNull(suggestedResolution, "suggestedResolution");
    }

    /**
     * Creates a failure without the input of its node.
     *
     * @param kind what went wrong
     * @param type class name of the failure
     * @param message the failure's message; empty if it had none
     * @param stackText the stack trace as text
     * @param nodeId the node that failed
     * @param attempt the attempt that failed, counted from 1; 0 if the body could not even be started
     * @param suggestedResolution what to do about it; empty if nothing is known
     */
    public FlowError(
            FailureKind kind,
            String type,
            String message,
            String stackText,
            String nodeId,
            int attempt,
            String suggestedResolution) {
        this(kind, type, message, stackText, nodeId, attempt, suggestedResolution, null);
    }

    /**
     * The same failure together with what its node had received.
     *
     * @param received the input, may be null
     * @return a copy
     */
    public FlowError withInput(@Nullable Object received) {
        return new FlowError(kind, type, message, stackText, nodeId, attempt, suggestedResolution, received);
    }

    /**
     * One line for a log or a table.
     *
     * @return type and message, such as {@code java.io.IOException: connection reset}
     */
    public String summary() {
        return message.isEmpty() ? type : type + ": " + message;
    }
}
