package dev.flowengine.persistence;

/** What belongs to a run. */
public enum StartKind {
    /** A trigger and everything it leads to. */
    TRIGGER,
    /** A node and everything it leads to. */
    FROM_NODE,
    /** A node alone; analytics leave such runs out unless asked. */
    SINGLE_NODE
}
