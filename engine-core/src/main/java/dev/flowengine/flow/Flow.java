package dev.flowengine.flow;

import dev.flowengine.graph.FlowGraph;
import dev.flowengine.graph.NodeKind;
import dev.flowengine.graph.ValidationResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A flow: nodes and the connections between them. Immutable, thread-safe, and reusable for any number of executions at
 * once. Two flows are equal only if they are the same object; {@link #graph()} compares structures.
 */
public final class Flow {
    private final String id;
    private final FlowSettings settings;
    private final FlowGraph graph;
    private final ValidationResult validation;
    private final List<NodeDefinition> nodes;
    private final Map<String, NodeDefinition> byId;

    Flow(String id, FlowSettings settings, List<NodeDefinition> nodes, FlowGraph graph, ValidationResult validation) {
        this.id = id;
        this.settings = settings;
        this.nodes = List.copyOf(nodes);
        this.graph = graph;
        this.validation = validation;
        this.byId = new HashMap<>(nodes.size() * 4 / 3 + 1);
        for (NodeDefinition node : nodes) {
            byId.putIfAbsent(node.id(), node);
        }
    }

    /**
     * Starts a flow written with typed handles.
     *
     * @param id names the flow among the flows of its application, stable over versions
     * @return a builder
     */
    public static FlowBuilder builder(String id) {
        return new FlowBuilder(id);
    }

    /**
     * Starts a flow put together from nodes and connections, as an editor, a file or a program would.
     *
     * @param id names the flow among the flows of its application, stable over versions
     * @return a definition
     */
    public static FlowDefinition definition(String id) {
        return new FlowDefinition(id);
    }

    /**
     * The flow.
     *
     * @return its id
     */
    public String id() {
        return id;
    }

    /**
     * Which edition of the flow this is.
     *
     * @return the version, {@code "1"} unless given
     */
    public String version() {
        return settings.version();
    }

    /**
     * What an unhandled failure of a node means to the rest of an execution.
     *
     * @return {@link FailureMode#ISOLATE_BRANCH} unless given
     */
    public FailureMode failureMode() {
        return settings.failureMode();
    }

    /**
     * How long executions, and nodes that do not say otherwise, may take.
     *
     * @return the limits, {@link Timeouts#none()} unless given
     */
    public Timeouts timeouts() {
        return settings.timeouts();
    }

    /**
     * When failed attempts are repeated, for every node that has a body and no policy of its own.
     *
     * @return the policy, {@link RetryPolicy#none()} unless given
     */
    public RetryPolicy retry() {
        return settings.retry();
    }

    /**
     * After which ends of an execution its completed nodes are compensated.
     *
     * @return the policy, {@link CompensationPolicy#none()} unless given
     */
    public CompensationPolicy compensation() {
        return settings.compensation();
    }

    /**
     * When an execution that failed is redriven by the engine itself.
     *
     * @return the policy
     */
    public RedrivePolicy redrive() {
        return settings.redrive();
    }

    /**
     * Whether executions let go of outputs that nobody waits for any more.
     *
     * @return true if so; see {@link FlowBuilder#releaseOutputs()}
     */
    public boolean releasesOutputs() {
        return settings.releaseOutputs();
    }

    /**
     * The flows that came with this one for its nodes to start. Others are found among those an engine has registered.
     *
     * @return an immutable list
     */
    public List<Flow> subflows() {
        return settings.subflows();
    }

    /**
     * The structure.
     *
     * @return nodes, ports and connections without bodies
     */
    public FlowGraph graph() {
        return graph;
    }

    /**
     * What validation found when the flow was built: warnings, and in a draft the errors of its cycles.
     *
     * @return the findings
     */
    public ValidationResult validation() {
        return validation;
    }

    /**
     * The nodes in declaration order.
     *
     * @return an immutable list
     */
    public List<NodeDefinition> nodes() {
        return nodes;
    }

    /**
     * A node.
     *
     * @param nodeId its id
     * @return its definition, if there is one
     */
    public Optional<NodeDefinition> node(String nodeId) {
        return Optional.ofNullable(nodeOrNull(nodeId));
    }

    /**
     * The triggers in declaration order.
     *
     * @return their ids
     */
    public List<String> triggers() {
        return nodes.stream()
                .filter(node -> node.shape().kind() == NodeKind.TRIGGER)
                .map(NodeDefinition::id)
                .toList();
    }

    private @Nullable NodeDefinition nodeOrNull(String nodeId) {
        return byId.get(nodeId);
    }

    @Override
    public String toString() {
        return "flow '" + id + "' version " + version() + " (" + nodes.size() + " nodes)";
    }
}
