package dev.flowengine.internal.kernel;

import dev.flowengine.execution.CompensationState;
import dev.flowengine.execution.ExecutionLog;
import dev.flowengine.execution.ExecutionSnapshot;
import dev.flowengine.execution.ExecutionSummary;
import dev.flowengine.execution.ItemCounts;
import dev.flowengine.execution.NodeState;
import dev.flowengine.execution.NodeWait;
import dev.flowengine.execution.Progress;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.FlowGraph;
import dev.flowengine.graph.Ports;
import dev.flowengine.internal.attempt.Ancestry;
import dev.flowengine.internal.attempt.ChildId;
import dev.flowengine.internal.attempt.NodeTimes;
import dev.flowengine.internal.attempt.RunReports;
import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.layout.CompiledPlan;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.internal.machine.ChildCall;
import dev.flowengine.internal.machine.CompensationView;
import dev.flowengine.internal.machine.NodeFailure;
import dev.flowengine.internal.machine.NodeTable;
import dev.flowengine.internal.machine.RunInputs;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.Iteration;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.AwaitedSignal;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.SubflowBody;
import dev.flowengine.plan.ExecutionPlan;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A copy of the state of an execution, from which node states are made when they are asked for. */
final class RunSnapshot implements ExecutionSnapshot {
    private final RunScope scope;
    private final RunPlan plan;
    private final Moment moment;
    private final @Nullable NodeTimes times;
    private final Instant takenAt;
    private final RunReports.Reported reported;
    private final ShownItems items;
    private volatile @Nullable BitSet started;
    private volatile @Nullable Progress progress;

    /**
     * Creates a snapshot.
     *
     * @param scope the execution
     * @param plan what it runs
     * @param moment its state
     * @param times when its nodes started and ended, which is not written any more; null if that is switched off
     * @param takenAt when it had that state; for an execution that has ended, when it did
     */
    RunSnapshot(RunScope scope, RunPlan plan, Moment moment, @Nullable NodeTimes times, Instant takenAt) {
        this.scope = scope;
        this.plan = plan;
        this.moment = moment;
        this.times = times;
        this.takenAt = takenAt;
        this.reported = scope.reports().reported();
        this.items =
                new ShownItems(scope.layout(), moment.nodes(), scope.inputs().items());
    }

