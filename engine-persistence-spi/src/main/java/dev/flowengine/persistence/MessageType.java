package dev.flowengine.persistence;

/** What a message asks of the owner of a run. */
public enum MessageType {
    /** Hand over a value that a node waits for, or will wait for. */
    SIGNAL,
    /** Start no further attempt. */
    PAUSE,
    /** Go on after a pause, or after the run was parked. */
    RESUME,
    /** End the run. */
    CANCEL
}
