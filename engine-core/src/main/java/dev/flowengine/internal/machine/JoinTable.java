package dev.flowengine.internal.machine;

import dev.flowengine.graph.JoinRule;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import java.util.Arrays;

/** Counts the outcomes of the connections of every node and judges its join by them. */
final class JoinTable {
    private final PlanLayout layout;
    private final NodeTable nodes;
    private final int[] open;
    private final int[] taken;
    private final int[] failed;

    JoinTable(PlanLayout layout, NodeTable nodes) {
        this.layout = layout;
        this.nodes = nodes;
        this.open = new int[layout.size()];
        this.taken = new int[layout.size()];
        this.failed = new int[layout.size()];
        for (int node = 0; node < open.length; node++) {
            open[node] = layout.dependencies(node);
        }
    }

    /** Records a connection whose source completed. */
    void completed(int target, boolean fired) {
        open[target]--;
        if (fired) {
            taken[target]++;
        }
    }

    /** Records a connection whose source was skipped for a reason that is no failure, or an order dependency. */
    void notTaken(int target) {
        open[target]--;
    }

    /** Records a connection whose source failed. */
    void failed(int target) {
        open[target]--;
        failed[target]++;
    }

    /** Records an order dependency whose source failed: it counts only where a failure skips the node. */
    void orderFailed(int target) {
        open[target]--;
        if (layout.definition(target).shape().join().skipsOnFailure()) {
            failed[target]++;
        }
    }

    Verdict judge(int node) {
        JoinRule.Kind rule = layout.rule(node);
        Verdict verdict = rule == JoinRule.Kind.DEFAULT ? judgeDefault(node) : judgeRule(node, rule);
        if (verdict == Verdict.FIRE && layout.isUnfed(node)) {
            return open[node] > 0 ? Verdict.WAIT : Verdict.SKIP;
        }
        return verdict;
    }

    SkipReason skipReason(int node) {
        JoinRule.Kind rule = layout.rule(node);
        if (conditionFalse(node, rule)) {
            return SkipReason.CONDITION_FALSE;
        }
        if (failed[node] > 0) {
            return SkipReason.UPSTREAM_FAILED;
        }
        if (layout.isUnfed(node)) {
            return SkipReason.MISSING_INPUT;
        }
        return allSourcesSkipped(node) ? SkipReason.ALL_INPUTS_SKIPPED : SkipReason.BRANCH_NOT_TAKEN;
    }

    /** The connections that made an early join fire: those taken, or those failed for a rule about failures. */
    int[] contributors(int node) {
        boolean failures = layout.rule(node) == JoinRule.Kind.ANY_FAILED;
        int first = layout.firstIn(layout.firstGate(node));
        int end = layout.firstIn(layout.firstGate(node + 1));
        int[] found = new int[end - first];
        int count = 0;
        for (int in = first; in < end; in++) {
            int source = layout.inSource(in);
            if (failures ? nodes.propagatesFailure(source) : nodes.outputs().isFired(layout.inSlot(in))) {
                found[count++] = in;
            }
        }
        return Arrays.copyOf(found, count);
    }

    /** The failure that reached a node first, in the order its dependencies were declared. */
    int failureRoot(int node) {
        for (int in = layout.firstIn(layout.firstGate(node)); in < layout.firstIn(layout.firstGate(node + 1)); in++) {
            if (nodes.propagatesFailure(layout.inSource(in))) {
                return nodes.rootOf(layout.inSource(in));
            }
        }
        for (int order = layout.firstOrder(node); order < layout.firstOrder(node + 1); order++) {
            if (nodes.propagatesFailure(layout.orderSource(order))) {
                return nodes.rootOf(layout.orderSource(order));
            }
        }
        throw new IllegalStateException("node " + node + " was skipped because of a failure that is not there");
    }

    private Verdict judgeDefault(int node) {
        if (failed[node] > 0) {
            return Verdict.SKIP;
        }
        if (open[node] > 0) {
            return Verdict.WAIT;
        }
        return everyRequiredGateTaken(node) ? Verdict.FIRE : Verdict.SKIP;
    }

    private Verdict judgeRule(int node, JoinRule.Kind rule) {
        return Verdict.of(
                rule,
                new Verdict.Outcomes(layout.connections(node), taken[node], failed[node], open[node], openOrder(node)),
                layout.definition(node).shape().join().threshold());
    }

    private boolean everyRequiredGateTaken(int node) {
        int end = layout.firstGate(node + 1);
        int first = layout.firstGate(node);
        if (end - first == 1) {
            return taken[node] > 0 || !layout.isRequired(first);
        }
        for (int gate = first; gate < end; gate++) {
            if (layout.isRequired(gate) && !isTaken(gate)) {
                return false;
            }
        }
        return true;
    }

    private boolean isTaken(int gate) {
        for (int in = layout.firstIn(gate); in < layout.firstIn(gate + 1); in++) {
            if (nodes.outputs().isFired(layout.inSlot(in))) {
                return true;
            }
        }
        return false;
    }

    private int openOrder(int node) {
        int count = 0;
        for (int order = layout.firstOrder(node); order < layout.firstOrder(node + 1); order++) {
            if (!nodes.status(layout.orderSource(order)).isSettled()) {
                count++;
            }
        }
        return count;
    }

    private boolean conditionFalse(int node, JoinRule.Kind rule) {
        return (rule == JoinRule.Kind.ANY_FAILED && failed[node] == 0)
                || (rule == JoinRule.Kind.ALL_FAILED
                        && (failed[node] < layout.connections(node) || layout.connections(node) == 0));
    }

    private boolean allSourcesSkipped(int node) {
        int first = layout.firstIn(layout.firstGate(node));
        int end = layout.firstIn(layout.firstGate(node + 1));
        for (int in = first; in < end; in++) {
            if (nodes.status(layout.inSource(in)) != NodeStatus.SKIPPED) {
                return false;
            }
        }
        return first < end;
    }
}
