package dev.flowengine.oracle;

/** A value on an output port, and how far it is determined. */
public record FiredValue(String value, Stability stability) {
    /** A fully determined value. */
    static FiredValue stable(String value) {
        return new FiredValue(value, Stability.STABLE);
    }

    /** Whether the value depends, directly or transitively, on a node whose join can fire early (S16). */
    public boolean unstable() {
        return stability != Stability.STABLE;
    }

    /** Whether the value is the same in every order of arrivals all the same. */
    public boolean comparable() {
        return stability != Stability.UNSTABLE;
    }

    @Override
    public String toString() {
        return unstable() ? value + " (" + stability + ")" : value;
    }
}
