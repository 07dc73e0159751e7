package dev.flowengine.internal.machine;

import java.time.Duration;

/** Carries out commands; see {@link Command} for what each of them asks. */
public interface CommandExecutor {

    /**
     * See {@link Command.BackOff}.
     *
     * @param node number of the node
     * @param ticket what its next attempt will be started with
     * @param delay how long it waits
     */
    void backOff(int node, int ticket, Duration delay);

    /**
     * See {@link Command.Await}.
     *
     * @param node number of the node
     * @param ticket what it has while it waits
     * @param suspension what it waits for
     */
    void await(int node, int ticket, Suspension suspension);

    /**
     * See {@link Command.Wake}.
     *
     * @param node number of the node
     */
    void wake(int node);

    /**
     * See {@link Command.Limit}.
     *
     * @param node number of the node
     */
    void limit(int node);

    /**
     * See {@link Command.Disarm}.
     *
     * @param node number of the node
     */
    void disarm(int node);

    /**
     * See {@link Command.Recover}.
     *
     * @param node number of the node
     * @param ticket what the recovery is started with
     * @param failure how the node failed
     */
    void recover(int node, int ticket, NodeFailure failure);

    /**
     * See {@link Command.Abandon}.
     *
     * @param node number of the node
     */
    void abandon(int node);

    /**
     * See {@link Command.CloseItems}.
     *
     * @param items the source
     */
    void closeItems(ItemSource items);

    /** See {@link Command.Hold}. */
    void hold();

    /** See {@link Command.Release}. */
    void release();

    /** See {@link Command.Leave}. */
    void leave();

    /** See {@link Command.Stop}. */
    void stop();

    /** See {@link Command.BeginCompensations}. */
    void beginCompensations();

    /**
     * See {@link Command.Compensate}.
     *
     * @param node number of the node
     * @param ticket what the attempt is started with
     * @param attempt which attempt it is
     * @param delay how long to wait before
     */
    void compensate(int node, int ticket, int attempt, Duration delay);
}
