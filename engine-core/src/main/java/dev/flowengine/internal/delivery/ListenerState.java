package dev.flowengine.internal.delivery;

/**
 * How a listener keeps up.
 *
 * @param name its class
 * @param waiting how many events it has not been told yet
 * @param dropped how many it was never told
 * @param busyNanos for how long it has been at the event it is being told now, or at up to eight that end with it; 0 if
 *     it is told none
 */
public record ListenerState(String name, int waiting, long dropped, long busyNanos) {}
