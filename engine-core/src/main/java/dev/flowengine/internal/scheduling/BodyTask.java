package dev.flowengine.internal.scheduling;

/** Runs one body; never throws. */
public interface BodyTask {

    /**
     * Runs the body.
     *
     * @param slot the place among the bodies that run at once, which the body holds until it returns
     */
    void run(BodySlot slot);

    /**
     * Is called instead of {@code run} if no thread could be had.
     *
     * @param cause why
     */
    void refused(Throwable cause);
}
