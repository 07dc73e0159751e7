package dev.flowengine;

import dev.flowengine.execution.EngineHealth;
import dev.flowengine.execution.ExecutionSummary;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.FlowMetrics;
import dev.flowengine.execution.HistoryPage;
import dev.flowengine.execution.HistoryQuery;
import dev.flowengine.execution.Redrive;
import dev.flowengine.execution.ResumeCheck;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.internal.kernel.EngineConfig;
import dev.flowengine.internal.kernel.EngineKernel;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.node.Output;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.persistence.RunTrail;
import dev.flowengine.plan.ExecutionPlan;
import dev.flowengine.plan.Start;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs flows inside the application that holds it.
 *
 * <p>Build one per application and keep it: it owns threads. Every method is thread-safe and returns at once unless it
 * says otherwise. Executions are independent of each other: each has its own data, and no execution ever holds a lock
 * another waits for.
 *
 * <pre>{@code
 * try (FlowEngine engine = FlowEngine.create()) {
 *   ExecutionResult result = engine.executeFromTrigger(flow, placed, order).await();
 * }
 * }</pre>
 */
public final class FlowEngine implements AutoCloseable {
    private final EngineKernel kernel;

    FlowEngine(EngineConfig config) {
        this.kernel = EngineKernel.start(config);
    }

    /**
     * An engine with the defaults: in memory, as many workers as processors.
     *
     * @return a running engine
     */
    public static FlowEngine create() {
        return builder().build();
    }

    /**
     * Starts the configuration of an engine.
     *
     * @return a builder holding the defaults
     */
    public static FlowEngineBuilder builder() {
        return new FlowEngineBuilder();
    }

    /**
     * Makes a flow known by its id and version. Registering the same structure again changes nothing.
     *
     * @param flow the flow
     * @throws dev.flowengine.model.FlowException INVALID_DEFINITION if the same id and version is known with another
     *     structure
     */
    public void register(Flow flow) {
        kernel.register(flow);
    }

    /**
     * Makes a flow known, as {@link #register(Flow)} does, that also goes on with executions begun with other versions of it, by its
     * own bodies, policies and timeouts: for versions that changed nothing else. A version that is registered here itself is
     * left to that. Without a store there are no such executions.
     *
     * @param flow the flow
     * @param compatibleVersions the other versions; nodes, ports, types and connections have to be the same in all of them. One the
     *     store does not know yet is compared when it does; if it differs then, its executions wait, and {@link #health()} tells
     * @throws dev.flowengine.model.FlowException INVALID_DEFINITION if the store knows one of the versions with another
     *     structure: says what differs and names the nodes; nothing is registered then
     */
    public void register(Flow flow, Set<String> compatibleVersions) {
        kernel.register(flow, Set.copyOf(compatibleVersions));
    }

    /**
     * Starts an execution from a trigger: the trigger and everything it leads to.
     *
     * @param flow the flow
     * @param trigger the trigger
     * @param data what it is fired with
     * @param <T> type of the data
     * @return a handle on the execution, which may still be queued
     * @throws dev.flowengine.model.FlowException if the start is refused; nothing has run then
     */
    public <T extends @Nullable Object> FlowExecution executeFromTrigger(Flow flow, TriggerRef<T> trigger, T data) {
        return executeFromTrigger(flow, trigger.nodeId(), data, RunOptions.ofDefaults());
    }

    /**
     * Starts an execution from a trigger: the trigger and everything it leads to.
     *
     * @param flow the flow
     * @param trigger the trigger
     * @param data what it is fired with
     * @param options how it should run
     * @param <T> type of the data
     * @return a handle on the execution, which may still be queued
     * @throws dev.flowengine.model.FlowException if the start is refused; nothing has run then
     */
    public <T extends @Nullable Object> FlowExecution executeFromTrigger(
            Flow flow, TriggerRef<T> trigger, T data, RunOptions options) {
        return executeFromTrigger(flow, trigger.nodeId(), data, options);
    }

    /**
     * Starts an execution from a trigger: the trigger and everything it leads to.
     *
     * @param flow the flow
     * @param triggerId id of the trigger
     * @param data what it is fired with, may be null
     * @return a handle on the execution, which may still be queued
     * @throws dev.flowengine.model.FlowException if the start is refused; nothing has run then
     */
    public FlowExecution executeFromTrigger(Flow flow, String triggerId, @Nullable Object data) {
        return executeFromTrigger(flow, triggerId, data, RunOptions.ofDefaults());
    }

