package dev.flowengine.internal.machine;

import java.time.Duration;

/** Something a machine asks for besides the start of a node: rare, and so an object. */
public sealed interface Command {

    /**
     * Calls the method of the executor for this command.
     *
     * @param executor carries it out
     */
    void carryOutBy(CommandExecutor executor);

    /**
     * Starts a node again after a time, unless told otherwise.
     *
     * @param node its number
     * @param ticket what its next attempt will be started with
     * @param delay how long it waits
     */
    record BackOff(int node, int ticket, Duration delay) implements Command {

        @Override
        public void carryOutBy(CommandExecutor executor) {
            executor.backOff(node, ticket, delay);
        }
    }

    /**
     * Tells when the time has come that a node waits for, or has the execution started that it waits for and tells what that
     * came to, unless told otherwise.
     *
     * @param node its number
     * @param ticket what it has while it waits
     * @param suspension what it waits for: at least a time, or an execution
     */
    record Await(int node, int ticket, Suspension suspension) implements Command {

        @Override
        public void carryOutBy(CommandExecutor executor) {
            executor.await(node, ticket, suspension);
        }
    }

    /**
     * A node waits no more: for its next attempt, or for whatever else.
     *
     * @param node its number
     */
    record Wake(int node) implements Command {

        @Override
        public void carryOutBy(CommandExecutor executor) {
            executor.wake(node);
        }
    }

    /**
     * Starts to measure how long a node takes: it has become ready.
     *
     * @param node its number
     */
    record Limit(int node) implements Command {

        @Override
        public void carryOutBy(CommandExecutor executor) {
            executor.limit(node);
        }
    }

    /**
     * Forgets everything that is still to happen to a node: it is settled.
     *
     * @param node its number
     */
    record Disarm(int node) implements Command {

        @Override
        public void carryOutBy(CommandExecutor executor) {
            executor.disarm(node);
        }
    }

    /**
     * Makes a value from the failure of a node.
     *
     * @param node its number
     * @param ticket what the recovery is started with
     * @param failure how the node failed
     */
    record Recover(int node, int ticket, NodeFailure failure) implements Command {

        @Override
        public void carryOutBy(CommandExecutor executor) {
            executor.recover(node, ticket, failure);
        }
    }

    /**
     * Gives up the attempt of a node that is under way: its answer is not heard any more.
     *
     * @param node its number
     */
    record Abandon(int node) implements Command {

        @Override
        public void carryOutBy(CommandExecutor executor) {
            executor.abandon(node);
        }
    }

    /**
     * Closes the source of a map: nothing more is taken from it.
     *
     * @param items the source
     */
    record CloseItems(ItemSource items) implements Command {

        @Override
        public void carryOutBy(CommandExecutor executor) {
            executor.closeItems(items);
        }
    }

    /** Lets nothing start, and time stand still for what waits. */
    record Hold() implements Command {

        @Override
        public void carryOutBy(CommandExecutor executor) {
            executor.hold();
        }
    }

    /** Takes back a {@link Hold}. */
    record Release() implements Command {

        @Override
        public void carryOutBy(CommandExecutor executor) {
            executor.release();
        }
    }

    /** Says that the execution can be left: nothing of it runs, and nothing will here. */
    record Leave() implements Command {

        @Override
        public void carryOutBy(CommandExecutor executor) {
            executor.leave();
        }
    }

    /** Asks what runs to stop, soon with an interrupt, and after a time gives it up. */
    record Stop() implements Command {

        @Override
        public void carryOutBy(CommandExecutor executor) {
            executor.stop();
        }
    }

    /** Gives up whatever else still runs or is due, and measures how long the compensations take. */
    record BeginCompensations() implements Command {

        @Override
        public void carryOutBy(CommandExecutor executor) {
            executor.beginCompensations();
        }
    }

    /**
     * Undoes what a node has done.
     *
     * @param node its number
     * @param ticket what the attempt is started with
     * @param attempt which attempt it is
     * @param delay how long to wait before
     */
    record Compensate(int node, int ticket, int attempt, Duration delay) implements Command {

        @Override
        public void carryOutBy(CommandExecutor executor) {
            executor.compensate(node, ticket, attempt, delay);
        }
    }
}
