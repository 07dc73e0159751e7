package dev.flowengine.graph;

/** Names of the ports that exist without being declared, and of those with a meaning of their own. */
public final class Ports {
    /** The port meant where none is named. */
    public static final String MAIN = "main";

    /** The output port every node has for its handled failure. */
    public static final String ERROR = "error";

    /** The output port of a loop that leads into its body. */
    public static final String LOOP = "loop";

    /** The output port of a loop that fires once, when the loop has ended. */
    public static final String DONE = "done";

    /** The output port of a map that fires with {@link #DONE}, and says what has become of its items. */
    public static final String SUMMARY = "summary";

    /** The input port of a loop by which its body ends it after the current iteration. */
    public static final String BREAK = "break";

    /** The output port of a node that waits for a signal which fires when its time has come before that. */
    public static final String DEADLINE = "deadline";

    private Ports() {}
}
