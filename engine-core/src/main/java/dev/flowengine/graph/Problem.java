package dev.flowengine.graph;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One finding about a definition.
 *
 * @param code what was found
 * @param severity how bad it is
 * @param message what was found, where, and what was expected
 * @param nodes the nodes it is about; for a cycle the path around it
 * @param connection the connection it is about; empty if it is about nodes as a whole
 * @param suggestedResolution what to do
 */
public record Problem(
        Code code,
        Severity severity,
        String message,
        List<String> nodes,
        Optional<Connection> connection,
        String suggestedResolution) {

    /** Copies the list and refuses null. */
    public Problem {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(connection, "connection");
        Objects.requireNonNull(suggestedResolution, "suggestedResolution");
        nodes = List.copyOf(nodes);
    }

    /**
     * A finding about nodes.
     *
     * @param code what was found
     * @param severity how bad it is
     * @param message what was found, where, and what was expected
     * @param nodes the nodes it is about; for a cycle the path around it
     * @param suggestedResolution what to do
     */
    public Problem(Code code, Severity severity, String message, List<String> nodes, String suggestedResolution) {
        this(code, severity, message, nodes, Optional.empty(), suggestedResolution);
    }

    /**
     * A finding about a connection.
     *
     * @param connection the connection
     * @param code what was found
     * @param message what was found and what was expected, told after the connection
     * @param suggestedResolution what to do
     * @return an error
     */
    public static Problem at(Connection connection, Code code, String message, String suggestedResolution) {
        return new Problem(
                code,
                Severity.ERROR,
                "connection " + connection + ": " + message,
                List.of(connection.from(), connection.to()),
                Optional.of(connection),
                suggestedResolution);
    }

    /** What validation looks for, in the order it reports. */
    public enum Code {
        /** There is no node. */
        EMPTY_FLOW,
        /** Two nodes have one id. */
        DUPLICATE_ID,
        /** A connection or an order dependency names a node that is not there. */
        MISSING_NODE,
        /** A connection names a port its node does not have. */
        UNKNOWN_PORT,
        /** A cycle that is not a loop (an error), or one that is (a warning). */
        CYCLE,
        /** A join whose connections can never all be taken together. */
        JOIN_NEVER_FIRES,
        /** A node without any connection. */
        ORPHANED_NODE,
        /** A node no trigger leads to. */
        UNREACHABLE_NODE,
        /** The definition of a node contradicts itself. */
        INVALID_NODE
    }
}
