package dev.flowengine.internal.scheduling;

/** Runs one body; never throws. */
public interface BodyTask extends Runnable {

    /**
     * Is called instead of {@code run} if no thread could be had.
     *
     * @param cause why
     */
    void refused(Throwable cause);
}
