package dev.flowengine.internal.machine;

import dev.flowengine.graph.JoinRule;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import java.util.Arrays;

/**
 * Counts the outcomes of the connections of every node and judges its join by them.
 *
 * <p>The three counts of a node share one long, because deciding a connection is what an execution does most: from the
 * lowest bit, 21 bits each, how many dependencies are open, taken and failed. The sign bit marks a join that may fire
 * early.
 */
final class JoinTable {
    private static final int BITS = PlanLayout.COUNT_BITS;
    private static final long MASK = (1L << BITS) - 1;
    private static final long OPEN = 1;
    private static final long TAKEN = 1L << BITS;
    private static final long FAILED = 1L << (2 * BITS);

    private final PlanLayout layout;
    private final NodeTable nodes;
    private final long[] counts;

    JoinTable(PlanLayout layout, NodeTable nodes) {
        this.layout = layout;
        this.nodes = nodes;
        this.counts = layout.joinsOpen();
    }

    /**
     * Counts anew for another iteration of a loop: everything is open again that a node depends on, but for what comes from
     * outside the loop, which has waited for that.
     */
    void reset(int node, int loop, boolean failuresSkip) {
        counts[node] = layout.dependencies(node) | (layout.joinsEarly(node) ? Long.MIN_VALUE : 0);
        int end = layout.firstIn(layout.firstGate(node + 1));
        for (int in = layout.firstIn(layout.firstGate(node)); in < end; in++) {
            decideFromOutside(node, loop, layout.inSource(in), layout.inSlot(in), failuresSkip);
        }
        for (int order = layout.firstOrder(node); order < layout.firstOrder(node + 1); order++) {
            decideFromOutside(node, loop, layout.orderSource(order), PlanLayout.ORDER_ONLY, failuresSkip);
        }
    }

    private void decideFromOutside(int node, int loop, int source, int slot, boolean failuresSkip) {
        if (source != loop && !layout.loops().isInside(source, loop)) {
            boolean completed = nodes.status(source) == NodeStatus.COMPLETED;
            decide(node, slot, completed, failuresSkip && nodes.propagatesFailure(source));
        }
    }

    /** Records an edge whose source has settled. */
    void decide(int target, int slot, boolean completed, boolean failed) {
        if (slot == PlanLayout.ORDER_ONLY) {
            if (failed) {
                orderFailed(target);
            } else {
                notTaken(target);
            }
        } else if (completed) {
            sourceCompleted(target, nodes.outputs().isFired(slot));
        } else if (failed) {
            sourceFailed(target);
        } else {
            notTaken(target);
        }
    }

    /** Records a connection whose source completed. */
    void sourceCompleted(int target, boolean fired) {
        counts[target] += fired ? TAKEN - OPEN : -OPEN;
    }

    /** Records a connection whose source was skipped for a reason that is no failure, or an order dependency. */
    void notTaken(int target) {
        counts[target] -= OPEN;
    }

    /** Records a connection whose source failed. */
    void sourceFailed(int target) {
        counts[target] += FAILED - OPEN;
    }

    /** Records an order dependency whose source failed: it counts only where a failure skips the node. */
    void orderFailed(int target) {
        boolean matters = layout.definition(target).shape().join().skipsOnFailure();
        counts[target] += matters ? FAILED - OPEN : -OPEN;
    }

    /** Whether a node certainly cannot be decided yet: whatever its rule, it waits for what is open. */
    boolean waits(int node) {
        long count = counts[node];
        return count >= 0 && count < FAILED && (count & MASK) != 0;
    }

    Verdict judge(int node) {
        if (layout.hasOneRequiredGate(node)) {
            return judgeOneGate(counts[node]);
        }
        JoinRule.Kind rule = layout.rule(node);
        Verdict verdict = rule == JoinRule.Kind.DEFAULT ? judgeDefault(node) : judgeRule(node, rule);
        if (verdict == Verdict.FIRE && layout.isUnfed(node)) {
            return open(node) > 0 ? Verdict.WAIT : Verdict.SKIP;
        }
        return verdict;
    }

    SkipReason skipReason(int node) {
        JoinRule.Kind rule = layout.rule(node);
        if (conditionFalse(node, rule)) {
            return SkipReason.CONDITION_FALSE;
        }
        if (failed(node) > 0) {
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
        return nodes.rootOf(failedSource(node));
    }

    /** The dependency by which a failure reached a node, the first in the order they were declared. */
    int failedSource(int node) {
        for (int in = layout.firstIn(layout.firstGate(node)); in < layout.firstIn(layout.firstGate(node + 1)); in++) {
            if (nodes.propagatesFailure(layout.inSource(in))) {
                return layout.inSource(in);
            }
        }
        for (int order = layout.firstOrder(node); order < layout.firstOrder(node + 1); order++) {
            if (nodes.propagatesFailure(layout.orderSource(order))) {
                return layout.orderSource(order);
            }
        }
        throw new IllegalStateException("node " + node + " was skipped because of a failure that is not there");
    }

    private static Verdict judgeOneGate(long count) {
        if (count >= FAILED) {
            return Verdict.SKIP;
        }
        if ((count & MASK) > 0) {
            return Verdict.WAIT;
        }
        return count >= TAKEN ? Verdict.FIRE : Verdict.SKIP;
    }

    private int open(int node) {
        return (int) (counts[node] & MASK);
    }

    private int taken(int node) {
        return (int) (counts[node] >>> BITS & MASK);
    }

    private int failed(int node) {
        return (int) (counts[node] >>> (2 * BITS) & MASK);
    }

    private Verdict judgeDefault(int node) {
        if (failed(node) > 0) {
            return Verdict.SKIP;
        }
        if (open(node) > 0) {
            return Verdict.WAIT;
        }
        return everyRequiredGateTaken(node) ? Verdict.FIRE : Verdict.SKIP;
    }

    private Verdict judgeRule(int node, JoinRule.Kind rule) {
        return Verdict.of(
                rule,
                new Verdict.Outcomes(layout.connections(node), taken(node), failed(node), open(node), openOrder(node)),
                layout.definition(node).shape().join().threshold());
    }

    private boolean everyRequiredGateTaken(int node) {
        int end = layout.firstGate(node + 1);
        int first = layout.firstGate(node);
        if (end - first == 1) {
            return taken(node) > 0 || !layout.isRequired(first);
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
        return (rule == JoinRule.Kind.ANY_FAILED && failed(node) == 0)
                || (rule == JoinRule.Kind.ALL_FAILED
                        && (failed(node) < layout.connections(node) || layout.connections(node) == 0));
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
