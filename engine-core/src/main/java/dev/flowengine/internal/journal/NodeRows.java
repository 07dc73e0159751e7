package dev.flowengine.internal.journal;

import dev.flowengine.graph.Ports;
import dev.flowengine.internal.attempt.NodeTimes;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.internal.machine.NodeFailure;
import dev.flowengine.internal.machine.NodeTable;
import dev.flowengine.internal.machine.RunInputs;
import dev.flowengine.internal.machine.Suspension;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.Iteration;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.WaitingBody;
import dev.flowengine.persistence.ConnectionRecord;
import dev.flowengine.persistence.NodeKey;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.NodeResult;
import dev.flowengine.persistence.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the nodes of one run: knows which are written, and makes those that follow from what has changed. For one
 * thread at a time but where it says otherwise.
 */
final class NodeRows {
    private static final int NO_ROW = -1;

    private final PlanLayout layout;
    private final RunInputs inputs;
    private final @Nullable NodeTimes times;
    private final String workerId;
    /** The attempt of the last row of each node. */
    private final int[] written;

    private final BitSet settled = new BitSet();
    private final AtomicInteger starts = new AtomicInteger();
    /** When each node last started, counted over all of them: written by the threads that run bodies. */
    private final AtomicIntegerArray order;

    private final Map<Integer, Kept> kept = new HashMap<>();
    private final Map<Integer, Duration> delays = new HashMap<>();
    private final DueTimes dues = new DueTimes();

    NodeRows(PlanLayout layout, RunInputs inputs, @Nullable NodeTimes times, String workerId) {
        this.layout = layout;
        this.inputs = inputs;
        this.times = times;
        this.workerId = workerId;
        this.written = new int[layout.size()];
        Arrays.fill(written, NO_ROW);
        this.order = new AtomicIntegerArray(layout.size());
    }

    /** A row is there already. */
    void found(NodeRecord row, int node) {
        if (row.key().attempt() > written[node]) {
            written[node] = row.key().attempt();
            settled.set(node, row.status().isSettled());
            order.set(node, (int) row.seq());
            foundDue(row, node);
        }
        starts.accumulateAndGet((int) row.seq(), Math::max);
    }

    private void foundDue(NodeRecord row, int node) {
        boolean lasts = row.seq() == 0
                || !(layout.definition(node).body().orElse(null) instanceof WaitingBody body)
                || body.isLasting();
        Instant due = row.times().dueAt().orElse(null);
        if (row.status() == NodeStatus.WAITING && lasts && due != null) {
            dues.found(node, due);
        } else {
            dues.end(node);
        }
    }

    /** A body starts; on any thread. */
    void started(int node) {
        order.set(node, starts.incrementAndGet());
    }

    /** So many bodies have started already, at least. */
    void counted(long seq) {
        starts.accumulateAndGet((int) seq, Math::max);
    }

    /** A loop begins another iteration: of its body nothing is written yet. What is returned says what that is about. */
    NodeRecord iterationBegan(int loop, NodeTable table, Instant now) {
        for (int node : layout.loops().inside(loop)) {
            written[node] = NO_ROW;
            settled.clear(node);
            order.set(node, 0);
        }
        int map = layout.loops().region(loop).map();
        Kept item = kept.remove(map < 0 ? loop : map);
        Map<String, Payload> outputs = item == null ? Map.of() : item.outputs();
        if (map >= 0) {
            outputs = LaneNote.of(layout, loop, table.width(map)).addedTo(outputs);
        }
        List<Integer> path = new ArrayList<>(iteration(loop, table).path());
        path.add(table.pass(loop));
        NodeKey key = new NodeKey(layout.definition(loop).id(), new Iteration(path), 1);
        return NodeRecord.queued(key, now)
                .settled(NodeStatus.COMPLETED, NodeResult.fired(outputs, List.copyOf(outputs.keySet())), now);
    }

    private Iteration iteration(int node, NodeTable table) {
        return layout.loops().iteration(node, table::pass);
    }

    /** The row of a body that starts; on any thread. */
    NodeRecord starting(int node, Iteration iteration, int attempt, Instant now) {
        NodeKey key = new NodeKey(layout.definition(node).id(), iteration, attempt);
        started(node);
        return NodeRecord.queued(key, now).started(order.get(node), workerId, now);
    }

    /** What a node fires, if it completes. */
    void keep(int node, Kept values) {
        kept.put(node, values);
    }

    /** How long a node waits for its next attempt from now on. */
    void waits(int node, Duration delay) {
        delays.put(node, delay);
    }

    /** Adds the rows that say what became of a node since its last row. */
    void add(int node, NodeTable table, Instant now, List<NodeRecord> inserted, List<NodeRecord> updated) {
        NodeStatus status = table.status(node);
        int attempt = attempt(node, table);
        boolean isNew = written[node] != attempt;
        if (isNew && written[node] != NO_ROW) {
            // An attempt that another one follows.
            updated.add(row(written[node], node, NodeStatus.FAILED, table, now));
        } else if (!isNew && (settled.get(node) || !worthAnUpdate(node, table, attempt))) {
            return;
        }
        if (status == NodeStatus.WAITING) {
            waits(node, table, now);
        } else {
            dues.end(node);
        }
        (isNew ? inserted : updated).add(row(attempt, node, status, table, now));
        written[node] = attempt;
        settled.set(node, status.isSettled());
    }

    /** The run has entered a status; before the rows are made of what happened meanwhile. */
    void entered(ExecutionStatus status, Instant now) {
        dues.entered(status, now);
    }