    /**
     * What has to be read at one moment.
     *
     * @param status the status of the execution
     * @param nodes the state of its nodes
     * @param path the nodes that have started, in order
     * @param compensations what has been undone, or has to be
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Moment(ExecutionStatus status, NodeTable nodes, int[] path, CompensationView compensations) {}

    @Override
    public String executionId() {
        return scope.executionId();
    }

    @Override
    public String flowId() {
        return scope.index().flowId();
    }

    @Override
    public String flowVersion() {
        return scope.flow().version();
    }

    @Override
    public Optional<String> redriveOf() {
        return Optional.ofNullable(scope.redriveOf());
    }

    @Override
    public Optional<String> parentExecutionId() {
        return Optional.ofNullable(scope.ancestry()).map(Ancestry::executionId);
    }

    @Override
    public FlowGraph graph() {
        return scope.index().graph();
    }

    @Override
    public ExecutionPlan plan() {
        RunInputs inputs = scope.inputs();
        if (inputs.pins().isEmpty()) {
            return plan.compiled().describe();
        }
        return plan.compiled().describe(inputs.pinned(), inputs.reusedNodes());
    }

    @Override
    public ExecutionStatus status() {
        return moment.status();
    }

    @Override
    public List<NodeState> nodes() {
        return new AbstractList<>() {
            @Override
            public NodeState get(int index) {
                return state(Objects.checkIndex(index, size()));
            }

            @Override
            public int size() {
                return layout().declared();
            }
        };
    }

    @Override
    public Optional<NodeState> node(String nodeId) {
        int node = layout().numberOf(nodeId);
        return node < 0 || node >= layout().size() ? Optional.empty() : Optional.of(state(node));
    }

    @Override
    public List<NodeState> states(String nodeId) {
        int node = layout().numberOf(nodeId);
        return node < 0 || node >= layout().size()
                ? List.of()
                : items.of(node).mapToObj(this::state).toList();
    }

    @Override
    public Optional<ItemCounts> items(String nodeId) {
        int node = layout().numberOf(nodeId);
        return node >= 0 && layout().loops().isMap(node) ? Optional.of(items.counts(node)) : Optional.empty();
    }

    @Override
    public List<Integer> reusedItems(String nodeId) {
        int node = layout().numberOf(nodeId);
        return node >= 0 && layout().loops().isMap(node) ? items.reused(node) : List.of();
    }

    @Override
    public List<CompensationState> compensations() {
        CompensationView view = moment.compensations();
        return IntStream.range(0, view.size())
                .mapToObj(i -> new CompensationState(
                        scope.nodeId(view.node(i)),
                        view.status(i),
                        view.attempts(i),
                        Optional.ofNullable(view.failure(i))))
                .toList();
    }

    @Override
    public List<String> executionPath() {
        return Arrays.stream(moment.path())
                .mapToObj(node -> layout().definition(node).id())
                .distinct()
                .toList();
    }

    @Override
    public Instant startedAt() {
        return scope.startedAt();
    }

    @Override
    public Optional<Instant> endedAt() {
        return Optional.of(takenAt).filter(at -> status().isTerminal());
    }

    @Override
    public Instant takenAt() {
        return takenAt;
    }

    @Override
    public int maxParallelism() {
        return plan.maxParallelism();
    }

    @Override
    public Progress progress() {
        Progress known = progress;
        if (known == null) {
            // Once, because what is known of earlier executions changes.
            known = new RunProgress(scope, plan, status(), times, takenAt).with(settledNodes(), () -> table()::status);
            progress = known;
        }
        return known;
    }

    @Override
    public ExecutionLog log() {
        return new ExecutionLog(reported.lines(), reported.dropped());
    }

    /** How much it holds, in nodes. */
    int weight() {
        return layout().size() + reported.lines().size() + reported.progress().size();
    }

    /** What a list shows of the execution, with the status it has by then. */
    ExecutionSummary summary(ExecutionStatus status) {
        return new ExecutionSummary(
                executionId(),
                flowId(),
                flowVersion(),
                plan.compiled().start(),
                status,
                scope.options().userId(),
                startedAt(),
                endedAt(),
                redriveOf(),
                parentExecutionId());
    }

    RunScope scope() {
        return scope;
    }

    CompiledPlan compiled() {
        return plan.compiled();
    }

    @Nullable
    NodeTimes times() {
        return times;
    }

    NodeTable table() {
        return moment.nodes();
    }

    PlanLayout layout() {
        return scope.layout();
    }

    PortValues outputs(int node) {
        PortValues values = PortValues.none();
        int slot = layout().firstSlot(node);
        for (String port : layout().ports(node)) {
            // What a loop has fired into its body is no output of the loop.
            if (table().outputs().isFired(slot) && !(layout().isLoop(node) && port.equals(Ports.LOOP))) {
                values = values.and(port, table().outputs().get(slot));
            }
            slot++;
        }
        return values;
    }

    /** Whether outputs a node has fired are gone, because every node that reads them had settled. */
    boolean isReleased(int node) {
        int item = layout().isLoop(node) ? layout().loops().region(node).slot() : -1;
        return IntStream.range(layout().firstSlot(node), layout().firstSlot(node + 1))
                .anyMatch(slot -> slot != item && table().outputs().isReleased(slot));
    }

