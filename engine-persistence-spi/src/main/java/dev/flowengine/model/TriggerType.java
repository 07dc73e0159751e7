package dev.flowengine.model;

/** What starts an execution. */
public enum TriggerType {
    /** A call of the host application. */
    MANUAL,
    /** A schedule. */
    SCHEDULE,
    /** An incoming HTTP request. */
    WEBHOOK,
    /** An event of the host application. */
    EVENT
}
