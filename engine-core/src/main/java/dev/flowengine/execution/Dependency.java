package dev.flowengine.execution;

import dev.flowengine.graph.Connection;
import dev.flowengine.graph.OrderDependency;
import org.jspecify.annotations.Nullable;

/**
 * A connection or an order dependency into a node, and what became of it.
 *
 * @param source id of the node it comes from
 * @param connection the connection; null for an order dependency
 * @param state the state of the source; null if the source does not run
 * @param outcome what became of it
 */
record Dependency(
        String source,
        @Nullable Connection connection,
        @Nullable NodeState state,
        ConnectionOutcome outcome) {

    static Dependency of(Outcomes outcomes, Connection connection) {
        return new Dependency(
                connection.from(), connection, outcomes.stateOf(connection.from()), outcomes.of(connection));
    }

    static Dependency of(Outcomes outcomes, OrderDependency order) {
        return new Dependency(order.from(), null, outcomes.stateOf(order.from()), outcomes.of(order));
    }

    boolean isOrder() {
        return connection == null;
    }

    boolean is(ConnectionOutcome expected) {
        return outcome == expected;
    }

    /** The input port it leads to; empty for an order dependency. */
    String inputPort() {
        return connection == null ? "" : connection.toPort();
    }

    /** The dependency itself, as a noun. */
    String text() {
        return connection == null ? "the order dependency on " + Phrases.quote(source) : connection.toString();
    }

    /** The status of its source. */
    String status() {
        return state == null ? "supplied" : state.status().name();
    }

    /** What its source did, as a clause. */
    String why() {
        return Phrases.quote(source) + " " + deed();
    }

    /** What its source did, without naming it. */
    String deed() {
        if (state == null) {
            return "does not run and its output is supplied";
        }
        return switch (state.status()) {
            case COMPLETED -> completion(state);
            case FAILED ->
                "FAILED" + (state.attempt() == 0 ? "" : " at attempt " + state.attempt()) + Phrases.failure(state);
            case SKIPPED -> "was skipped" + Phrases.reason(state);
            case CANCELLED -> "was CANCELLED";
            case IDLE, QUEUED, RUNNING, WAITING -> "is " + state.status();
        };
    }

    private String completion(NodeState source) {
        if (connection == null || outcome == ConnectionOutcome.TAKEN) {
            return "COMPLETED";
        }
        String port = Phrases.quote(connection.fromPort());
        return source.firedPorts().isEmpty()
                ? "fired no port, " + port + " included"
                : "fired " + Phrases.quoted(source.firedPorts()) + " instead of " + port;
    }
}
