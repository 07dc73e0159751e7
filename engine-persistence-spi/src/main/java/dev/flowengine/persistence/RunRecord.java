package dev.flowengine.persistence;

import java.util.Objects;

/**
 * A run without its nodes and payloads.
 *
 * @param header what never changes
 * @param state what changes
 * @param ownership who may write to it
 */
public record RunRecord(RunHeader header, RunState state, Ownership ownership) {

    /** Refuses null. */
    public RunRecord {
        Objects.requireNonNull(header, "header");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(ownership, "ownership");
    }

    /**
     * The run.
     *
     * @return its id
     */
    public String executionId() {
        return header.executionId();
    }
}
