package dev.flowengine.graph;

import java.util.Objects;

/**
 * When a node with several connections runs. Judged on the outcomes of its connections: with N connections, of which
 * S were taken, T not taken, F failed and D decided.
 *
 * <p>{@link #ANY_SUCCESS}, {@link #atLeast(int)} and {@link #ANY_FAILED} fire as soon as they can; the inputs that
 * arrive later are recorded and ignored. {@link #DEFAULT}, {@link #ALL_SUCCESS}, {@link #NONE_FAILED} and
 * {@link #NONE_FAILED_MIN_ONE_SUCCESS} skip the node at the first failure. Everything else is decided when all
 * connections are.
 *
 * @param kind the rule
 * @param threshold the n of {@link Kind#AT_LEAST}, 0 for every other rule
 */
public record JoinRule(Kind kind, int threshold) {

    /** And across input ports, or within a port: every required port needs a taken connection, and none may fail. */
    public static final JoinRule DEFAULT = new JoinRule(Kind.DEFAULT, 0);

    /** S = N. */
    public static final JoinRule ALL_SUCCESS = new JoinRule(Kind.ALL_SUCCESS, 0);

    /** D = N and F = 0. */
    public static final JoinRule NONE_FAILED = new JoinRule(Kind.NONE_FAILED, 0);

    /** D = N, F = 0 and S ≥ 1. */
    public static final JoinRule NONE_FAILED_MIN_ONE_SUCCESS = new JoinRule(Kind.NONE_FAILED_MIN_ONE_SUCCESS, 0);

    /** S ≥ 1, at once. */
    public static final JoinRule ANY_SUCCESS = new JoinRule(Kind.ANY_SUCCESS, 0);

    /** D = N, whatever the outcomes. */
    public static final JoinRule ALL_DONE = new JoinRule(Kind.ALL_DONE, 0);

    /** D = N and S ≥ 1. */
    public static final JoinRule ALL_DONE_MIN_ONE_SUCCESS = new JoinRule(Kind.ALL_DONE_MIN_ONE_SUCCESS, 0);

    /** F ≥ 1, at once. */
    public static final JoinRule ANY_FAILED = new JoinRule(Kind.ANY_FAILED, 0);

    /** F = N, N ≥ 1. */
    public static final JoinRule ALL_FAILED = new JoinRule(Kind.ALL_FAILED, 0);

    /** Refuses a threshold that does not go with the rule. */
    public JoinRule {
        Objects.requireNonNull(kind, "kind");
        if (kind == Kind.AT_LEAST ? threshold < 1 : threshold != 0) {
            throw new IllegalArgumentException("join rule " + kind + " with threshold " + threshold
                    + ": AT_LEAST needs 1 or more, every other rule has none");
        }
    }

    /**
     * S ≥ n, at once.
     *
     * @param n how many connections must be taken, at least 1
     * @return the rule
     * @throws IllegalArgumentException if n is less than 1
     */
    public static JoinRule atLeast(int n) {
        return new JoinRule(Kind.AT_LEAST, n);
    }

    /**
     * Whether the node is skipped at the first failed connection.
     *
     * @return true for the rules that can no longer fire once something failed
     */
    public boolean skipsOnFailure() {
        return kind == Kind.DEFAULT
                || kind == Kind.ALL_SUCCESS
                || kind == Kind.NONE_FAILED
                || kind == Kind.NONE_FAILED_MIN_ONE_SUCCESS;
    }

    /**
     * Whether the node may start before all its connections are decided.
     *
     * @return true for {@code ANY_SUCCESS}, {@code AT_LEAST} and {@code ANY_FAILED}
     */
    public boolean firesEarly() {
        return kind == Kind.ANY_SUCCESS || kind == Kind.AT_LEAST || kind == Kind.ANY_FAILED;
    }

    /**
     * The rule as people write it.
     *
     * @return its name, with the threshold where it has one
     */
    @Override
    public String toString() {
        return kind == Kind.AT_LEAST ? "AT_LEAST(" + threshold + ")" : kind.name();
    }

    /** Names of the rules. */
    public enum Kind {
        /** See {@link JoinRule#DEFAULT}. */
        DEFAULT,
        /** See {@link JoinRule#ALL_SUCCESS}. */
        ALL_SUCCESS,
        /** See {@link JoinRule#NONE_FAILED}. */
        NONE_FAILED,
        /** See {@link JoinRule#NONE_FAILED_MIN_ONE_SUCCESS}. */
        NONE_FAILED_MIN_ONE_SUCCESS,
        /** See {@link JoinRule#ANY_SUCCESS}. */
        ANY_SUCCESS,
        /** See {@link JoinRule#atLeast(int)}. */
        AT_LEAST,
        /** See {@link JoinRule#ALL_DONE}. */
        ALL_DONE,
        /** See {@link JoinRule#ALL_DONE_MIN_ONE_SUCCESS}. */
        ALL_DONE_MIN_ONE_SUCCESS,
        /** See {@link JoinRule#ANY_FAILED}. */
        ANY_FAILED,
        /** See {@link JoinRule#ALL_FAILED}. */
        ALL_FAILED
    }
}
