package dev.flowengine.graph;

import java.util.List;
import java.util.Objects;

/**
 * A node as the structure sees it: its ports and how it joins, not what it does.
 *
 * @param id unique in the flow
 * @param kind its role
 * @param inputs its input ports in declaration order; empty for a trigger
 * @param outputs names of its declared output ports in declaration order, without {@link Ports#ERROR}, which every
 *     node has
 * @param join when it runs
 */
public record GraphNode(String id, NodeKind kind, List<InputPort> inputs, List<String> outputs, JoinRule join) {

    /** Copies the lists and refuses null. */
    public GraphNode {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(join, "join");
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /**
     * A trigger with the output port {@code main}.
     *
     * @param id its id
     * @return the node
     */
    public static GraphNode trigger(String id) {
        return new GraphNode(id, NodeKind.TRIGGER, List.of(), List.of(Ports.MAIN), JoinRule.DEFAULT);
    }

    /**
     * A node with the required input port {@code main}, the output port {@code main} and the default join.
     *
     * @param id its id
     * @return the node
     */
    public static GraphNode node(String id) {
        return new GraphNode(
                id, NodeKind.NODE, List.of(InputPort.required(Ports.MAIN)), List.of(Ports.MAIN), JoinRule.DEFAULT);
    }

    /**
     * A branch with the required input port {@code main}.
     *
     * @param id its id
     * @param outputs its exclusive output ports
     * @return the node
     */
    public static GraphNode branch(String id, String... outputs) {
        return new GraphNode(
                id, NodeKind.BRANCH, List.of(InputPort.required(Ports.MAIN)), List.of(outputs), JoinRule.DEFAULT);
    }

    /**
     * A loop with the input ports {@code main} and {@code break} and the output ports {@code done} and {@code loop}.
     *
     * @param id its id
     * @return the node
     */
    public static GraphNode loop(String id) {
        return new GraphNode(
                id,
                NodeKind.LOOP,
                List.of(InputPort.required(Ports.MAIN), InputPort.optional(Ports.BREAK)),
                List.of(Ports.DONE, Ports.LOOP),
                JoinRule.DEFAULT);
    }

    /**
     * A map with the input port {@code main} and the output ports {@code done}, {@code loop} and {@code summary}.
     *
     * @param id its id
     * @return the node
     */
    public static GraphNode map(String id) {
        return new GraphNode(
                id,
                NodeKind.LOOP,
                List.of(InputPort.required(Ports.MAIN)),
                List.of(Ports.DONE, Ports.LOOP, Ports.SUMMARY),
                JoinRule.DEFAULT);
    }

    /**
     * The same node with another join rule.
     *
     * @param rule when the node runs
     * @return a copy
     */
    public GraphNode withJoin(JoinRule rule) {
        return new GraphNode(id, kind, inputs, outputs, rule);
    }

    /**
     * Position of an output port, with {@link Ports#ERROR} after the declared ones.
     *
     * @param port its name
     * @return its index, or -1 if the node has no such output port
     */
    public int outputIndex(String port) {
        int index = outputs.indexOf(port);
        return index < 0 && port.equals(Ports.ERROR) ? outputs.size() : index;
    }

    /**
     * Position of an input port.
     *
     * @param port its name
     * @return its index, or -1 if the node has no such input port
     */
    public int inputIndex(String port) {
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).name().equals(port)) {
                return i;
            }
        }
        return -1;
    }
}
