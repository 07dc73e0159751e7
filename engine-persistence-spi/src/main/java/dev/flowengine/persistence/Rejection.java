package dev.flowengine.persistence;

import java.util.Objects;

/**
 * Why a store refuses to write something, however often it is asked. Nothing of what was refused is written.
 *
 * @param reason what kind of reason
 * @param detail what was found and where, for people; never a payload's content
 */
public record Rejection(Reason reason, String detail) {

    /** Refuses null. */
    public Rejection {
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(detail, "detail");
    }

    /** Kinds of reasons. */
    public enum Reason {
        /** A text holds what this store cannot keep, such as NUL or half a surrogate pair. */
        UNSTORABLE_TEXT,
        /** A payload, a text or a list is larger than this store keeps. */
        TOO_LARGE,
        /** The store has a bound on what it keeps, and has reached it. */
        STORE_FULL,
        /** A batch does not follow on the last one: a revision before it is missing. */
        OUT_OF_ORDER,
        /** A row to insert is there already. */
        DUPLICATE_NODE,
        /** A row to update is not there. */
        UNKNOWN_NODE,
        /** A row to update has settled: that is final. */
        NODE_SETTLED,
        /** A step of that name is recorded already. */
        DUPLICATE_STEP
    }
}