    /**
     * Starts an execution from a trigger: the trigger and everything it leads to.
     *
     * @param flow the flow
     * @param triggerId id of the trigger
     * @param data what it is fired with, may be null
     * @param options how it should run
     * @return a handle on the execution, which may still be queued
     * @throws dev.flowengine.model.FlowException if the start is refused; nothing has run then
     */
    public FlowExecution executeFromTrigger(Flow flow, String triggerId, @Nullable Object data, RunOptions options) {
        return kernel.executeFromTrigger(flow, triggerId, data, options);
    }

    /**
     * Starts an execution in the middle of a flow: a node of one input port and everything it leads to.
     *
     * @param flow the flow
     * @param node any output of the node
     * @param input what the node receives, may be null; {@link PortValues} for a node with several input ports
     * @return a handle on the execution, which may still be queued
     * @throws dev.flowengine.model.FlowException if the start is refused, also because the node has not exactly one
     *     input port; nothing has run then
     */
    public FlowExecution executeFromNode(Flow flow, Output<?> node, @Nullable Object input) {
        return kernel.executeFromNode(flow, Start.fromNode(node), input, RunOptions.ofDefaults());
    }

    /**
     * Starts an execution in the middle of a flow: a node and everything it leads to. One that lies in the body of a loop has
     * the outermost loop around it begin, with its first iteration.
     *
     * @param flow the flow
     * @param nodeId id of the node
     * @param input what the node receives, by input port; a port without a value takes what {@link RunOptions#outputsFrom()}
     *     or a pin supplies to it. {@link PortValues#none()} for a node in the body of a loop
     * @param options how it should run
     * @return a handle on the execution, which may still be queued
     * @throws dev.flowengine.model.FlowException if the start is refused; nothing has run then
     */
    public FlowExecution executeFromNode(Flow flow, String nodeId, PortValues input, RunOptions options) {
        return kernel.executeFromNode(flow, Start.fromNode(nodeId), input, options);
    }

    /**
     * Starts an execution in the middle of a flow: a node of one input port and everything it leads to.
     *
     * @param flow the flow
     * @param node any output of the node
     * @param input what the node receives, may be null; {@link PortValues} for a node with several input ports
     * @param options how it should run
     * @return a handle on the execution, which may still be queued
     * @throws dev.flowengine.model.FlowException if the start is refused; nothing has run then
     */
    public FlowExecution executeFromNode(Flow flow, Output<?> node, @Nullable Object input, RunOptions options) {
        return kernel.executeFromNode(flow, Start.fromNode(node), input, options);
    }

    /**
     * Executes a node of one input port alone.
     *
     * @param flow the flow
     * @param node any output of the node
     * @param input what the node receives, may be null; {@link PortValues} for a node with several input ports
     * @return a handle on the execution, which may still be queued
     * @throws dev.flowengine.model.FlowException if the start is refused, also because the node has not exactly one
     *     input port; nothing has run then
     */
    public FlowExecution executeNode(Flow flow, Output<?> node, @Nullable Object input) {
        return kernel.executeFromNode(flow, Start.singleNode(node), input, RunOptions.ofDefaults());
    }

    /**
     * Executes a node alone.
     *
     * @param flow the flow
     * @param nodeId id of the node
     * @param input what the node receives, by input port
     * @param options how it should run
     * @return a handle on the execution, which may still be queued
     * @throws dev.flowengine.model.FlowException if the start is refused; nothing has run then
     */
    public FlowExecution executeNode(Flow flow, String nodeId, PortValues input, RunOptions options) {
        return kernel.executeFromNode(flow, Start.singleNode(nodeId), input, options);
    }

    /**
     * Executes a node of one input port alone.
     *
     * @param flow the flow
     * @param node any output of the node
     * @param input what the node receives, may be null; {@link PortValues} for a node with several input ports
     * @param options how it should run
     * @return a handle on the execution, which may still be queued
     * @throws dev.flowengine.model.FlowException if the start is refused; nothing has run then
     */
    public FlowExecution executeNode(Flow flow, Output<?> node, @Nullable Object input, RunOptions options) {
        return kernel.executeFromNode(flow, Start.singleNode(node), input, options);
    }

    /**
     * Shows what an execution from a trigger would do, without running anything.
     *
     * @param flow the flow
     * @param trigger the trigger
     * @return the plan
     * @throws dev.flowengine.model.FlowException NOT_FOUND if the flow has no such trigger
     */
    public ExecutionPlan plan(Flow flow, TriggerRef<?> trigger) {
        return plan(flow, Start.trigger(trigger), RunOptions.ofDefaults());
    }

