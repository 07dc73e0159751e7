package dev.flowengine.extension;

import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.PlainData;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The node types that flows kept as data may name. Immutable and thread-safe. */
public final class NodeTypes {
    private final Map<String, NodeType> byName;

    private NodeTypes(Map<String, NodeType> byName) {
        this.byName = Collections.unmodifiableMap(new TreeMap<>(byName));
    }

    /**
     * The types the application has on its class or module path.
     *
     * @return what {@link Builder#installed()} finds
     * @throws FlowException if a type cannot be created, or two have one name
     */
    public static NodeTypes installed() {
        return builder().installed().build();
    }

    /**
     * Starts without any type.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The types there are.
     *
     * @return their names in alphabetical order
     */
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /**
     * A type.
     *
     * @param name its name
     * @return the type, if there is one
     */
    public Optional<NodeType> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /**
     * Defines a node in a program, just as a file would.
     *
     * @param nodeId id of the node
     * @param type name of its type
     * @param parameters plain data
     * @return a builder that holds ports, body, type and parameters
     * @throws FlowException if there is no such type, or the parameters are not what it takes, naming all that is wrong;
     *     or if the type does not do as {@link NodeType#define} says
     * @throws IllegalArgumentException if a parameter is no plain data
     */
    public NodeDefinition.Builder define(
            String nodeId, String type, Map<String, ? extends @Nullable Object> parameters) {
        DataReader reader = DataReader.of(PlainData.copyOf(parameters));
        return define(nodeId, type, reader)
                .orElseThrow(() -> FlowException.of(
                                FailureKind.INVALID_DEFINITION,
                                "node '" + nodeId + "' of type '" + type + "' has wrong parameters: "
                                        + reader.problems().stream()
                                                .map(DataProblem::toString)
                                                .collect(Collectors.joining("; ")))
                        .affectedNodes(List.of(nodeId))
                        .suggestedResolution("Correct the parameters.")
                        .build());
    }

    /**
     * Defines a node whose parameters are read together with other data: for readers of flows in any format.
     *
     * @param nodeId id of the node
     * @param type name of its type
     * @param parameters reads the parameters, which are plain data
     * @return a builder that holds ports, body, type and parameters; empty if the parameters are not what the type takes,
     *     which the reader has noted
     * @throws FlowException if there is no such type, or if it does not do as {@link NodeType#define} says
     * @throws IllegalArgumentException if a parameter is no plain data, which may be nested too deep
     */
    public Optional<NodeDefinition.Builder> define(String nodeId, String type, DataReader parameters) {
        NodeType found = find(type).orElseThrow(() -> unknown(nodeId, type));
        return new TypeCall(found, type, nodeId).define(parameters);
    }

    private FlowException unknown(String nodeId, String type) {
        return FlowException.of(
                        FailureKind.NOT_FOUND,
                        "node '" + nodeId + "' is of type '" + type + "', which is unknown; known are "
                                + String.join(", ", names()))
                .affectedNodes(List.of(nodeId))
                .suggestedResolution("Correct the name, or register the type.")
                .build();
    }

    @Override
    public String toString() {
        return names().toString();
    }

    /** Collects types; not thread-safe. */
    public static final class Builder {
        private final Map<String, NodeType> byName = new TreeMap<>();

        private Builder() {}

        /**
         * Registers a type.
         *
         * @param type the type
         * @return this
         * @throws FlowException if another type has its name
         */
        public Builder add(NodeType type) {
            String name = Objects.requireNonNull(type.name(), "name");
            NodeType other = byName.putIfAbsent(name, type);
            if (other != null) {
                throw FlowException.of(
                                FailureKind.INVALID_DEFINITION,
                                "two node types are called '" + name + "': "
                                        + other.getClass().getName() + " and "
                                        + type.getClass().getName())
                        .suggestedResolution("Rename one of them, or leave one out.")
                        .build();
            }
            return this;
        }

        /**
         * Registers a type in place of the one that has its name, if there is one: so a host gives an installed type
         * settings of its own.
         *
         * @param type the type
         * @return this
         */
        public Builder replace(NodeType type) {
            byName.put(Objects.requireNonNull(type.name(), "name"), type);
            return this;
        }

        /**
         * Registers the types that {@link ServiceLoader} finds from the class loader of the current thread.
         *
         * @return this
         * @throws FlowException if a type cannot be created, or two have one name
         */
        public Builder installed() {
            return addAll(ServiceLoader.load(NodeType.class));
        }

        /**
         * Registers the types that {@link ServiceLoader} finds from a class loader.
         *
         * @param loader where to look
         * @return this
         * @throws FlowException if a type cannot be created, or two have one name
         */
        public Builder installed(ClassLoader loader) {
            return addAll(ServiceLoader.load(NodeType.class, loader));
        }

        /**
         * Creates the registry.
         *
         * @return an immutable registry of what was registered so far
         */
        public NodeTypes build() {
            return new NodeTypes(byName);
        }

        private Builder addAll(ServiceLoader<NodeType> found) {
            try {
                found.forEach(this::add);
            } catch (ServiceConfigurationError broken) {
                throw FlowException.of(
                                FailureKind.INVALID_DEFINITION, "a node type cannot be created: " + broken.getMessage())
                        .cause(broken)
                        .suggestedResolution(
                                "Give the type a public constructor without parameters that does not fail.")
                        .build();
            }
            return this;
        }
    }
}
