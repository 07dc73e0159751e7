package dev.flowengine.persistence;

/**
 * An optional ability of a store: limits that hold across workers. A counter is a set of holders, each there on behalf of
 * a worker; only holders of workers with a live lease count, so that what died holds nothing up. What is said of every store
 * in the documentation of this package holds here, too.
 */
public interface Counters {

    /**
     * Adds a holder to a counter, if there is room.
     *
     * <p>Never are there more counting holders than the limit allows, however many ask at once. A
     * holder that counts already is there on behalf of the given worker from now on, whatever the limit: so a repetition
     * answers true again. One whose worker has no live lease any more asks like a new one.
     *
     * @param counter name of the counter
     * @param holder who asks, such as the id of a run
     * @param workerId on behalf of whom; a worker with a live lease
     * @param limit how many holders there may be together; at least 1
     * @return true if the holder is there now; false if there is no room or the worker has no live lease
     */
    boolean tryAcquire(String counter, String holder, String workerId, long limit);

    /**
     * Removes a holder from a counter; nothing happens if it is not there.
     *
     * @param counter name of the counter
     * @param holder who does not hold it any more
     */
    void release(String counter, String holder);

    /**
     * How many holders count at the moment.
     *
     * @param counter name of the counter
     * @return how many are there on behalf of workers with a live lease
     */
    long count(String counter);
}
