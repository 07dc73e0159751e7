package dev.flowengine.internal.journal;

import dev.flowengine.model.FlowException;

/** Is told when an execution does not go on as it would. */
public interface JournalOwner {

    /**
     * The store refuses to create the execution, which has not begun.
     *
     * @param why says so
     */
    void notCreated(FlowException why);

    /**
     * There is an execution of the same key and input, so that this one is not created, and has not begun.
     *
     * @param executionId id of that one
     */
    void startedBefore(String executionId);

    /**
     * Something was written. Goes on with the execution as soon as that is allowed: an engine that could not renew
     * its lease starts nothing.
     *
     * @param then goes on
     */
    void goOn(Runnable then);

    /**
     * Whether nodes may start before what made them ready is written.
     *
     * @return true if the host has asked for that
     */
    boolean mayRunAhead();

    /**
     * Whether a body may start now: not while the lease has ended, nor before it is known what others have taken over.
     *
     * @param later is run as soon as it may, if it may not now and nobody has taken the execution over
     * @return true if it may
     */
    boolean mayStart(Runnable later);

    /**
     * Whether the execution is this engine's, as far as that can be known.
     *
     * @return false if another one has it, or may have
     */
    boolean isOwned();

    /**
     * Under what this engine writes.
     *
     * @return the epoch
     */
    long epoch();

    /** The execution was created, and then somebody else took it over before this engine knew. */
    void takenOver();

    /** Somebody else has the execution now, or nobody: it is not this engine's any more. */
    void fenced();

    /** Nobody owns the execution any more, which waits: this engine has let go of it. */
    void offloaded();

    /** The engine was closed before something could be written; somebody else will go on. */
    void released();

    /**
     * The store does not even take that the execution has ended.
     *
     * @param why says so
     */
    void unwritable(FlowException why);
}
