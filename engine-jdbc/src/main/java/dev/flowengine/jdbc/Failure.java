package dev.flowengine.jdbc;

/** What an error of a database means for who got it. */
enum Failure {
    /** The database undid the transaction for the sake of another one: the same may succeed at once. */
    ROLLED_BACK,
    /** A row with the same key is there. */
    DUPLICATE,
    /** The database cannot keep something it was given. */
    DATA,
    /** A statement took too long: may be gone later, or if less is asked for. */
    TIMEOUT,
    /** No connection, a lock held for too long: may be gone later. */
    TRANSIENT,
    /** Stays until somebody does something. */
    PERMANENT
}
