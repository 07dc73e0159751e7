package dev.flowengine.extension;

import dev.flowengine.flow.NodeDefinition;

/**
 * A kind of node that flows kept as data can name. Found by {@link java.util.ServiceLoader}, or registered with
 * {@link NodeTypes}. Thread-safe.
 */
public interface NodeType {

    /**
     * What flows call this type.
     *
     * @return a name no other type has, such as {@code http}
     */
    String name();

    /**
     * Defines one node of this type: its ports, its types and its body. Id, type and parameters are noted in the
     * definition afterwards.
     *
     * <p>Reads every parameter it knows, whatever the others say: a name it never asks for is reported as unknown. What is
     * missing or wrong is reported by the reader, which then gives a harmless value, so that everything wrong with a
     * node is found at once; the definition is thrown away in that case.
     *
     * <p>How failures of the node are handled, and whether it is disabled or kept, is for the flow to say and not set
     * here. What is set about repetition, timeouts and the join holds unless the flow says otherwise, and is not written
     * with the flow: it stays with the type.
     *
     * @param nodeId id of the node
     * @param parameters what the flow gives it
     * @return a builder from {@code NodeDefinition.builder}, {@code branch} or {@code trigger(…).toBuilder()}
     */
    NodeDefinition.Builder define(String nodeId, DataReader parameters);
}