    /** If the run goes on after it stood still, the rows of nodes that are due later now; after all others are made. */
    List<NodeRecord> putOff(ExecutionStatus status, NodeTable table, Instant now) {
        List<NodeRecord> later = new ArrayList<>();
        for (int node : dues.putOff(status, now)) {
            if (table.status(node) == NodeStatus.WAITING) {
                later.add(row(written[node], node, NodeStatus.WAITING, table, now));
            } else {
                dues.end(node);
            }
        }
        return later;
    }

    /** The run was left standing still since then; null if it was not. */
    void foundStanding(@Nullable Instant since) {
        dues.foundStanding(since);
    }

    private void waits(int node, NodeTable table, Instant now) {
        Suspension suspension = table.suspension(node);
        Duration delay = suspension == null ? delays.getOrDefault(node, Duration.ZERO) : suspension.delay();
        if (delay == null) {
            dues.end(node);
        } else {
            Instant until = suspension == null ? null : suspension.until();
            dues.begin(node, delay, until == null ? now.plus(delay) : until);
        }
    }

    private static boolean worthAnUpdate(int node, NodeTable table, int attempt) {
        NodeStatus status = table.status(node);
        return status.isSettled() || (status == NodeStatus.RUNNING && attempt > 1) || table.suspension(node) != null;
    }

    /** The attempt a row of a node in its present state belongs to. */
    private int attempt(int node, NodeTable table) {
        if (layout.hasNoBody(node) || inputs.isPinned(node)) {
            return 0;
        }
        NodeStatus status = table.status(node);
        return switch (status) {
            case SKIPPED, CANCELLED -> Math.max(0, written[node]);
            case WAITING -> table.attempt(node) + (table.suspension(node) == null ? 1 : 0);
            default -> Math.max(table.attempt(node), written[node]);
        };
    }

    private NodeRecord row(int attempt, int node, NodeStatus status, NodeTable table, Instant now) {
        boolean hasStarted = startsBy(status, node, table);
        Optional<Instant> startedAt = times == null || !hasStarted ? Optional.empty() : times.startedAt(node);
        Optional<Instant> settledAt = status.isSettled()
                ? Optional.of(
                        times == null || !hasStarted ? now : times.endedAt(node).orElse(now))
                : Optional.empty();
        Optional<Instant> dueAt = status == NodeStatus.WAITING ? dueAt(node, table) : Optional.empty();
        return new NodeRecord(
                new NodeKey(layout.definition(node).id(), iteration(node, table), attempt),
                status,
                hasStarted ? order.get(node) : 0,
                hasStarted ? Optional.of(workerId) : Optional.empty(),
                new dev.flowengine.persistence.NodeTimes(now, startedAt, settledAt, dueAt),
                result(node, status, table),
                decidedBy(node, table));
    }

    private Optional<Instant> dueAt(int node, NodeTable table) {
        Instant lasting = dues.of(node);
        Suspension suspension = table.suspension(node);
        return lasting != null || suspension == null
                ? Optional.ofNullable(lasting)
                : Optional.ofNullable(suspension.until());
    }

    private boolean startsBy(NodeStatus status, int node, NodeTable table) {
        if (order.get(node) == 0 && status == NodeStatus.COMPLETED && !isManual(node)) {
            // What needs no body starts when it completes.
            started(node);
        }
        boolean backsOff = status == NodeStatus.WAITING && table.suspension(node) == null;
        return order.get(node) > 0 && status != NodeStatus.QUEUED && !backsOff;
    }

    private boolean isManual(int node) {
        Kept values = kept.get(node);
        return values != null && values.origin() == NodeResult.Origin.MANUAL;
    }

    private NodeResult result(int node, NodeStatus status, NodeTable table) {
        NodeFailure failure = table.failure(node);
        Optional<FlowError> error = Optional.ofNullable(failure).map(any -> Texts.storable(any.error()));
        return switch (status) {
            case COMPLETED -> completed(node, table, error);
            case FAILED, CANCELLED -> error.map(NodeResult::failed).orElse(NodeResult.NONE);
            case SKIPPED -> NodeResult.skipped(table.skipReason(node));
            default -> NodeResult.NONE;
        };
    }

    private NodeResult completed(int node, NodeTable table, Optional<FlowError> handled) {
        Kept values = kept.remove(node);
        if (values != null && values.outputs().containsKey(Ports.LOOP) && layout.isLoop(node)) {
            // The item of an iteration that did not begin.
            values = null;
        }
        List<String> fired = new ArrayList<>();
        Map<String, Payload> outputs = new LinkedHashMap<>();
        int slot = layout.firstSlot(node);
        for (String port : layout.ports(node)) {
            if (table.outputs().isFired(slot++)) {
                fired.add(port);
                if (values != null && values.outputs().containsKey(port)) {
                    outputs.put(port, values.outputs().get(port));
                }
            }
        }
        NodeResult result = NodeResult.fired(outputs, fired).from(origin(node, values));
        return handled.isPresent() ? result.inSpiteOf(handled.get()) : result;
    }

    private NodeResult.Origin origin(int node, @Nullable Kept values) {
        if (inputs.isReused(node)) {
            return NodeResult.Origin.REUSED;
        }
        if (inputs.isPinned(node)) {
            return NodeResult.Origin.PINNED;
        }
        return values == null ? NodeResult.Origin.BODY : values.origin();
    }

    private List<ConnectionRecord> decidedBy(int node, NodeTable table) {
        int[] deciding = table.decidedBy(node);
        return deciding == null ? List.of() : Deciding.records(layout, deciding);
    }

    /**
     * What a node fires, encoded.
     *
     * @param outputs the payloads by port
     * @param origin who made it
     */
    record Kept(Map<String, Payload> outputs, NodeResult.Origin origin) {}
}
