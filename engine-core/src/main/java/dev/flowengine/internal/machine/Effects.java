package dev.flowengine.internal.machine;

import dev.flowengine.model.CompensationStatus;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.Intervention;
import dev.flowengine.model.NodeStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What a machine asks for and reports, gathered while it takes signals and emptied by whoever drives it: nodes to
 * start, changes of the status of the execution, and, if anybody wants to know, of its nodes.
 */
@SuppressWarnings("EnumOrdinal") // a number per status in memory only: nothing outlives the order of the constants
public final class Effects {
    private static final NodeStatus[] STATUSES = NodeStatus.values();
    private static final ExecutionStatus[] EXECUTION_STATUSES = ExecutionStatus.values();
    private static final int EXECUTION = -1;
    private static final int NOTE = -2;
    private static final int ITERATION = -3;

    private final IntList starts = new IntList();
    private final IntList changes = new IntList();
    private final List<Note> notes = new ArrayList<>(0);
    private final List<Command> commands = new ArrayList<>(0);
    private final boolean observed;

    /**
     * Creates empty effects.
     *
     * @param observed whether changes of the status of nodes are gathered
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

    /**
     * Takes some of the nodes to start.
     *
     * @param which says of each whether it is taken; it starts at once
     */
    public void takeStarts(IntPredicate which) {
        IntList rest = new IntList();
        for (int i = 0; i < starts.size(); i++) {
            if (!which.test(starts.get(i))) {
                rest.add(starts.get(i));
            }
        }
        starts.clear();
        for (int i = 0; i < rest.size(); i++) {
            starts.add(rest.get(i));
        }
    }

    /** Forgets the nodes to start: they are. */
    public void started() {
        starts.clear();
    }

    /**
     * Empties the commands.
     *
     * @param executor carries each of them out, in order
     */
    public void drainCommands(CommandExecutor executor) {
        if (commands.isEmpty()) {
            return;
        }
        // Emptied before: a command that fails must not be carried out again.
        List<Command> due = List.copyOf(commands);
        commands.clear();
        RuntimeException failure = null;
        for (Command command : due) {
            try {
                command.carryOutBy(executor);
            } catch (RuntimeException failed) {
                // The others are needed all the same: they may free what the execution holds.
                failure = failure == null ? failed : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * Empties the gathered changes, and what was noted between them.
     *
     * @param observer is told of each, in order
     */
    public void drainChanges(ChangeObserver observer) {
        try {
            for (int i = 0; i < changes.size(); i += 2) {
                tell(changes.get(i), changes.get(i + 1), observer);
            }
        } finally {
            // Also after a failure: nothing is told twice.
            changes.clear();
            notes.clear();
        }
    }

    /**
     * Looks at the gathered changes and leaves them; only if they are gathered.
     *
     * @param nodes is told the number of each node that has changed, as often as it has
     * @param loops is told the number of each loop that has begun another iteration
     * @param statuses is told each status the execution has taken
     */
    public void peekChanges(IntConsumer nodes, IntConsumer loops, Consumer<ExecutionStatus> statuses) {
        for (int i = 0; i < changes.size(); i += 2) {
            int what = changes.get(i);
            if (what == EXECUTION) {
                statuses.accept(EXECUTION_STATUSES[changes.get(i + 1)]);
            } else if (what == ITERATION) {
                loops.accept(changes.get(i + 1));
            } else if (what != NOTE) {
                nodes.accept(what);
            }
        }
    }

    /**
     * Looks at the waits that begin, and leaves them.
     *
     * @param waits is told each node that waits for its next attempt from now on, and for how long
     */
    public void peekDelays(BiConsumer<Integer, Duration> waits) {
        for (Command command : commands) {
            if (command instanceof Command.BackOff backOff) {
                waits.accept(backOff.node(), backOff.delay());
            }
        }
    }

    private void tell(int what, int detail, ChangeObserver observer) {
        if (what == EXECUTION) {
            observer.entered(EXECUTION_STATUSES[detail]);
        } else if (what == NOTE) {
            notes.get(detail).tell(observer);
        } else if (what == ITERATION) {
            observer.iterationBegan(detail);
        } else {
            observer.changed(what, STATUSES[detail]);
        }
    }

    void add(Command command) {
        commands.add(command);
    }

    void add(Note note) {
        if (observed) {
            changes.add(NOTE);
            changes.add(notes.size());
            notes.add(note);
        }
    }

    void changed(ExecutionStatus status) {
        changes.add(EXECUTION);
        changes.add(status.ordinal());
    }

    boolean hasCommands() {
        return !commands.isEmpty();
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

    /** Starts a node after all not; false if it was not to be started. */
    boolean removeStart(int node) {
        return starts.remove(node);
    }

    /** A loop has begun another iteration: its body is undecided again. */
    void iterationBegan(int loop) {
        if (observed) {
            changes.add(ITERATION);
            changes.add(loop);
        }
    }

    void changed(int node, NodeStatus status) {
        if (observed) {
            changes.add(node);
            changes.add(status.ordinal());
        }
    }

    /** Is told of changes of status. */
    public interface ChangeObserver {

        /**
         * Is told of a new status of the execution.
         *
         * @param status its new status
         */
        void entered(ExecutionStatus status);

        /**
         * Is told that a loop has begun another iteration.
         *
         * @param loop its number
         */
        void iterationBegan(int loop);

        /**
         * Is told of one change.
         *
         * @param node number of the node
         * @param status its new status
         */
        void changed(int node, NodeStatus status);

        /**
         * Is told that the body of a node has told something about itself.
         *
         * @param node its number
         */
        void reported(int node);

        /**
         * Is told that a node has used up most of a timeout.
         *
         * @param node its number
         * @param limit the timeout
         */
        void near(int node, Duration limit);

        /**
         * Is told that nothing has happened for a long time.
         *
         * @param openNodes ids of nodes that are ready, run or wait
         */
        void stuck(List<String> openNodes);

        /**
         * Is told that somebody has intervened, before what comes of it.
         *
         * @param node number of the node
         * @param action what was done
         * @param reason why
         */
        void intervened(int node, Intervention action, String reason);

        /**
         * Is told what has become of an attempt to undo what a node has done.
         *
         * @param node number of the node
         * @param status that of its compensation: {@code RUNNING} if it starts, or has failed and is repeated
         * @param attempt the attempt
         * @param failure how it failed; null if it did not
         */
        void compensation(int node, CompensationStatus status, int attempt, @Nullable NodeFailure failure);
    }
}
