package dev.flowengine.internal.machine;

import dev.flowengine.model.NodeStatus;

/**
 * What a machine asks for and reports, gathered while it takes signals and emptied by whoever drives it: nodes to
 * start, and, if anybody wants to know, changes of status.
 */
@SuppressWarnings("EnumOrdinal") // a number per status in memory only: nothing outlives the order of the constants
public final class Effects {
    private static final NodeStatus[] STATUSES = NodeStatus.values();

    private final IntFifo starts = new IntFifo();
    private final IntFifo changes = new IntFifo();
    private final boolean observed;

    /**
     * Creates empty effects.
     *
     * @param observed whether changes of status are gathered
     */
    public Effects(boolean observed) {
        this.observed = observed;
    }

    /**
     * How many nodes are to be started.
     *
     * @return how often {@link #nextStart()} may be called
     */
    public int starts() {
        return starts.size();
    }

    /**
     * Takes a node to start.
     *
     * @return its number
     */
    public int nextStart() {
        return starts.remove();
    }

    /**
     * Empties the gathered changes.
     *
     * @param observer is told of each, in order
     */
    public void drainChanges(ChangeObserver observer) {
        while (!changes.isEmpty()) {
            observer.changed(changes.remove(), STATUSES[changes.remove()]);
        }
    }

    void start(int node) {
        starts.add(node);
    }

    void changed(int node, NodeStatus status) {
        if (observed) {
            changes.add(node);
            changes.add(status.ordinal());
        }
    }

    /** Is told of changes of status. */
    @FunctionalInterface
    public interface ChangeObserver {

        /**
         * Is told of one change.
         *
         * @param node number of the node
         * @param status its new status
         */
        void changed(int node, NodeStatus status);
    }
}
