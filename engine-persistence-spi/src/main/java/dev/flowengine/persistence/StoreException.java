package dev.flowengine.persistence;

import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A store could not do what it was asked.
 *
 * <p>{@linkplain #isTransient() Transient} failures (no connection, a deadlock, a timeout) may be gone at the next try; the
 * caller repeats the same call after a growing, jittered delay. Others (a missing table, a wrong version of the schema, no
 * permission, a text that cannot be kept) stay until somebody does something.
 */
public final class StoreException extends FlowException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean temporary;
    private final boolean inDoubt;

    private StoreException(Builder description, boolean temporary, boolean inDoubt) {
        super(description);
        this.temporary = temporary;
        this.inDoubt = inDoubt;
    }

    /**
     * A failure that may be gone at the next try, of a call that has written nothing.
     *
     * @param message what was tried and what happened
     * @param cause what the database or driver said, or null
     * @return the exception
     */
    public static StoreException transientFailure(String message, @Nullable Throwable cause) {
        return new StoreException(failure(message, cause), true, false);
    }

    /**
     * A failure that may be gone at the next try, of a call that may have written what it was asked to: the connection broke
     * during the commit, say.
     *
     * @param message what was tried and what happened
     * @param cause what the database or driver said, or null
     * @return the exception
     */
    public static StoreException inDoubt(String message, @Nullable Throwable cause) {
        return new StoreException(failure(message, cause), true, true);
    }

    /**
     * A failure that stays until somebody does something, of a call that has written nothing.
     *
     * @param message what was tried and what happened
     * @param cause what the database or driver said, or null
     * @param resolution what to do about it
     * @return the exception
     */
    public static StoreException permanentFailure(String message, @Nullable Throwable cause, String resolution) {
        return new StoreException(failure(message, cause).suggestedResolution(resolution), false, false);
    }

    /**
     * A refusal by a method whose answer cannot say so.
     *
     * @param rejection why
     * @return the exception
     */
    public static StoreException refused(Rejection rejection) {
        FailureKind kind = switch (rejection.reason()) {
            case UNSTORABLE_TEXT -> FailureKind.SERIALIZATION;
            case TOO_LARGE, STORE_FULL -> FailureKind.LIMIT_EXCEEDED;
            case OUT_OF_ORDER, DUPLICATE_NODE, UNKNOWN_NODE, NODE_SETTLED, DUPLICATE_STEP ->
                FailureKind.INVALID_FLOW_STATE;
        };
        String message = "the store refused to write (" + rejection.reason() + "): " + rejection.detail();
        return new StoreException(FlowException.of(kind, message), false, false);
    }

    /**
     * Whether the same call may succeed later without anybody's help.
     *
     * @return true if it is worth to try again
     */
    public boolean isTransient() {
        return temporary;
    }

    /**
     * Whether the call may have been carried out all the same, and only its answer was lost.
     *
     * @return true if nobody knows; false if nothing was written
     */
    public boolean isInDoubt() {
        return inDoubt;
    }

    private static Builder failure(String message, @Nullable Throwable cause) {
        return FlowException.of(FailureKind.INVALID_FLOW_STATE, message)
                .cause(cause)
                .suggestedResolution("Check the database behind the store.");
    }
}
