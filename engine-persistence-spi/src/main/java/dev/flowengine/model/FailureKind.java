package dev.flowengine.model;

/** What kind of thing went wrong: stable names to branch on, alert on and translate. */
public enum FailureKind {
    /** The definition of a flow, or an option of a start, is wrong. */
    INVALID_DEFINITION,
    /** The part of the flow that should run contains a cycle that is not a loop. */
    CIRCULAR_DEPENDENCY,
    /** A required input port has no source in the scope of the start. */
    MISSING_DEPENDENCY,
    /** No flow, node, trigger, port or execution of that name. */
    NOT_FOUND,
    /** The execution exceeded its timeout or deadline. */
    EXECUTION_TIMEOUT,
    /** A node or an attempt exceeded its timeout. */
    NODE_TIMEOUT,
    /** The body of a node failed. */
    NODE_EXECUTION_FAILED,
    /** The execution cannot go on, or is not in a state that allows what was asked. */
    INVALID_FLOW_STATE,
    /** A concurrency policy refused the start. */
    CONCURRENT_EXECUTION_CONFLICT,
    /** The key of a start is in use with another input. */
    KEY_CONFLICT,
    /** A value cannot be encoded or decoded. */
    SERIALIZATION,
    /** A limit on size, count or depth was exceeded. */
    LIMIT_EXCEEDED,
    /** The caller may not do this. */
    ACCESS_DENIED,
    /** Somebody cancelled the execution. */
    CANCELLED,
    /** Another worker owns the execution now. */
    OWNERSHIP_LOST,
    /** The engine is closed or closing. */
    ENGINE_CLOSED
}
