package dev.flowengine.crash;

/**
 * When an engine is cut off from its store.
 *
 * @param write the number of the write, from 1
 * @param before whether that write is lost, or the answer to it
 */
public record CrashPoint(int write, boolean before) {
    @Override
    public String toString() {
        return (before ? "before" : "after") + " write " + write;
    }
}
