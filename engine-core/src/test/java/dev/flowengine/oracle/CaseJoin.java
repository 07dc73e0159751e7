package dev.flowengine.oracle;

/** The join rules of S11 and S12. */
public enum CaseJoin {
    /** S11: AND across input ports, OR within a port. */
    DEFAULT,
    /** S = N. */
    ALL_SUCCESS,
    /** D = N and F = 0. */
    NONE_FAILED,
    /** D = N, F = 0 and S ≥ 1. */
    NONE_FAILED_MIN_ONE_SUCCESS,
    /** S ≥ 1, at once. */
    ANY_SUCCESS,
    /** S ≥ n, at once. */
    AT_LEAST,
    /** D = N. */
    ALL_DONE,
    /** D = N and S ≥ 1. */
    ALL_DONE_MIN_ONE_SUCCESS,
    /** F ≥ 1, at once. */
    ANY_FAILED,
    /** F = N. */
    ALL_FAILED
}
