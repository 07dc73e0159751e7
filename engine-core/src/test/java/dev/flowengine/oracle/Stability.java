package dev.flowengine.oracle;

/** How far a value is determined (S16), from best to worst. */
public enum Stability {
    /** No join that can fire early stands between the start and this value. */
    STABLE,
    /** There is such a join, but it fired on exactly as many TAKEN connections as there were in the end. */
    FORCED,
    /** Which inputs such a join saw depends on the order of arrivals. */
    UNSTABLE;

    /** The worse of the two. */
    Stability and(Stability other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
