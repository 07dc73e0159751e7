package dev.flowengine.graph;

/** Why a cycle is not a legal loop (S31), and what to do about it. */
enum CycleFault {
    /** A node depends on itself directly. */
    SELF_CONNECTION(
            "a node cannot depend on itself",
            "remove this connection; what repeats goes into the body of a LOOP, between its port 'loop' and itself"),
    /** No node of the cycle is a loop left by its port {@code loop}. */
    NO_LOOP(
            "no LOOP is left by its port 'loop' on this way",
            "remove one of these connections, or put a LOOP on the way that leads out by its port 'loop'"),
    /** A loop is reached again from {@code done}, {@code error} or a node that waits for the end of the loop. */
    ENTERED_AGAIN(
            "the LOOP is reached again from what waits for its end",
            "lead back to the LOOP only from what its port 'loop' reaches; to repeat the LOOP itself, put it into the"
                    + " body of another LOOP"),
    /** Two loops lie in each other's bodies. */
    NOT_NESTED(
            "each of these LOOPs lies in the body of the other",
            "lead the inner LOOP on by its port 'done', and connect only the outer one from outside"),
    /** A loop waits for a node of its own body by an order dependency. */
    ORDER_INTO_LOOP(
            "a LOOP cannot be ordered after its own body",
            "remove the order dependency; only connections may lead from the body back to the LOOP"),
    /** What the body of a loop waits for waits for the loop. */
    BODY_WAITS_FOR_LOOP(
            "a node of a LOOP's body waits for what only comes after, or in another LOOP beside it",
            "keep what 'loop' reaches apart from what the other ports, and the bodies of other LOOPs, reach");

    private final String reason;
    private final String resolution;

    CycleFault(String reason, String resolution) {
        this.reason = reason;
        this.resolution = resolution;
    }

    String reason() {
        return reason;
    }

    String resolution() {
        return resolution;
    }
}