    /**
     * Shows what an execution would do, without running anything.
     *
     * @param flow the flow
     * @param start where it begins
     * @param options how it would run
     * @return the plan
     * @throws dev.flowengine.model.FlowException if what the start or the options name is not there
     */
    public ExecutionPlan plan(Flow flow, Start start, RunOptions options) {
        return kernel.plan(flow, start, options);
    }

    /**
     * Finds an execution that is going on, or has ended and is still in the archive, or is in the store.
     *
     * @param executionId its id
     * @return its handle, if it is known
     */
    public Optional<FlowExecution> find(String executionId) {
        return kernel.find(executionId);
    }

    /**
     * Pauses an execution, as {@link FlowExecution#pause()} does.
     *
     * @param executionId its id
     * @return the status the request met
     * @throws dev.flowengine.model.FlowException NOT_FOUND if there is no such execution
     */
    public ExecutionStatus pause(String executionId) {
        return kernel.get(executionId).pause();
    }

    /**
     * Resumes an execution, as {@link FlowExecution#resume()} does.
     *
     * @param executionId its id
     * @return the status the request met
     * @throws dev.flowengine.model.FlowException NOT_FOUND if there is no such execution
     */
    public ExecutionStatus resume(String executionId) {
        return kernel.get(executionId).resume();
    }

    /**
     * Sends a signal to an execution, as {@link FlowExecution#signal(String, Object)} does.
     *
     * @param executionId its id
     * @param name name of the signal
     * @param payload what it brings
     * @return the status the signal met: a terminal one means that it came too late
     * @throws dev.flowengine.model.FlowException NOT_FOUND if there is no such execution; or if it is not what any node of its flow waits for
     */
    public ExecutionStatus signal(String executionId, String name, @Nullable Object payload) {
        return kernel.get(executionId).signal(name, payload);
    }

    /**
     * Sends a signal to an execution, as {@link FlowExecution#signal(String, Object, String)} does.
     *
     * @param executionId its id
     * @param name name of the signal
     * @param payload what it brings
     * @param signalId unique among the signals to the execution: one that was sent before changes nothing
     * @return the status the signal met: a terminal one means that it came too late
     * @throws dev.flowengine.model.FlowException NOT_FOUND if there is no such execution; or if it is not what any node of its flow waits for
     */
    public ExecutionStatus signal(String executionId, String name, @Nullable Object payload, String signalId) {
        return kernel.get(executionId).signal(name, payload, signalId);
    }

    /**
     * Cancels an execution, as {@link FlowExecution#cancel(String)} does.
     *
     * @param executionId its id
     * @param reason why
     * @return the status the request met
     * @throws dev.flowengine.model.FlowException NOT_FOUND if there is no such execution
     */
    public ExecutionStatus cancel(String executionId, String reason) {
        return kernel.get(executionId).cancel(reason);
    }

    /**
     * Runs again what went wrong in an execution that has ended, or a chosen node of it, as a new execution.
     *
     * @param executionId its id
     * @return to be configured, looked at and started
     * @throws dev.flowengine.model.FlowException NOT_FOUND if there is no such execution in the archive, INVALID_FLOW_STATE
     *     if it has not ended
     */
    public Redrive redrive(String executionId) {
        return kernel.redrive(executionId);
    }

    /**
     * Runs an execution that has ended again with another edition of its flow, such as one in which a fault is mended: what went
     * wrong in it, what is new, and what is not what it was, each with everything downstream. Other completed nodes are taken over.
     * A node is not what it was if its type, parameters, ports, declared types, join, connections, or the version of its
     * {@link dev.flowengine.flow.CachePolicy} are others, or it was switched on or off. What bodies do cannot be compared: name nodes
     * whose code alone has changed with {@link Redrive#from(String)}.
     *
     * <p>The new execution begins where the old one did and with what that was given. On an engine with a store the flow is
     * registered. If the edition of the old execution is not, types and parameters of the old one are not known: then a node counts
     * as changed by what the store keeps of its structure.
     *
     * @param executionId its id
     * @param flow the edition to run, with the same flow id
     * @return to be configured, looked at and started
     * @throws dev.flowengine.model.FlowException NOT_FOUND if there is no such execution in the archive or the store,
     *     INVALID_FLOW_STATE if it has not ended, INVALID_DEFINITION if it is one of another flow
     */
    public Redrive redrive(String executionId, Flow flow) {
        return kernel.redrive(executionId, flow);
    }

    /**
     * Lists executions: with a store those it keeps, whichever engine they ran on and whether or not their flow is
     * registered here; else those that go on or are still in the archive.
     *
     * @param query which
     * @return a page of them, newest first
     * @throws dev.flowengine.persistence.StoreException if the store cannot be read
     */
    public HistoryPage history(HistoryQuery query) {
        return kernel.history(query);
    }

