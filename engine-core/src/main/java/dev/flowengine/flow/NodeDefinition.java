package dev.flowengine.flow;

import dev.flowengine.graph.GraphNode;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.graph.NodeKind;
import dev.flowengine.graph.Ports;
import dev.flowengine.model.FlowError;
import dev.flowengine.node.AsyncBody;
import dev.flowengine.node.CompensatingBody;
import dev.flowengine.node.EmittingBody;
import dev.flowengine.node.LoopBody;
import dev.flowengine.node.MapBody;
import dev.flowengine.node.MapSummary;
import dev.flowengine.node.NodeBody;
import dev.flowengine.node.PlainData;
import dev.flowengine.node.TypeRef;
import dev.flowengine.node.ValueBody;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A node of a flow: its place in the structure, what it does, and how it is run. Immutable. */
public final class NodeDefinition {
    /** What every port {@code error} emits. */
    static final TypeRef<FlowError> ERROR_TYPE = TypeRef.of(FlowError.class);

    private final GraphNode shape;
    private final NodeParts parts;

    private NodeDefinition(NodeParts parts) {
        this.shape = new GraphNode(parts.id, parts.role(), parts.inputs, parts.outputs, parts.join);
        this.parts = parts;
    }

    /**
     * Starts the definition of a node with the required input port {@code main}, the output port {@code main} and the
     * default join, until other ports are declared.
     *
     * @param id unique in the flow
     * @return a builder
     */
    public static Builder builder(String id) {
        return new Builder(new NodeParts(id, NodeKind.NODE));
    }

    /**
     * Starts the definition of a branch: a node whose output ports exclude each other.
     *
     * @param id unique in the flow
     * @return a builder
     */
    public static Builder branch(String id) {
        return new Builder(new NodeParts(id, NodeKind.BRANCH));
    }

    /**
     * Starts the definition of a loop. Its input port {@code main} takes what it goes through and, by connections from its
     * body, what that brings back; a connection from its body to {@code break} ends it. Its output port {@code loop} leads
     * into the body, and {@code done} fires once, with the list of what was brought back.
     *
     * @param id unique in the flow
     * @param body is asked before each iteration
     * @return a builder
     */
    public static Builder loop(String id, LoopBody body) {
        return new Builder(NodeParts.iterating(GraphNode.loop(id), body));
    }

    /**
     * Starts the definition of a map. It has the ports of a {@linkplain #loop loop} without {@code break}; {@code summary} fires
     * with {@code done}, with a {@link MapSummary}.
     *
     * @param id unique in the flow
     * @param body supplies the items
     * @return a builder
     */
    public static Builder map(String id, MapBody body) {
        return new Builder(NodeParts.iterating(GraphNode.map(id), body))
                .outputType(Ports.SUMMARY, TypeRef.of(MapSummary.class));
    }

    /** Defines a trigger with the output port {@code main}, and data of any type. */
    public static NodeDefinition trigger(String id) {
        return new Builder(new NodeParts(id, NodeKind.TRIGGER)).build();
    }

    /**
     * Defines a trigger with the output port {@code main}.
     *
     * @param id unique in the flow
     * @param type type of the data it is fired with
     * @return the definition
     */
    public static NodeDefinition trigger(String id, TypeRef<?> type) {
        return trigger(id).toBuilder().outputType(Ports.MAIN, type).build();
    }

    /** The id of the node, unique in its flow. */
    public String id() {
        return shape.id();
    }

    /** The node as the structure sees it: ports and join. */
    public GraphNode shape() {
        return shape;
    }

    /** What the node does: its body; empty for a trigger. */
    public Optional<NodeBody> body() {
        return Optional.ofNullable(parts.body);
    }

    /** The type an input port takes; empty if none is declared, or there is no such port. */
    public Optional<TypeRef<?>> inputType(String port) {
        return Optional.ofNullable(parts.inputTypes.get(port));
    }

    /**
     * The type an output port emits.
     *
     * @param port name of the port
     * @return the type, if declared; a {@link FlowError} for the port {@code error}
     */
    public Optional<TypeRef<?>> outputType(String port) {
        return Optional.ofNullable(port.equals(Ports.ERROR) ? ERROR_TYPE : parts.outputTypes.get(port));
    }

    /** Not to be changed. */
    NodeParts parts() {
        return parts;
    }

    /**
     * The kind of node this is one of, where the flow is to be written as data.
     *
     * @return the name of a {@code NodeType}, if one was given
     */
    public Optional<String> type() {
        return Optional.ofNullable(parts.type);
    }

