package dev.flowengine.internal.machine;

import org.jspecify.annotations.Nullable;

/**
 * Something that happened, to be told to a machine. A signal is a link of the mailbox that carries it, so it can be
 * under way only once.
 */
public abstract class Signal {
    private @Nullable Signal next;

    /** Creates a signal that is not under way. */
    protected Signal() {}

    /**
     * Tells the machine.
     *
     * @param machine the machine of the execution the signal was posted to
     */
    public abstract void applyTo(ExecutionMachine machine);

    /**
     * The signal behind this one in its mailbox.
     *
     * @return the next signal, or null if this is the last
     */
    public final @Nullable Signal next() {
        return next;
    }

    /**
     * Links this signal into a mailbox.
     *
     * @param signal the signal behind this one, or null
     */
    public final void next(@Nullable Signal signal) {
        this.next = signal;
    }
}