    /**
     * Lists an execution together with what it redrives, what that redrives, and all redrives of any of them, as far as they are
     * in history: who started each and when is in the summaries.
     *
     * @param executionId its id
     * @return all of them, the oldest first; the execution alone if it redrives none and none redrives it
     * @throws dev.flowengine.model.FlowException NOT_FOUND if there is no such execution; a
     *     {@link dev.flowengine.persistence.StoreException} if the store cannot be read
     */
    public List<ExecutionSummary> lineage(String executionId) {
        return kernel.lineage(executionId);
    }

    /**
     * Reads what the nodes of an execution have written, and who did what to it when: with a store what that keeps of it,
     * whether or not its flow is registered here; else the log alone.
     *
     * @param executionId its id
     * @return its log and its audit
     * @throws dev.flowengine.model.FlowException NOT_FOUND if there is no such execution; a
     *     {@link dev.flowengine.persistence.StoreException} if the store cannot be read
     */
    public RunTrail trail(String executionId) {
        return kernel.trail(executionId);
    }

    /**
     * Judges whether an execution that was left can go on with a flow, before the flow is registered: an engine goes on only
     * with executions whose flow it knows in the same edition, that is, with the same id, version, nodes, ports, types and
     * connections. What the bodies do is not compared. If only the version differs, the flow can be registered as
     * {@linkplain #register(Flow, Set) compatible}. Reads the store, if there is one.
     *
     * @param executionId its id
     * @param flow the flow it would go on with
     * @return yes, or what differs: not the version, if this engine has the flow registered as compatible with it
     * @throws dev.flowengine.model.FlowException {@code NOT_FOUND} if there is no such execution
     */
    public ResumeCheck canResume(String executionId, Flow flow) {
        return kernel.canResume(executionId, flow);
    }

    /**
     * Lists the failed executions that were redriven as often as the policy of their flow allows, as long as they are kept. With a
     * store those of all engines on it are listed whose flow is registered here, as far as they are among the 10,000 newest
     * that failed of their flow; of those an engine gave up before, because a redrive was refused, it alone knows, as long as they
     * are in its archive.
     *
     * @return the last of each row of redrives, newest first
     */
    public List<ExecutionSummary> exhausted() {
        return kernel.exhausted();
    }

    /**
     * Counts the executions of a flow, without those of a node alone. With a store it looks at the newest 10,000 executions
     * of the flow in it, a page at a time; without, at those that go on or are still in the archive: see
     * {@link FlowEngineBuilder#archive}.
     *
     * @param flowId id of the flow
     * @return their numbers, in all, by start and by day; all zero for a flow without executions
     * @throws dev.flowengine.persistence.StoreException if the store cannot be read
     */
    public FlowMetrics metrics(String flowId) {
        return metrics(flowId, Start.Kind.TRIGGER, Start.Kind.FROM_NODE);
    }

    /**
     * Counts the executions of a flow that began in certain ways. With a store it looks at the newest 10,000 executions of
     * the flow in it, those that began in another way included.
     *
     * @param flowId id of the flow
     * @param first how executions began that count
     * @param others further ways
     * @return their numbers, in all, by start and by day; all zero for a flow without executions
     * @throws dev.flowengine.persistence.StoreException if the store cannot be read
     */
    public FlowMetrics metrics(String flowId, Start.Kind first, Start.Kind... others) {
        Objects.requireNonNull(flowId, "flowId");
        return kernel.metrics(flowId, EnumSet.of(first, others));
    }

    /**
     * Says how the engine is doing.
     *
     * @return its health now, with reasons where it is not up
     */
    public EngineHealth health() {
        return kernel.health();
    }

    /** Closes the engine as {@link #close(Duration)} does with 30 seconds. */
    @Override
    public void close() {
        close(Duration.ofSeconds(30));
    }

    /**
     * Closes the engine: refuses new executions, starts no further node, lets running bodies finish for a time, then
     * asks them to stop, interrupts those that are not {@code cpuBound()}, and cancels what is left. An execution whose
     * last nodes finish in that time ends as it would have; every other one ends {@code CANCELLED}. Blocks until then,
     * never longer than about the given time. Closing again changes nothing, and waits as long for the first close to
     * be done.
     *
     * @param grace how long running bodies may take
     * @throws IllegalStateException on a thread of this engine, which would wait for itself
     */
    public void close(Duration grace) {
        kernel.close(grace);
    }
}
