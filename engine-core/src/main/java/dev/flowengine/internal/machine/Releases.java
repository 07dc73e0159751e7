package dev.flowengine.internal.machine;

import dev.flowengine.internal.layout.CompensationLayout;
import dev.flowengine.internal.layout.PlanLayout;

/**
 * Lets go of the outputs in one table as soon as the last node that is declared to read them has settled there. What an outer
 * loop settles for, its body included, settles with it: nodes of a body read, and are read, again and again until then.
 *
 * <p>Everything together is linear in the nodes and edges of the execution.
 */
final class Releases {
    private static final int NOBODY = -1;

    private final PlanLayout layout;
    private final Outputs outputs;
    /** Of each node the edges that lead to nodes that have not settled; NOBODY if none reads it. */
    private final int[] readers;

    Releases(PlanLayout layout, Outputs outputs) {
        this.layout = layout;
        this.outputs = outputs;
        this.readers = new int[layout.total()];
        for (int node = 0; node < layout.size(); node++) {
            visitSources(node, source -> readers[source]++);
        }
        for (int node = 0; node < readers.length; node++) {
            readers[node] = readers[node] == 0 ? NOBODY : readers[node];
        }
    }

    /** A node has settled. */
    void settled(int node) {
        if (layout.isInBody(node) || mayBeUndone(node)) {
            return;
        }
        visitSources(node, this::readOnce);
        if (layout.isLoop(node)) {
            int[] inside = layout.loops().inside(node);
            for (int member : inside) {
                visitSources(member, this::readOnce);
            }
            outputs.release(layout.loops().region(node).slot());
            for (int member : inside) {
                release(member);
            }
        }
        if (readers[node] == 0) {
            // Whoever reads it was skipped before it had come to anything.
            release(node);
        }
    }

    /** A compensation reads what its node has read and put out, and that comes last of all. */
    private boolean mayBeUndone(int node) {
        CompensationLayout compensations = layout.compensations();
        return compensations != null && compensations.contains(node);
    }

    private void readOnce(int source) {
        if (--readers[source] == 0) {
            release(source);
        }
    }

    private void release(int node) {
        // A map keeps its outputs, and not the last items of its lanes.
        boolean kept = layout.definition(node).isKept() && !layout.loops().isHead(node);
        if (kept || mayBeUndone(node)) {
            return;
        }
        for (int slot = layout.firstSlot(node); slot < layout.firstSlot(node + 1); slot++) {
            outputs.release(slot);
        }
    }

    /** Goes through the edges that enter a node from outside its outermost loop. */
    private void visitSources(int node, Visitor visitor) {
        int own = outermost(node);
        int end = layout.firstIn(layout.firstGate(node + 1));
        for (int in = layout.firstIn(layout.firstGate(node)); in < end; in++) {
            visit(layout.inSource(in), own, visitor);
        }
        for (int order = layout.firstOrder(node); order < layout.firstOrder(node + 1); order++) {
            visit(layout.orderSource(order), own, visitor);
        }
    }

    private void visit(int source, int reader, Visitor visitor) {
        if (outermost(source) == source && source != reader) {
            visitor.visit(source);
        }
    }

    private int outermost(int node) {
        int at = node;
        for (int loop = node; loop >= 0; loop = layout.loops().around(loop)) {
            at = loop;
        }
        return at;
    }

    /** Is shown a node that another one reads. */
    @FunctionalInterface
    private interface Visitor {
        void visit(int source);
    }
}
