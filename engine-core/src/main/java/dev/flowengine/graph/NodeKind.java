package dev.flowengine.graph;

/** What role a node plays in the structure of a flow. */
public enum NodeKind {
    /** Starts executions; has no inputs. */
    TRIGGER,
    /** Runs once when its join fires. */
    NODE,
    /** Runs once and fires at most one of its output ports: the ports exclude each other. */
    BRANCH,
    /** Runs once, by starting an execution of a flow. */
    SUBFLOW,
    /**
     * Runs what its output port {@code loop} reaches again and again, then fires {@code done}. The only kind of node
     * that connections may legally lead back to. A map is one too, whose body runs for several items at once.
     */
    LOOP
}
