package dev.flowengine.internal.scheduling;

import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.Signal;
import org.jspecify.annotations.Nullable;

/** Carries out what the machine of one execution decides, as its {@link RunLoop} says. */
public interface LoopOwner {

    /**
     * Runs the body of a node here and now.
     *
     * @param node number of a node that only computes
     * @param announced whether the machine knows that it starts
     * @return its outcome, or null if that follows later
     */
    @Nullable
    Signal runBody(int node, boolean announced);

    /**
     * Whether somebody wants to know of every start when it happens.
     *
     * @return true if so; always the same
     */
    boolean announcesStarts();

    /**
     * Is told that a node begins with what was just shown, on this very thread.
     *
     * @param node its number
     */
    void announced(int node);

    /**
     * Whether nodes may start before what made them ready lasts.
     *
     * @param machine the machine, which has just decided that
     * @return false if they wait for {@link #commit}
     */
    boolean mayRunAhead(ExecutionMachine machine);

    /**
     * Makes last what the machine has decided since the last call.
     *
     * @param machine the machine, of whose effects nothing may be taken
     * @param then has to be called once that is done, on any thread; never if this returns true
     * @param mayWait whether that may be done on the calling thread, and {@code then} be called on it before this returns
     * @return true if it is done already; false if the machine has to be left alone until then
     */
    boolean commit(ExecutionMachine machine, Runnable then, boolean mayWait);

    /**
     * Is told, while nobody reads, that what was being made last may be shown.
     *
     * @param machine the machine
     */
    void committed(ExecutionMachine machine);

    /**
     * Has the body of a node run on another thread.
     *
     * @param node number of the node
     */
    void startBody(int node);

    /**
     * Is told that there are news to show; by one thread at a time, before any node starts because of them.
     *
     * @param machine the machine, of whose effects only the changes may be taken
     */
    void changed(ExecutionMachine machine);

    /**
     * Is told that what was shown since the last call may be passed on to others; before another thread shows
     * anything, but maybe after nodes have started because of it. Never throws.
     */
    void publish();

    /**
     * Is told that the execution cannot go on, whether or not its end could be shown.
     *
     * @param defect why
     */
    void mustHaveEnded(Throwable defect);
}