    private NodeState state(int node) {
        NodeStatus status = status(node);
        boolean completed = status == NodeStatus.COMPLETED;
        boolean failed = status == NodeStatus.FAILED || status == NodeStatus.WAITING || status == NodeStatus.CANCELLED;
        Optional<FlowError> error = Optional.ofNullable(table().failure(node)).map(NodeFailure::error);
        boolean given = scope.inputs().isPinned(node);
        boolean reused = scope.inputs().isReused(node);
        return new NodeState(
                scope.nodeId(node),
                layout().loops().iteration(node, table()::pass),
                status,
                Optional.of(status).filter(NodeStatus.SKIPPED::equals).map(skipped -> table().skipReason(node)),
                completed ? firedPorts(node) : List.of(),
                error.filter(any -> failed),
                error.filter(any -> completed),
                given ? 0 : attempt(node),
                completed && given && !reused,
                completed && reused,
                completed && error.isEmpty() && scope.reports().isCached(node),
                decidedBy(node),
                waitsFor(node),
                childOf(node),
                Optional.ofNullable(reported.progress().get(node)),
                startedAt(node, status),
                endedAt(node, status));
    }

    private Optional<NodeWait> waitsFor(int node) {
        return Optional.ofNullable(table().suspension(node))
                .map(waits -> new NodeWait(
                        Optional.ofNullable(waits.until()),
                        Optional.ofNullable(waits.signal()).map(AwaitedSignal::name),
                        Optional.ofNullable(waits.child()).map(ChildCall::executionId)));
    }

    private Optional<String> childOf(int node) {
        if (!(layout().definition(node).body().orElse(null) instanceof SubflowBody)
                || attempt(node) == 0
                || scope.inputs().isPinned(node)) {
            return Optional.empty();
        }
        Iteration iteration = layout().loops().iteration(node, table()::pass);
        return Optional.of(ChildId.of(executionId(), scope.nodeId(node), iteration, attempt(node)));
    }

    private int settledNodes() {
        int settled = 0;
        for (int node = 0; node < layout().size(); node++) {
            settled += !layout().isInBody(node) && table().status(node).isSettled() ? 1 : 0;
        }
        return settled;
    }

    /** Nodes may have started between the copy of the state and that of the times. */
    private Optional<Instant> startedAt(int node, NodeStatus status) {
        boolean early = status == NodeStatus.IDLE || status == NodeStatus.QUEUED || isOfEarlierIteration(node);
        return early || times == null ? Optional.empty() : times.startedAt(node);
    }

    private Optional<Instant> endedAt(int node, NodeStatus status) {
        if (times == null || !status.isSettled() || isOfEarlierIteration(node)) {
            return Optional.empty();
        }
        // A body that was still out when the execution ended has no end of its own: its node settled with the
        // execution.
        return status == NodeStatus.CANCELLED
                ? times.endedAt(node).or(() -> times.startedAt(node).flatMap(start -> endedAt()))
                : times.endedAt(node);
    }

    private int attempt(int node) {
        return hasStarted(node) && !layout().hasNoBody(node) ? table().attempt(node) : 0;
    }

    /** The machine need not be told that a body has started: then the path knows it first. */
    private NodeStatus status(int node) {
        NodeStatus status = table().status(node);
        return status == NodeStatus.QUEUED && hasStarted(node) ? NodeStatus.RUNNING : status;
    }

    /** Whether what is known of a node's start belongs to an iteration that is over. */
    private boolean isOfEarlierIteration(int node) {
        return layout().isInBody(node) && !hasStarted(node);
    }

    private boolean hasStarted(int node) {
        if (layout().isInBody(node)) {
            return layout().isLoop(node)
                    ? table().status(node) == NodeStatus.RUNNING || table().pass(node) > 0
                    : table().hasStarted(node);
        }
        BitSet nodes = started;
        if (nodes == null) {
            nodes = new BitSet(layout().size());
            Arrays.stream(moment.path()).forEach(nodes::set);
            started = nodes;
        }
        return nodes.get(node);
    }

    private List<String> firedPorts(int node) {
        List<String> fired = new ArrayList<>();
        int slot = layout().firstSlot(node);
        for (String port : layout().ports(node)) {
            if (table().outputs().isFired(slot++)) {
                fired.add(port);
            }
        }
        return fired;
    }

    private List<Connection> decidedBy(int node) {
        int[] connections = table().decidedBy(node);
        return connections == null
                ? List.of()
                : Arrays.stream(connections).mapToObj(layout()::inConnection).toList();
    }
}
