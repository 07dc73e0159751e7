package dev.flowengine.plan;

import java.util.List;
import java.util.Objects;

/**
 * A node that is decided anew when an execution is run again, and why.
 *
 * @param nodeId the node
 * @param cause why
 * @param because the nodes that are the reason: of {@link Cause#DOWNSTREAM} those it depends on directly, or lie in its body,
 *     and are decided anew themselves; else empty
 */
public record Rerun(String nodeId, Cause cause, List<String> because) {

    /** Copies the list and refuses null. */
    public Rerun {
        Objects.requireNonNull(nodeId, "nodeId");
        Objects.requireNonNull(cause, "cause");
        because = List.copyOf(because);
    }

    /**
     * The reason as text for a person.
     *
     * @return a sentence without a full stop
     */
    public String describe() {
        return "'" + nodeId + "' runs again: " + reason();
    }

    /**
     * The reason alone.
     *
     * @return a clause about the node
     */
    public String reason() {
        return switch (cause) {
            case CHOSEN -> "it was asked for";
            case FAILED -> "it failed";
            case FAILED_ITEMS -> "some of its items did not complete";
            case UNDONE -> "it was cancelled, or skipped because of a failure or by hand";
            case COMPENSATED -> "what it did was undone";
            case NO_DATA -> "it did not belong to the earlier execution";
            case CHANGED -> "it is not configured or connected as it was";
            case DOWNSTREAM -> "it depends on " + String.join(", ", because);
        };
    }

    /** Why a node is decided anew. */
    public enum Cause {
        /** Somebody named it. */
        CHOSEN,
        /** It failed. */
        FAILED,
        /** It is a map that has completed without some of its items, and somebody asked for these. */
        FAILED_ITEMS,
        /**
         * It did not run, other than because the flow went another way: it was cancelled, skipped because of a failure, or
         * skipped by hand.
         */
        UNDONE,
        /** What it did was undone by its compensation. */
        COMPENSATED,
        /** The earlier execution knows nothing of it: it is new, or was out of scope. */
        NO_DATA,
        /** Its type, parameters, ports, declared types, join, version of its own, or connections are not what they were. */
        CHANGED,
        /** It depends on a node that is decided anew, or its body holds one. */
        DOWNSTREAM
    }
}
