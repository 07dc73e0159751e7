package dev.flowengine.oracle;

import dev.flowengine.model.ExecutionStatus;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What a case must come to. */
public sealed interface OracleResult {
    /** The unfed ports; without {@code skipDependencyCheck} there is none in a run that starts. */
    Set<UnfedPort> unfed();

    /** S5: the start is refused before anything runs. */
    record Refused(Set<UnfedPort> unfed) implements OracleResult {
        /** Copies the set. */
        public Refused {
            unfed = Set.copyOf(unfed);
        }
    }

    /**
     * S16, S22: under FAIL_FAST some node fails and nothing handles it. Where that happens first, and what has started by
     * then, is a matter of timing; {@code unhindered} is what would come to pass if nothing were stopped.
     */
    record Stopped(Settled unhindered) implements OracleResult {
        @Override
        public Set<UnfedPort> unfed() {
            return unhindered.unfed();
        }

        @Override
        public String toString() {
            return "stopped at the first failure, else " + unhindered;
        }
    }

    /**
     * The run ends with these outcomes, one for each in-scope node, in the order of the case. Which of its failures is the
     * first is a matter of timing, but not each can be.
     */
    record Settled(
            Map<String, NodeOutcome> outcomes, ExecutionStatus status, Set<String> firstFailures, Set<UnfedPort> unfed)
            implements OracleResult {
        /** Copies the collections and keeps the order of the outcomes. */
        public Settled {
            outcomes = Collections.unmodifiableMap(new LinkedHashMap<>(outcomes));
            firstFailures = Set.copyOf(firstFailures);
            unfed = Set.copyOf(unfed);
        }

        /** The ids of the nodes that belong to the run. */
        public Set<String> scope() {
            return outcomes.keySet();
        }

        /** The outcome of an in-scope node. */
        public NodeOutcome outcome(String node) {
            NodeOutcome outcome = outcomes.get(node);
            if (outcome == null) {
                throw new IllegalArgumentException("node " + node + " is not in the scope " + scope());
            }
            return outcome;
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("settled ").append(status);
            outcomes.forEach((node, outcome) ->
                    text.append("\n  ").append(node).append(": ").append(outcome));
            return text.append('\n').toString();
        }
    }
}
