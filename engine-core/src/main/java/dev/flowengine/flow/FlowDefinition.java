package dev.flowengine.flow;

import dev.flowengine.graph.Connection;
import dev.flowengine.graph.DependencyResolver;
import dev.flowengine.graph.FlowGraph;
import dev.flowengine.graph.Problem;
import dev.flowengine.graph.ValidationResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A flow as a list of nodes and connections. Nothing is judged until {@link #build()}, which reports everything that is
 * wrong at once. Not thread-safe.
 */
public final class FlowDefinition {
    private final String id;
    private final List<NodeDefinition> nodes = new ArrayList<>();
    private final FlowGraph.Builder graph = FlowGraph.builder();
    private final List<Problem> reported = new ArrayList<>();
    private FlowSettings settings = FlowSettings.DEFAULT;

    FlowDefinition(String id) {
        this.id = Objects.requireNonNull(id, "id");
    }

    /**
     * Says which edition of the flow this is.
     *
     * @param version the version, {@code "1"} unless given
     * @return this
     */
    public FlowDefinition version(String version) {
        this.settings = settings.withVersion(version);
        return this;
    }

    /**
     * Says what an unhandled failure of a node means to the rest of an execution.
     *
     * @param mode the mode, {@link FailureMode#ISOLATE_BRANCH} unless given
     * @return this
     */
    public FlowDefinition failureMode(FailureMode mode) {
        this.settings = settings.withFailureMode(mode);
        return this;
    }

    /**
     * Limits executions of the flow, and the nodes that do not say otherwise.
     *
     * @param timeouts the limits, {@link Timeouts#none()} unless given
     * @return this
     */
    public FlowDefinition timeouts(Timeouts timeouts) {
        this.settings = settings.withTimeouts(timeouts);
        return this;
    }

    /**
     * Says when failed attempts are repeated, for every node that has a body and no policy of its own.
     *
     * @param policy the policy, {@link RetryPolicy#none()} unless given
     * @return this
     */
    public FlowDefinition retry(RetryPolicy policy) {
        this.settings = settings.withRetry(policy);
        return this;
    }

    /**
     * Says after which ends of an execution its completed nodes are compensated, those that have a compensation.
     *
     * @param policy the policy, {@link CompensationPolicy#none()} unless given
     * @return this
     */
    public FlowDefinition compensate(CompensationPolicy policy) {
        this.settings = settings.withCompensation(policy);
        return this;
    }

    /**
     * Says when an execution that failed is redriven by the engine itself.
     *
     * @param policy the policy, {@link RedrivePolicy#none()} unless given
     * @return this
     */
    public FlowDefinition redrive(RedrivePolicy policy) {
        this.settings = settings.withRedrive(policy);
        return this;
    }

    /**
     * Lets executions let go of outputs that nobody waits for any more, as {@link FlowBuilder#releaseOutputs()} does.
     *
     * @return this
     */
    public FlowDefinition releaseOutputs() {
        this.settings = settings.withReleaseOutputs();
        return this;
    }

    /**
     * Brings along a flow that nodes of this one start, so that it need not be registered by itself.
     *
     * @param flow a flow that nodes with a {@link dev.flowengine.node.SubflowBody} name
     * @return this
     * @throws IllegalArgumentException if another flow of the same id and version was brought along before
     */
    public FlowDefinition subflow(Flow flow) {
        for (Flow known : settings.subflows()) {
            if (known.equals(flow)) {
                return this;
            }
            if (known.id().equals(flow.id()) && known.version().equals(flow.version())) {
                throw new IllegalArgumentException("flow '" + id + "' is given two flows '" + flow.id() + "' version '"
                        + flow.version() + "' for its nodes to start; give one of them another version");
            }
        }
        this.settings = settings.withSubflow(flow);
        return this;
    }

    /**
     * Adds a node.
     *
     * @param node the node
     * @return this
     */
    public FlowDefinition add(NodeDefinition node) {
        nodes.add(node);
        graph.add(node.shape());
        return this;
    }

    /**
     * Adds a trigger with the output port {@code main}.
     *
     * @param nodeId its id
     * @return this
     */
    public FlowDefinition trigger(String nodeId) {
        return add(NodeDefinition.trigger(nodeId));
    }

    /**
     * Connects the {@code main} ports of two nodes.
     *
     * @param from id of the source
     * @param to id of the target
     * @return this
     */
    public FlowDefinition connect(String from, String to) {
        return connect(Connection.of(from, to));
    }

    /**
     * Adds a connection; one that is there already is not added again.
     *
     * @param connection the connection
     * @return this
     */
    public FlowDefinition connect(Connection connection) {
        graph.connect(connection);
        return this;
    }

    /**
     * Lets a node wait until another is settled, without taking a value from it.
     *
     * @param node id of the node that waits
     * @param before id of the node to wait for
     * @return this
     */
    public FlowDefinition after(String node, String before) {
        graph.after(node, before);
        return this;
    }

    /** Adds a finding of a builder on top of this definition, reported with all others. */
    void problem(Problem problem) {
        reported.add(problem);
    }

    /**
     * Validates and creates the flow. Linear in nodes and connections.
     *
     * @return an immutable flow without errors; its warnings are in {@link Flow#validation()}
     * @throws InvalidFlowException if anything is wrong, naming all of it
     */
    public Flow build() {
        return create(false);
    }

    /**
     * Creates the flow even if it contains cycles that are not loops, as a flow that is still being edited may. An
     * execution whose scope touches such a cycle is refused; others run.
     *
     * @return an immutable flow whose only errors, if any, are cycles
     * @throws InvalidFlowException if anything else is wrong, naming all of it
     */
    public Flow buildDraft() {
        return create(true);
    }

    private Flow create(boolean cyclesAllowed) {
        FlowGraph built = graph.build();
        DependencyResolver resolver = DependencyResolver.of(built);
        List<Problem> problems = Stream.of(
                        resolver.validate().problems(),
                        DefinitionChecks.check(nodes, built),
                        CompensationChecks.check(nodes, resolver, settings.compensation()),
                        SubflowChecks.check(id, settings, nodes),
                        reported)
                .flatMap(List::stream)
                .toList();
        ValidationResult validation = new ValidationResult(problems);
        List<Problem> fatal = validation.errors().stream()
                .filter(problem -> !cyclesAllowed || problem.code() != Problem.Code.CYCLE)
                .toList();
        if (!fatal.isEmpty()) {
            throw new InvalidFlowException(id, fatal);
        }
        return new Flow(id, settings, nodes, built, validation);
    }
}
