package dev.flowengine.oracle;

/** S21: what a case says about the failure of a node's last attempt. */
public enum CaseOnError {
    /** The node fails. */
    FAIL,
    /** The first output fires with the failure. */
    CONTINUE,
    /** The port {@code error} fires with the failure and the input. */
    ERROR_OUTPUT,
    /** The first output fires with a given value. */
    FALLBACK,
    /** The first output fires with null. */
    FALLBACK_TO_NULL,
    /** The first output fires with what the recovery makes of the failure. */
    RECOVER,
    /** The recovery throws. */
    FAILING_RECOVERY;

    /** Whether the node completes in spite of its failure. */
    public boolean handles() {
        return this != FAIL && this != FAILING_RECOVERY;
    }
}
