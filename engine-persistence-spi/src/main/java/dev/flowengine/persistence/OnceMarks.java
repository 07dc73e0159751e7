package dev.flowengine.persistence;

import java.time.Duration;

/**
 * An optional ability of a store: things that only one of many workers may do, such as the firing of a schedule at an
 * instant. What is said of every store in the documentation of this package holds here, too.
 */
public interface OnceMarks {

    /**
     * Sets a mark, unless it is set.
     *
     * <p>Of any number of calls with the same mark, at once or one after the other, in any processes, exactly one answers
     * true, until the mark is forgotten. A mark is kept at least as long as the call that set it asked for, in the store's
     * time, and forgotten some time later; then it can be set again.
     *
     * <p>A call that is {@linkplain StoreException#isInDoubt() in doubt} may have set the mark; a repetition answers false
     * then. Whoever must not lose what the mark stands for ties it to a write that tells, such as a run with a key.
     *
     * @param mark what is done once; unique among all users of the store
     * @param keep for how long; positive
     * @return true for the caller that set it
     */
    boolean setOnce(String mark, Duration keep);
}
