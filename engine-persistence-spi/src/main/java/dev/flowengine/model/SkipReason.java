package dev.flowengine.model;

/** Why a node was skipped, in order of precedence: where several apply, the first one declared here is given. */
public enum SkipReason {
    /** The node runs only on failures ({@code ANY_FAILED}, {@code ALL_FAILED}) and those did not occur. */
    CONDITION_FALSE,
    /** Something the node depends on failed, or was skipped because of a failure. */
    UPSTREAM_FAILED,
    /** A required input port has no connection in this execution, and the dependency check was switched off. */
    MISSING_INPUT,
    /** Every source the node depends on was skipped. */
    ALL_INPUTS_SKIPPED,
    /** The sources ran and chose other branches. */
    BRANCH_NOT_TAKEN,
    /** Somebody intervened and had the node skipped; never the outcome of a join. */
    MANUAL;

    /**
     * Whether dependents of a node skipped for this reason see a failure.
     *
     * @return true only for {@link #UPSTREAM_FAILED}
     */
    public boolean propagatesFailure() {
        return this == UPSTREAM_FAILED;
    }
}
