package dev.flowengine.internal.machine;

import dev.flowengine.model.NodeStatus;

/**
 * What a machine asks for and reports, gathered while it takes signals and emptied by whoever drives it: nodes to
 * start, and, if anybody wants to know, changes of status.
 */
@SuppressWarnings("EnumOrdinal") // a number per status in memory only: nothing outlives the order of the constants
public final class Effects {
    private static final NodeStatus[] STATUSES = NodeStatus.values();

    private final IntList starts = new IntList();
    private final IntList changes = new IntList();
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
     * @return the bound of {@link #start(int)}
     */
    public int starts() {
        return starts.size();
    }

    /**
     * A node to start.
     *
     * @param index its position among those to be started
     * @return its number
     */
    public int start(int index) {
        return starts.get(index);
    }

    /** Forgets the nodes to start: they are. */
    public void started() {
        starts.clear();
    }

    /**
     * Empties the gathered changes.
     *
     * @param observer is told of each, in order
     */
    public void drainChanges(ChangeObserver observer) {
        for (int i = 0; i < changes.size(); i += 2) {
            observer.changed(changes.get(i), STATUSES[changes.get(i + 1)]);
        }
        changes.clear();
    }

    boolean hasChanges() {
        return !changes.isEmpty();
    }

    boolean isObserved() {
        return observed;
    }

    void addStart(int node) {
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
