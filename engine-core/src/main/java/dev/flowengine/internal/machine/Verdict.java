package dev.flowengine.internal.machine;

import dev.flowengine.graph.JoinRule;

/** What a join decides from the outcomes of its connections so far. */
enum Verdict {
    /** Not decidable yet. */
    WAIT,
    /** The node runs. */
    FIRE,
    /** The node never runs. */
    SKIP;

    /**
     * Judges a join other than the default one.
     *
     * @param rule the rule
     * @param outcomes its connections
     * @param threshold the n of AT_LEAST
     * @return the verdict
     */
    static Verdict of(JoinRule.Kind rule, Outcomes outcomes, int threshold) {
        return switch (rule) {
            case DEFAULT, ALL_SUCCESS -> whenDecided(outcomes, true, outcomes.taken() == outcomes.connections());
            case NONE_FAILED -> whenDecided(outcomes, true, true);
            case NONE_FAILED_MIN_ONE_SUCCESS -> whenDecided(outcomes, true, outcomes.taken() >= 1);
            case ANY_SUCCESS -> atOnce(outcomes, outcomes.taken() >= 1);
            case AT_LEAST -> atOnce(outcomes, outcomes.taken() >= threshold);
            case ANY_FAILED -> atOnce(outcomes, outcomes.failed() >= 1);
            case ALL_DONE -> whenDecided(outcomes, false, true);
            case ALL_DONE_MIN_ONE_SUCCESS -> whenDecided(outcomes, false, outcomes.taken() >= 1);
            case ALL_FAILED ->
                whenDecided(
                        outcomes, false, outcomes.failed() == outcomes.connections() && outcomes.connections() >= 1);
        };
    }

    private static Verdict whenDecided(Outcomes outcomes, boolean skipsOnFailure, boolean fires) {
        if (skipsOnFailure && outcomes.failed() > 0) {
            return SKIP;
        }
        if (outcomes.open() > 0) {
            return WAIT;
        }
        return fires ? FIRE : SKIP;
    }

    private static Verdict atOnce(Outcomes outcomes, boolean fires) {
        if (fires && outcomes.openOrder() == 0) {
            return FIRE;
        }
        return outcomes.open() > 0 ? WAIT : SKIP;
    }

    /**
     * The outcomes of a node's dependencies so far.
     *
     * @param connections how many connections there are
     * @param taken how many were taken
     * @param failed how many failed; under a rule that skips at the first failure, failed order dependencies too
     * @param open how many dependencies are undecided
     * @param openOrder how many of those carry no value
     */
    record Outcomes(int connections, int taken, int failed, int open, int openOrder) {}
}
