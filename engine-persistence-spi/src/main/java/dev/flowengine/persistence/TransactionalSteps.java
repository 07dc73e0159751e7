package dev.flowengine.persistence;

/**
 * An optional ability of a store: work of the host's in a transaction on the database of the store, in which what came of it
 * is recorded as a step. What is said of every store in the documentation of this package holds here, too.
 */
public interface TransactionalSteps {

    /**
     * Whether there is anything of a kind to do work with.
     *
     * @param resource the kind, such as {@code java.sql.Connection}
     * @return true if {@link #record} takes it
     */
    boolean offers(Class<?> resource);

    /**
     * Begins a transaction, has the work done in it, records the step that comes of it, and commits both, or neither. If the
     * run does not stand as owned under the epoch, or stops to do so before the commit, nothing is committed. Nobody takes the
     * run over between the recording and the commit.
     *
     * @param executionId the run
     * @param epoch what its owner writes under
     * @param resource what kind of thing the work is done with; one this store offers
     * @param work is called once at most
     * @param <C> the same kind
     * @return true if everything is committed; false if the run is not owned under the epoch, and nothing is
     * @throws StoreException if the step cannot be kept, as {@linkplain StoreException#refused refused}, or is there
     *     already, or the database fails; nothing is committed, unless the failure is {@linkplain StoreException#isInDoubt() in
     *     doubt}
     * @throws Exception what the work throws; nothing is committed
     */
    <C> boolean record(String executionId, long epoch, Class<C> resource, Work<? super C> work) throws Exception;

    /**
     * Work of the host's.
     *
     * @param <C> what it is done with
     */
    @FunctionalInterface
    interface Work<C> {

        /**
         * Does it.
         *
         * @param resource takes part in the transaction, which is not the work's to end
         * @return what came of it
         * @throws Exception undoes everything
         */
        StepRecord with(C resource) throws Exception;
    }
}
