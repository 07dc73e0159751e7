package dev.flowengine.internal.machine;

/** Where the items of a map come from. The machine holds it, and says when it is to be closed; it takes nothing from it. */
public interface ItemSource {

    /**
     * How many items there are.
     *
     * @return their number, or {@link NodeTable#UNKNOWN_WIDTH}
     */
    int width();

    /**
     * Closes the source, now or once nobody takes from it; only once, however often it is called. On any thread.
     *
     * @throws Exception what the source has thrown
     */
    void close() throws Exception;
}
