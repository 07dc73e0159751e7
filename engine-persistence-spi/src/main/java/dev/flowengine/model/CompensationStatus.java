package dev.flowengine.model;

/**
 * How far the compensation of a node has come. The node itself stays {@link NodeStatus#COMPLETED}: what it did was done, and
 * is being undone.
 */
public enum CompensationStatus {
    /** Its turn has not come yet. */
    PENDING,
    /** It is under way: its body runs or is about to, or it waits for its next attempt. */
    RUNNING,
    /** What the node did has been undone. */
    COMPLETED,
    /** Its last attempt has failed: what the node did may still stand. */
    FAILED,
    /** The execution ended before it had: what the node did may still stand. */
    CANCELLED;

    /**
     * Whether this status is final.
     *
     * @return true for {@code COMPLETED}, {@code FAILED} and {@code CANCELLED}
     */
    public boolean isSettled() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }
}
