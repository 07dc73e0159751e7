package dev.flowengine.persistence;

/**
 * How many nodes of a run there are, and how those that have settled did.
 *
 * @param total nodes in the scope of the run
 * @param completed those that completed, handled failures included
 * @param failed those that failed
 * @param skipped those that were skipped
 * @param cancelled those that were cancelled
 */
public record NodeCounts(int total, int completed, int failed, int skipped, int cancelled) {
    /** Of a run nothing is known of yet. */
    public static final NodeCounts NONE = new NodeCounts(0, 0, 0, 0, 0);
}
