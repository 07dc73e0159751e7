package dev.flowengine.execution;

import dev.flowengine.graph.FlowGraph;

/**
 * Draws flows and executions as text that others make pictures of: <a href="https://mermaid.js.org">Mermaid</a>, which
 * Markdown pages show, and the DOT language of <a href="https://graphviz.org">Graphviz</a>.
 *
 * <p>Triggers, plain nodes, branches, sub-flows and loops have shapes of their own. Ports are written on a connection unless they
 * are {@code main}. Order dependencies are dashed and say {@code after}. Everything is drawn in declaration order, so
 * that equal flows give equal text. Any flow can be drawn, with all mistakes it has; any node id is allowed.
 *
 * <p>The diagram of an execution also shows the status of each node and, for a skipped one, the reason. A connection is
 * drawn thick if it was taken, thin while that is open or if what it carries is supplied, dotted if it was not taken, and
 * dotted in red with a crossed or barred end if it failed. Nodes that do not belong to the execution are grey, and so are
 * the connections that do not count in it.
 *
 * <p>Linear in the size of the flow. Mermaid itself refuses more than 500 connections unless its {@code maxEdges} is
 * raised.
 */
public final class FlowDiagram {
    private FlowDiagram() {}

    /**
     * Draws a structure as a Mermaid flowchart.
     *
     * @param graph the structure
     * @return the text of the diagram, lines ended by {@code \n}
     */
    public static String mermaid(FlowGraph graph) {
        return MermaidText.of(Drawing.of(graph));
    }

    /**
     * Draws an execution at a moment as a Mermaid flowchart.
     *
     * @param snapshot the execution
     * @return the text of the diagram, lines ended by {@code \n}
     */
    public static String mermaid(ExecutionSnapshot snapshot) {
        return MermaidText.of(Drawing.of(snapshot));
    }

    /**
     * Draws a structure in the DOT language.
     *
     * @param graph the structure
     * @return the text of the diagram, lines ended by {@code \n}
     */
    public static String dot(FlowGraph graph) {
        return DotText.of(Drawing.of(graph));
    }

    /**
     * Draws an execution at a moment in the DOT language.
     *
     * @param snapshot the execution
     * @return the text of the diagram, lines ended by {@code \n}
     */
    public static String dot(ExecutionSnapshot snapshot) {
        return DotText.of(Drawing.of(snapshot));
    }
}
