package dev.flowengine.execution;

import dev.flowengine.graph.FlowGraph;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.plan.ExecutionPlan;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** An execution at one moment: consistent in itself, immutable, and never changing afterwards. */
public interface ExecutionSnapshot {

    /**
     * The execution.
     *
     * @return its id
     */
    String executionId();

    /**
     * The flow.
     *
     * @return its id
     */
    String flowId();

    /**
     * The edition of the flow.
     *
     * @return its version
     */
    String flowVersion();

    /**
     * The execution of which this one runs again what went wrong.
     *
     * @return its id; empty for an execution that is no redrive
     */
    Optional<String> redriveOf();

    /**
     * The execution of which a node has started this one.
     *
     * @return its id; empty for an execution that no node has started
     */
    Optional<String> parentExecutionId();

    /**
     * The structure of the flow.
     *
     * @return nodes and connections, in and out of scope
     */
    FlowGraph graph();

    /**
     * What belongs to the execution.
     *
     * @return its plan
     */
    ExecutionPlan plan();

    /**
     * The status of the execution.
     *
     * @return its status at this moment
     */
    ExecutionStatus status();

    /**
     * The nodes of the execution in declaration order. Nodes out of scope are absent.
     *
     * @return an immutable list, its elements made on access
     */
    List<NodeState> nodes();

    /**
     * A node.
     *
     * @param nodeId its id
     * @return its state, or empty if it does not belong to the execution
     */
    Optional<NodeState> node(String nodeId);

    /**
     * All that is shown of a node. Of one in the body of a map, {@link #node} shows one of the items it is in work for, or was; here
     * each of these has a state of its own, which names the item in its iteration.
     *
     * @param nodeId its id
     * @return its states, as many as items are in work at once at most; empty if it does not belong to the execution
     */
    default List<NodeState> states(String nodeId) {
        return node(nodeId).stream().toList();
    }

    /**
     * How far a map has come. Of one in a body, this is the one {@link #node} shows.
     *
     * @param nodeId id of the map
     * @return what has become of its items; empty for any other node
     */
    default Optional<ItemCounts> items(String nodeId) {
        return Optional.empty();
    }

    /**
     * The items of a map that do not run, because the execution takes them over from the one it redrives.
     *
     * @param nodeId id of the map
     * @return their numbers, from 1, in ascending order; empty for any other node, and for maps that run all items
     */
    default List<Integer> reusedItems(String nodeId) {
        return List.of();
    }

    /**
     * The nodes that are compensated, in the order in which that happens: the last that completed first.
     *
     * @return an immutable list; empty as long as the execution has not come to compensate, and if it never does
     */
    default List<CompensationState> compensations() {
        return List.of();
    }

    /**
     * The compensation of a node.
     *
     * @param nodeId its id
     * @return its state; empty if it is not among {@link #compensations()}
     */
    default Optional<CompensationState> compensation(String nodeId) {
        return compensations().stream()
                .filter(compensation -> compensation.nodeId().equals(nodeId))
                .findFirst();
    }

    /**
     * The nodes that have started, in order of their starts. A trigger, a pinned or a disabled node starts like any other,
     * although no body of its is called.
     *
     * @return their ids
     */
    List<String> executionPath();

    /**
     * When the execution was admitted.
     *
     * @return an instant of the engine's clock
     */
    Instant startedAt();

    /**
     * When the execution ended.
     *
     * @return an instant of the engine's clock; empty while it goes on
     */
    Optional<Instant> endedAt();

    /**
     * What the nodes of the execution have written so far.
     *
     * @return the lines that were kept
     */
    ExecutionLog log();

    /**
     * When the execution was as it is shown here.
     *
     * @return an instant of the engine's clock; when it ended, if it has
     */
    Instant takenAt();

    /**
     * How far the execution has come, and how long it will still take. What remains is the longest way through the nodes
     * that are not settled, each taking as long as it did on average in earlier executions of the flow, less what those
     * that run have used. It is empty if a node that is still to run never ran to its end before on this engine, while
     * the execution is being paused, is paused or is being cancelled, and if times of nodes are not kept. Linear in the
     * size of the execution.
     *
     * @return the progress at this moment
     */
    Progress progress();

    /**
     * How many bodies of the execution can run at once: workers of the engine as far as they run any of them, and the
     * threads for bodies likewise. Other executions may leave it fewer.
     *
     * @return at least 1; {@link Integer#MAX_VALUE} if nothing limits them, as where bodies return stages
     */
    int maxParallelism();

    /**
     * The execution in numbers: how its nodes fared, and where its time went. Counted at each call, in time linear in the
     * size of the flow.
     *
     * @return the metrics at this moment
     */
    default ExecutionMetrics metrics() {
        return ExecutionMetrics.of(this);
    }

    /**
     * Why a node has its state: what it waits for, which rule skipped it, which connection decided.
     *
     * @param nodeId id of a node of the flow
     * @return one sentence
     * @throws dev.flowengine.model.FlowException if the flow has no such node
     */
    default String explain(String nodeId) {
        return Explanation.of(this, nodeId);
    }
}
