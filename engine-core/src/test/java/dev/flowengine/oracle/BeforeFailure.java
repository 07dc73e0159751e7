package dev.flowengine.oracle;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What can be decided as long as nothing has failed: a node by sources that are over, which is completed or skipped for
 * no failure, and by a join that fires early as soon as enough of its connections are taken.
 */
final class BeforeFailure {
    private final CaseScope scope;
    private final Predicate<String> over;
    private final Predicate<CaseConnection> fired;

    /** Over tells nodes that are completed or skipped; fired tells connections whose source emitted. */
    BeforeFailure(CaseScope scope, Predicate<String> over, Predicate<CaseConnection> fired) {
        this.scope = scope;
        this.over = over;
        this.fired = fired;
    }

    /** The nodes whose failure may be the first one: those that run and fail without any other failure. */
    static Set<String> firstFailures(CaseScope scope, Map<String, NodeOutcome> outcomes) {
        Set<String> decided = new HashSet<>();
        BeforeFailure before = new BeforeFailure(
                scope,
                id -> decided.contains(id) && !outcomes.get(id).countsAsFailed(),
                connection -> decided.contains(connection.from())
                        && outcomes.get(connection.from()).fired().containsKey(connection.fromPort()));
        boolean grew = true;
        while (grew) {
            grew = false;
            for (CaseNode node : scope.nodes()) {
                grew |= before.mayDecide(node) && decided.add(node.id());
            }
        }
        decided.removeIf(id -> !outcomes.get(id).isFailed());
        return decided;
    }

    /** Whether the join of a node can be judged, or need not be. */
    boolean mayDecide(CaseNode node) {
        List<CaseConnection> incoming = scope.incoming(node.id());
        boolean ordersOver = scope.orderSources(node.id()).stream().allMatch(over);
        boolean allOver = incoming.stream()
                .allMatch(connection -> scope.isSupplied(connection.from()) || over.test(connection.from()));
        return scope.isStart(node.id()) || (ordersOver && (allOver || firesEarly(node, incoming)));
    }

    private boolean firesEarly(CaseNode node, List<CaseConnection> incoming) {
        long taken = incoming.stream().filter(this::isTaken).count();
        return switch (node.join()) {
            case ANY_SUCCESS -> taken >= 1;
            case AT_LEAST -> taken >= node.threshold();
            default -> false;
        };
    }

    private boolean isTaken(CaseConnection connection) {
        Map<String, String> pin = scope.graph().pins().getOrDefault(connection.from(), Map.of());
        return scope.isSupplied(connection.from()) ? pin.containsKey(connection.fromPort()) : fired.test(connection);
    }
}
