package dev.flowengine.persistence;

/** What became of a posted message. */
public enum PostAnswer {
    /** It is kept until the owner of the run acts on it. */
    POSTED,
    /** A message of this id was posted before; nothing changed. */
    DUPLICATE,
    /** There is no such run. */
    NOT_FOUND,
    /** The run has ended; nothing changed. */
    TERMINAL
}