    /**
     * What the node type made this node from.
     *
     * @return immutable plain data, empty unless given
     */
    public Map<String, @Nullable Object> parameters() {
        return parts.parameters;
    }

    /** What undoes what the node has done; empty if nothing does. */
    public Optional<CompensatingBody> compensation() {
        return Optional.ofNullable(parts.compensation);
    }

    /** Whether the body computes and never blocks, so that it runs on an engine worker. */
    public boolean isCpuBound() {
        return parts.cpuBound;
    }

    /** Whether the body is never called twice in an execution; see {@link Builder#atMostOnce}. */
    public boolean isAtMostOnce() {
        return parts.atMostOnce;
    }

    /** How the node's results are used again; empty if they are not. */
    public Optional<CachePolicy> cache() {
        return Optional.ofNullable(parts.cache);
    }

    /** How many bytes each value may take that the node puts out; empty for the limit of the engine. */
    public OptionalInt maxOutputBytes() {
        return parts.maxOutputBytes == 0 ? OptionalInt.empty() : OptionalInt.of(parts.maxOutputBytes);
    }

    /** Whether every descendant may read the node's outputs. */
    public boolean isKept() {
        return parts.keep;
    }

    /** Whether the node passes its input through instead of running its body. */
    public boolean isDisabled() {
        return parts.disabled;
    }

    /**
     * What the node emits while disabled, instead of its first live input.
     *
     * @return the value, if one was given
     */
    public Optional<DisabledOutput> disabledOutput() {
        return Optional.ofNullable(parts.disabledOutput);
    }

    /** When a failed attempt is repeated, by the node's own policy; empty for the flow's. */
    public Optional<RetryPolicy> retry() {
        return Optional.ofNullable(parts.retry);
    }

