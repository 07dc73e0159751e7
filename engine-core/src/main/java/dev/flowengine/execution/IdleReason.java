package dev.flowengine.execution;

import dev.flowengine.model.ExecutionStatus;
import java.util.List;
import java.util.Set;

/** What an undecided node waits for. */
final class IdleReason {
    private static final Set<ExecutionStatus> PLAIN = Set.of(ExecutionStatus.RUNNING, ExecutionStatus.WAITING);

    private final ExecutionSnapshot snapshot;
    private final Dependencies dependencies;

    IdleReason(ExecutionSnapshot snapshot, String nodeId) {
        this.snapshot = snapshot;
        this.dependencies = new Wiring(snapshot).into(nodeId);
    }

    String text() {
        List<Dependency> orders = open(dependencies.orders());
        List<Dependency> connections = open(dependencies.connections());
        if (orders.isEmpty() && connections.isEmpty()) {
            return "it depends on nothing that is undecided" + execution();
        }
        boolean onlyOrder = connections.isEmpty() || (dependencies.hasFiredEarly() && !orders.isEmpty());
        return "it waits "
                + (onlyOrder ? forOrder(orders) : forConnections(connections, orders))
                + rule(connections)
                + execution();
    }

    private String forConnections(List<Dependency> open, List<Dependency> orders) {
        int all = dependencies.connections().size();
        String which = open.size() == all ? "for its " : "for " + open.size() + " of its ";
        String items = Phrases.list(open, dependency -> dependency.text() + " (" + dependency.why() + ")");
        return which
                + (all == 1 ? "connection " : all + " connections, ")
                + items
                + (orders.isEmpty() ? "" : ", and " + forOrder(orders));
    }

    private static String forOrder(List<Dependency> orders) {
        return "for " + Phrases.list(orders, order -> Phrases.quote(order.source()) + " (" + order.status() + ")")
                + " to settle";
    }

    private String rule(List<Dependency> open) {
        String name = "; its join rule " + dependencies.join();
        if (!Unfed.of(snapshot, dependencies.node().id()).isEmpty()) {
            return "; it will not run, as a required input port of it has no source in this execution";
        } else if (dependencies.hasFiredEarly()) {
            return name + " is met";
        } else if (open.isEmpty()) {
            return dependencies.connections().isEmpty() ? "" : "; its connections are decided";
        }
        return name + " runs it " + condition();
    }

    private String condition() {
        return switch (dependencies.join().kind()) {
            case DEFAULT -> "once all are decided, none failed and every required input port has one taken";
            case ALL_SUCCESS -> "once all are taken";
            case NONE_FAILED -> "once all are decided and none failed";
            case NONE_FAILED_MIN_ONE_SUCCESS -> "once all are decided, none failed and one is taken";
            case ANY_SUCCESS -> "at the first one taken";
            case AT_LEAST -> "once " + dependencies.join().threshold() + " are taken, with " + takenSoFar() + " so far";
            case ALL_DONE -> "once all are decided";
            default -> conditionOnFailure();
        };
    }

    private String conditionOnFailure() {
        return switch (dependencies.join().kind()) {
            case ANY_FAILED -> "at the first one failed";
            case ALL_FAILED -> "once all failed";
            default -> "once all are decided and one is taken";
        };
    }

    private String takenSoFar() {
        int supplied = dependencies.count(ConnectionOutcome.SUPPLIED);
        return dependencies.count(ConnectionOutcome.TAKEN) + (supplied == 0 ? "" : " and " + supplied + " supplied");
    }

    private String execution() {
        return PLAIN.contains(snapshot.status()) ? "" : "; the execution is " + snapshot.status();
    }

    private static List<Dependency> open(List<Dependency> dependencies) {
        return dependencies.stream()
                .filter(dependency -> dependency.is(ConnectionOutcome.OPEN))
                .toList();
    }
}
