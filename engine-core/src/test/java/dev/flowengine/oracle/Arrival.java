package dev.flowengine.oracle;

import java.util.Optional;

/** A decided connection: its outcome, the value if it was TAKEN, and whether its source was skipped. */
record Arrival(CaseConnection connection, ConnectionOutcome outcome, Optional<FiredValue> value, boolean fromSkipped) {

    static Arrival taken(CaseConnection connection, FiredValue value) {
        return new Arrival(connection, ConnectionOutcome.TAKEN, Optional.of(value), false);
    }

    static Arrival without(CaseConnection connection, ConnectionOutcome outcome, boolean fromSkipped) {
        return new Arrival(connection, outcome, Optional.empty(), fromSkipped);
    }

    boolean isTaken() {
        return outcome == ConnectionOutcome.TAKEN;
    }
}