    /** How long one attempt may take, by the node's own limit; empty for the flow's. */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(parts.timeout);
    }

    /**
     * How long the node may take from the moment it is ready, all attempts and waits included.
     *
     * @return the node's own limit; empty for the flow's
     */
    public Optional<Duration> nodeTimeout() {
        return Optional.ofNullable(parts.nodeTimeout);
    }

    /**
     * What becomes of the node when its last attempt has failed.
     *
     * @return {@link ErrorHandling#FAIL} unless said otherwise
     */
    public ErrorHandling errorHandling() {
        return parts.errorHandling;
    }

    /** The same node, switched off: a copy as {@link Builder#disabled} makes it. A disabled trigger can start nothing. */
    public NodeDefinition disable() {
        return toBuilder().disabled().build();
    }

    /** Starts from this node: a builder holding a copy. */
    public Builder toBuilder() {
        return new Builder(parts.copy());
    }

    @Override
    public String toString() {
        return shape.kind() + " '" + id() + "'";
    }

    /** Collects the parts of a node; not thread-safe. */
    public static final class Builder {
        private final NodeParts parts;

        private Builder(NodeParts parts) {
            this.parts = parts;
        }

        /**
         * Says which node type made the node and from what, so that the flow can be written as data.
         *
         * @param name name of the type
         * @param parameters plain data, see {@link PlainData}
         * @return this
         * @throws IllegalArgumentException if a parameter is no plain data; the message says which
         */
        public Builder type(String name, Map<String, ? extends @Nullable Object> parameters) {
            parts.type = Objects.requireNonNull(name, "name");
            parts.parameters = PlainData.copyOf(parameters);
            parts.typeSettings = TypeSettings.NONE;
            return this;
        }

        /**
         * Like {@link #type}, and what was said so far is the type's own: it is not written with the flow.
         *
         * @param name name of the type
         * @param values plain data, its parameters
         * @return this
         */
        public Builder madeByType(String name, Map<String, ? extends @Nullable Object> values) {
            type(name, values).parts.typeSettings = TypeSettings.of(parts);
            return this;
        }

        /** As {@link #inputs(List)}; none for a node that only waits for others. */
        public Builder inputs(InputPort... ports) {
            return inputs(List.of(ports));
        }

        /**
         * Declares the input ports, replacing those declared before.
         *
         * @param ports the ports in order
         * @return this
         */
        public Builder inputs(List<InputPort> ports) {
            parts.inputs = List.copyOf(ports);
            return this;
        }

        /** As {@link #outputs(List)}. */
        public Builder outputs(String... ports) {
            return outputs(List.of(ports));
        }

        /**
         * Declares the output ports, replacing those declared before.
         *
         * @param ports names in order
         * @return this
         */
        public Builder outputs(List<String> ports) {
            parts.outputs = new ArrayList<>(ports);
            return this;
        }

        /**
         * Says what an input port takes; other values are refused before a start in the middle of the flow.
         *
         * @param port name of the port
         * @param type the type
         * @return this
         */
        public Builder inputType(String port, TypeRef<?> type) {
            parts.inputTypes.put(Objects.requireNonNull(port, "port"), Objects.requireNonNull(type, "type"));
            return this;
        }

        /**
         * Says what an output port emits.
         *
         * @param port name of the port
         * @param type the type
         * @return this
         */
        public Builder outputType(String port, TypeRef<?> type) {
            parts.outputTypes.put(Objects.requireNonNull(port, "port"), Objects.requireNonNull(type, "type"));
            return this;
        }

        /**
         * Says when the node runs.
         *
         * @param rule the rule
         * @return this
         */
        public Builder join(JoinRule rule) {
            parts.join = Objects.requireNonNull(rule, "rule");
            return this;
        }

        /** Says what the node does, by a body that returns its value. */
        public Builder body(ValueBody nodeBody) {
            return anyBody(nodeBody);
        }

        /** Says what the node does, by a body that emits to the output ports it chooses. */
        public Builder emittingBody(EmittingBody nodeBody) {
            return anyBody(nodeBody);
        }

        /** Says what the node does, by a body that returns at once and delivers its value later. */
        public Builder asyncBody(AsyncBody nodeBody) {
            return anyBody(nodeBody);
        }

        /**
         * Says what the node does.
         *
         * @param nodeBody a body of any kind
         * @return this
         */
        public Builder anyBody(NodeBody nodeBody) {
            parts.body = Objects.requireNonNull(nodeBody, "nodeBody");
            return this;
        }

        /**
         * Makes the node pass on the value of its first input port: a merge of alternatives, or the gathering of all
         * values where that port is collecting.
         *
         * @return this
         */
        public Builder passThrough() {
            return body(NodeParts.PASS_THROUGH).cpuBound();
        }

        /** Says what undoes what the node has done, as {@link NodeRef#compensate} says in full. */
        public Builder compensation(CompensatingBody undoing) {
            parts.compensation = Objects.requireNonNull(undoing, "undoing");
            return this;
        }

        /** Promises that the body only computes: it runs on an engine worker and must not block. */
        public Builder cpuBound() {
            parts.cpuBound = true;
            return this;
        }

        /** Promises that an execution calls the body once at most, as {@link NodeRef#atMostOnce} says in full. */
        public Builder atMostOnce() {
            parts.atMostOnce = true;
            return this;
        }

        /** Lets results of the node be used again, if the engine has a cache. Only for a body that returns one value. */
        public Builder cache(CachePolicy policy) {
            parts.cache = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /** Limits what the node puts out, as {@link NodeRef#maxOutputBytes} says in full. */
        public Builder maxOutputBytes(int bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("maxOutputBytes is " + bytes + ", but must be at least 1");
            }
            parts.maxOutputBytes = bytes;
            return this;
        }

        /** Lets every descendant read the node's outputs. */
        public Builder keep() {
            parts.keep = true;
            return this;
        }

        /** Switches the node off: it passes its first live input through its first output port. */
        public Builder disabled() {
            parts.disabled = true;
            return this;
        }

        /**
         * Switches the node off and says what it emits instead.
         *
         * @param value the value, may be null
         * @return this
         */
        public Builder disabledOutput(@Nullable Object value) {
            parts.disabledOutput = new DisabledOutput(value);
            return disabled();
        }

        /**
         * Says when a failed attempt is repeated.
         *
         * @param policy replaces the flow's
         * @return this
         */
        public Builder retry(RetryPolicy policy) {
            parts.retry = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Limits one attempt, from the start of the body.
         *
         * @param limit positive; replaces the flow's
         * @return this
         */
        public Builder timeout(Duration limit) {
            parts.timeout = Timeouts.requirePositive(limit, "timeout");
            return this;
        }

        /**
         * Limits the node from the moment it is ready, all attempts and waits included.
         *
         * @param limit positive; replaces the flow's
         * @return this
         */
        public Builder nodeTimeout(Duration limit) {
            parts.nodeTimeout = Timeouts.requirePositive(limit, "node timeout");
            return this;
        }

        /**
         * Says what becomes of the node when its last attempt has failed.
         *
         * @param handling replaces what was said before
         * @return this
         */
        public Builder onError(ErrorHandling handling) {
            parts.errorHandling = Objects.requireNonNull(handling, "handling");
            return this;
        }

        /**
         * Creates the definition. What contradicts itself is reported when the flow is built, with everything else.
         *
         * @return an immutable definition
         */
        public NodeDefinition build() {
            return new NodeDefinition(parts.copy());
        }
    }
}
