package dev.flowengine.internal.layout;

import dev.flowengine.graph.NodeKind;
import dev.flowengine.internal.digraph.IntDigraph;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.plan.Start;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes belong to an execution, which stand outside and only supply outputs, and which edges count.
 *
 * @param index the flow
 * @param start where the execution begins
 * @param startNode number of the node it begins with
 * @param nodes numbers of the nodes that belong to it
 * @param supplied numbers of the nodes outside that feed it with given outputs
 */
record Scope(FlowIndex index, Start start, int startNode, BitSet nodes, BitSet supplied) {

    static Scope of(FlowIndex index, Start start, @Nullable Target target, Set<String> given) {
        int startNode = startNode(index, start);
        BitSet nodes = new BitSet(index.size());
        if (start.kind() == Start.Kind.SINGLE_NODE) {
            nodes.set(startNode);
        } else {
            nodes.or(index.edges().reachableFrom(startNode));
        }
        if (target != null) {
            nodes.and(leadingTo(index, start, nodes, target));
            if (!nodes.get(startNode)) {
                throw Refusals.nothingBefore(index, start.nodeId(), target.nodeId());
            }
        }
        Scope scope = new Scope(index, start, startNode, nodes, new BitSet());
        given.forEach(id -> scope.supply(index.numberOf(id)));
        return scope;
    }

    /** Whether an edge into a node of the scope counts: its source runs or is supplied, and it is not cut. */
    boolean counts(int edge) {
        IntDigraph edges = index.edges();
        return nodes.get(edges.target(edge))
                && edges.target(edge) != startNode
                && !index.loops().isBack(edge)
                && (nodes.get(edges.source(edge)) || supplied.get(edges.source(edge)));
    }

    /** Whether an edge leads into the scope but does not count, because its source is neither in scope nor supplied. */
    boolean prunes(int edge) {
        IntDigraph edges = index.edges();
        int target = edges.target(edge);
        return nodes.get(target) && target != startNode && !index.loops().isBack(edge) && !counts(edge);
    }

    /** What runs up to a target; of one in the body of a loop the whole loop, or nothing of it if it is left out. */
    private static BitSet leadingTo(FlowIndex index, Start start, BitSet nodes, Target target) {
        int node = target(index, start, nodes, target);
        if (target.included()) {
            return ancestors(index, node);
        }
        int entry = index.loops().outermost(node);
        BitSet needed = ancestors(index, entry);
        needed.clear(entry);
        index.loops().clearBody(entry, needed);
        return needed;
    }

    /** A node and all that it depends on; of a loop, its whole body. */
    private static BitSet ancestors(FlowIndex index, int target) {
        BitSet found = index.edges().reaching(target);
        while (index.loops().addBodies(found)) {
            found = index.edges().reaching(found);
        }
        return found;
    }

    /** Whether a node lies in the body of a loop that belongs to the scope. */
    boolean repeats(int node) {
        int loop = index.loops().around(node);
        return loop >= 0 && nodes.get(loop);
    }

    private void supply(int node) {
        if (node < 0 || nodes.get(node)) {
            return;
        }
        IntDigraph edges = index.edges();
        for (int i = 0; i < edges.outDegree(node); i++) {
            int target = edges.successor(node, i);
            if (nodes.get(target) && !index.loops().isBack(edges.outEdge(node, i))) {
                supplied.set(node);
            }
        }
    }

    private static int startNode(FlowIndex index, Start start) {
        int node = index.numberOf(start.nodeId());
        boolean isTrigger = node >= 0 && index.node(node).shape().kind() == NodeKind.TRIGGER;
        if (start.kind() == Start.Kind.TRIGGER && !isTrigger) {
            throw Refusals.unknownTrigger(index, start.nodeId(), node >= 0);
        }
        if (node < 0) {
            throw Refusals.unknownNode(index, start.nodeId());
        }
        if (start.kind() != Start.Kind.TRIGGER && isTrigger) {
            throw Refusals.triggerInTheMiddle(index, start.nodeId());
        }
        if (isTrigger && index.node(node).isDisabled()) {
            throw Refusals.disabled(index, start.nodeId(), "an execution cannot begin with it");
        }
        return entry(index, start, node);
    }

    private static int entry(FlowIndex index, Start start, int node) {
        boolean alone = start.kind() == Start.Kind.SINGLE_NODE;
        if (alone && index.node(node).shape().kind() == NodeKind.LOOP) {
            throw Refusals.loopAlone(index, start.nodeId());
        }
        // There is no iteration to begin in the middle of: the loop begins.
        return alone ? node : index.loops().outermost(node);
    }

    private static int target(FlowIndex index, Start start, BitSet nodes, Target named) {
        String upTo = named.nodeId();
        int target = index.numberOf(upTo);
        if (target < 0) {
            throw Refusals.unknownNode(index, upTo);
        }
        if (named.included() && index.node(target).isDisabled()) {
            throw Refusals.disabled(index, upTo, "an execution cannot run up to it");
        }
        if (!nodes.get(target)) {
            throw FlowException.of(
                            FailureKind.NOT_FOUND,
                            "flow '" + index.flowId() + "': node '" + upTo + "' is not reached from '" + start.nodeId()
                                    + "', so no execution that begins there can run up to it")
                    .affectedNodes(List.of(start.nodeId(), upTo))
                    .suggestedResolution("Start from a node that leads to '" + upTo + "'.")
                    .build();
        }
        return target;
    }
}
