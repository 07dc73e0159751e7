package dev.flowengine.execution;

import dev.flowengine.graph.JoinRule;
import dev.flowengine.model.SkipReason;
import java.util.List;

/** Why a node was skipped. */
final class SkipCause {
    private final ExecutionSnapshot snapshot;
    private final NodeState state;
    private final Wiring wiring;
    private final Dependencies dependencies;

    SkipCause(ExecutionSnapshot snapshot, NodeState state) {
        this.snapshot = snapshot;
        this.state = state;
        this.wiring = new Wiring(snapshot);
        this.dependencies = wiring.into(state.nodeId());
    }

    String text() {
        return state.skipReason().map(this::text).orElse("no reason is known");
    }

    private String text(SkipReason reason) {
        return switch (reason) {
            case CONDITION_FALSE -> conditionFalse();
            case MISSING_INPUT -> missingInput();
            case MANUAL -> "somebody had it skipped";
            case UPSTREAM_FAILED, ALL_INPUTS_SKIPPED, BRANCH_NOT_TAKEN -> traced(reason);
        };
    }

    private String conditionFalse() {
        int all = dependencies.connections().size();
        int failed = dependencies.count(ConnectionOutcome.FAILED);
        boolean needsAll = dependencies.join().kind() == JoinRule.Kind.ALL_FAILED;
        String condition =
                needsAll ? " runs it only if all its connections failed, but " : " runs it only on a failure, but ";
        if (failed >= (needsAll ? Math.max(1, all) : 1)) {
            return rule() + condition
                    + "under the flow's failure mode SKIP_FAILED_BRANCH a connection that failed counts"
                    + " as one that was not taken";
        }
        String found = all == 0
                ? "it has no connection in this execution"
                : (failed == 0 ? "none" : "only " + failed) + " of " + Phrases.count(all, "connection") + " failed";
        return rule() + condition + found;
    }

    private String missingInput() {
        return Phrases.list(Unfed.of(snapshot, state.nodeId()), Unfed::text) + ", and the start did not insist on it";
    }

    private String traced(SkipReason reason) {
        List<Dependency> deciding = dependencies.decidingFor(reason);
        if (deciding.isEmpty()) {
            return rule() + " was not met: " + tally();
        }
        return switch (reason) {
            case UPSTREAM_FAILED -> upstreamFailed(deciding);
            case ALL_INPUTS_SKIPPED -> rule() + " was not met, as all its sources were skipped: " + sources(deciding);
            default -> branchNotTaken(deciding);
        };
    }

    private String upstreamFailed(List<Dependency> failed) {
        Dependency first = failed.get(0);
        String more = failed.size() == 1 ? "" : " and " + (failed.size() - 1) + " more";
        return effectOfFailure() + first.text() + more + " failed, as " + sources(List.of(first));
    }

    private String effectOfFailure() {
        if (dependencies.join().skipsOnFailure()) {
            return rule() + " skips it at the first failure: ";
        }
        return Unfed.of(snapshot, state.nodeId()).isEmpty()
                ? rule() + " was not met with " + tally() + ": "
                : missingInput() + ", while ";
    }

    private String branchNotTaken(List<Dependency> notTaken) {
        String missed = dependencies.join().kind() == JoinRule.Kind.DEFAULT
                ? " needs a taken connection on " + Phrases.quoted(dependencies.emptyPorts())
                : " was not met with " + tally();
        return rule() + missed + ", but " + sources(notTaken);
    }

    /** What the sources did, and where the first of them got it from. */
    private String sources(List<Dependency> deciding) {
        return Phrases.list(deciding, Dependency::why)
                + Origin.of(wiring, deciding.get(0)).clause();
    }

    private String rule() {
        return "its join rule " + dependencies.join();
    }

    private String tally() {
        int all = dependencies.connections().size();
        int supplied = dependencies.count(ConnectionOutcome.SUPPLIED);
        return dependencies.count(ConnectionOutcome.TAKEN) + " of " + Phrases.count(all, "connection") + " taken"
                + (supplied == 0 ? "" : " and " + supplied + " supplied");
    }
}
