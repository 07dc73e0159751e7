package dev.flowengine.plan;

import dev.flowengine.node.Output;
import java.util.Objects;

/**
 * Where an execution begins.
 *
 * @param kind what belongs to it
 * @param nodeId the node it begins with
 */
public record Start(Kind kind, String nodeId) {

    /** Refuses null. */
    public Start {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(nodeId, "nodeId");
    }

    /**
     * From a trigger: it and everything it leads to.
     *
     * @param triggerId id of the trigger
     * @return the start
     */
    public static Start trigger(String triggerId) {
        return new Start(Kind.TRIGGER, triggerId);
    }

    /**
     * From a trigger: it and everything it leads to.
     *
     * @param trigger the trigger
     * @return the start
     */
    public static Start trigger(Output<?> trigger) {
        return trigger(trigger.nodeId());
    }

    /**
     * From a node in the middle: it and everything it leads to, with its input given.
     *
     * @param nodeId id of the node
     * @return the start
     */
    public static Start fromNode(String nodeId) {
        return new Start(Kind.FROM_NODE, nodeId);
    }

    /**
     * From a node in the middle: it and everything it leads to, with its input given.
     *
     * @param node any output of the node
     * @return the start
     */
    public static Start fromNode(Output<?> node) {
        return fromNode(node.nodeId());
    }

    /**
     * One node alone, with its input given.
     *
     * @param nodeId id of the node
     * @return the start
     */
    public static Start singleNode(String nodeId) {
        return new Start(Kind.SINGLE_NODE, nodeId);
    }

    /**
     * One node alone, with its input given.
     *
     * @param node any output of the node
     * @return the start
     */
    public static Start singleNode(Output<?> node) {
        return singleNode(node.nodeId());
    }

    /** What belongs to an execution. */
    public enum Kind {
        /** A trigger and everything it leads to. */
        TRIGGER,
        /** A node and everything it leads to. */
        FROM_NODE,
        /** A node alone; such executions are left out of analytics unless asked for. */
        SINGLE_NODE
    }
}
