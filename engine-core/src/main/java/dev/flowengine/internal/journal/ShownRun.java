package dev.flowengine.internal.journal;

import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.layout.LoopLayout;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.internal.machine.CompensationView;
import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.NodeTable;
import dev.flowengine.model.ExecutionStatus;
import java.util.BitSet;

/**
 * What is shown of an execution whose changes are written first: the state of all that is written. Changed by whoever drains the
 * execution; {@link #status} may be asked by any thread.
 */
final class ShownRun {
    private final PlanLayout layout;
    private final NodeTable nodes;
    /** What is to be shown once it is written. */
    private final BitSet changed = new BitSet();

    private CompensationView compensations = CompensationView.NONE;
    private volatile ExecutionStatus status = ExecutionStatus.QUEUED;
    private int settledNodes;
    private boolean behind;

    ShownRun(RunScope scope) {
        this.layout = scope.layout();
        this.nodes = scope.nodes().copy();
        if (scope.flow().releasesOutputs()) {
            nodes.releaseOutputs(layout);
        }
    }

    /** The execution was taken up where it was left: all of it is to be shown. */
    void restored(ExecutionStatus left) {
        status = left;
        behind = true;
    }

    /** Whether something is to be shown that need not be written. */
    boolean isBehind() {
        return behind;
    }

    /** A node has changed. */
    void changes(int node) {
        changed.set(node);
    }

    /** An iteration has begun, or an item in a lane. */
    void iterationBegan(int loop) {
        LoopLayout loops = layout.loops();
        for (int node : loops.inside(loop)) {
            changed.set(node);
        }
        changed.set(loop);
        if (loops.isHead(loop)) {
            changed.set(loops.region(loop).map());
        }
    }

    /** Shows everything that has changed: it is written. */
    void show(ExecutionMachine machine) {
        if (behind) {
            behind = false;
            changed.set(0, layout.size());
        }
        for (int node = changed.nextSetBit(0); node >= 0; node = changed.nextSetBit(node + 1)) {
            nodes.copyFrom(machine.nodes(), node, layout.firstSlot(node), layout.firstSlot(node + 1));
        }
        changed.clear();
        settledNodes = machine.settledNodes();
        status = machine.status();
        compensations = machine.compensations();
    }

    NodeTable nodes() {
        return nodes;
    }

    ExecutionStatus status() {
        return status;
    }

    CompensationView compensations() {
        return compensations;
    }

    int settledNodes() {
        return settledNodes;
    }
}
