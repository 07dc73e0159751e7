package dev.flowengine.internal.journal;

import dev.flowengine.flow.CompensationPolicy;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.internal.attempt.ChildId;
import dev.flowengine.internal.attempt.NodeTimes;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.internal.machine.ChildCall;
import dev.flowengine.internal.machine.NodeFailure;
import dev.flowengine.internal.machine.RestoredCompensations;
import dev.flowengine.internal.machine.RestoredNode;
import dev.flowengine.internal.machine.RestoredState;
import dev.flowengine.internal.machine.Suspension;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.SubflowBody;
import dev.flowengine.node.WaitingBody;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.NodeResult;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A run as it was read from a store, told to a machine.
 *
 * @param image what was read
 * @param layout what runs
 * @param rows the rows of each node, by its number, those of earlier attempts first; of a node in a loop, those of the iteration
 *     it was in
 * @param loops how far its loops had come
 * @param pauses when it stood still
 */
public record StoredRun(
        RunImage image, PlanLayout layout, Map<Integer, List<NodeRecord>> rows, StoredLoops loops, Pauses pauses) {

    /**
     * Sorts what was read by node.
     *
     * @param image what was read
     * @param layout what runs
     * @param pauses when the run stood still
     * @return the run
     * @throws FlowException of kind {@code INVALID_FLOW_STATE} if it has nodes the flow has not
     */
    public static StoredRun of(RunImage image, PlanLayout layout, Pauses pauses) {
        StoredLoops loops = new StoredLoops(
                layout, image.nodes(), image.run().state().status().isTerminal());
        Map<Integer, List<NodeRecord>> rows = new HashMap<>();
        for (NodeRecord row : image.nodes()) {
            int node = layout.numberOf(row.key().nodeId());
            if (node < 0 || node >= layout.size()) {
                throw FlowException.of(
                                FailureKind.INVALID_FLOW_STATE,
                                "execution " + image.run().executionId() + " has a node '"
                                        + row.key().nodeId() + "', and its flow has not")
                        .affectedNodes(List.of(row.key().nodeId()))
                        .suggestedResolution("Register the flow as it was when the execution started.")
                        .build();
            }
            int current = loops.number(row.key().nodeId(), row.key().iteration());
            if (current >= 0) {
                rows.computeIfAbsent(current, any -> new ArrayList<>(1)).add(row);
            }
        }
        rows.values()
                .forEach(found ->
                        found.sort(Comparator.comparingInt(row -> row.key().attempt())));
        return new StoredRun(image, layout, rows, loops, pauses);
    }

    /**
     * Whether a run was being cancelled when it was left, also if it was parked since.
     *
     * @param run the run
     * @return whether all it may still do is end
     */
    public static boolean isBeingCancelled(RunRecord run) {
        ExecutionStatus status = run.state().status();
        return status == ExecutionStatus.CANCELLING
                || (status == ExecutionStatus.PARKED
                        && run.state()
                                .error()
                                .filter(error -> error.kind() == FailureKind.CANCELLED)
                                .isPresent());
    }

    /**
     * Whether a run that is cancelled has to undo something before it ends, as far as that can be told without going on.
     *
     * @param image what was read
     * @param policy that of its flow
     * @return whether its work would be left as it is if it ended now
     */
    public static boolean hasToUndo(RunImage image, CompensationPolicy policy) {
        return CompensationSteps.areOwed(image.steps(), policy);
    }

    /** The status it was left with. */
    ExecutionStatus status() {
        return image.run().state().status();
    }

    /**
     * What a machine needs to go on.
     *
     * @param payloads decodes what nodes fired
     * @param now the time, for what is still waited for
     * @return the state the run was left in
     * @throws FlowException of kind {@code SERIALIZATION} if an output cannot be read
     */
    public RestoredState state(Payloads payloads, Instant now) {
        List<Integer> order = rows.keySet().stream()
                .sorted(Comparator.comparingLong(this::seq).thenComparing(Comparator.naturalOrder()))
                .toList();
        Instant at = pauses.asOf(now);
        List<RestoredNode> nodes =
                order.stream().map(node -> node(node, payloads, at)).toList();
        return new RestoredState(
                status(), reason(), nodes, loops.restored(payloads), loops.restoredMaps(payloads), compensations());
    }

    /** What it has undone, or has to undo; null if there is nothing. */
    @Nullable
    RestoredCompensations compensations() {
        return CompensationSteps.read(image.steps(), layout);
    }

    /**
     * What has been used up of timeouts.
     *
     * @param now the time
     * @return the time the run, and the nodes of it that have not settled, have been active
     */
    public SpentTime spent(Instant now) {
        Map<Integer, SpentTime.OfNode> nodes = new HashMap<>();
        rows.forEach((node, found) -> {
            NodeRecord first = found.get(0);
            if (layout.isLimited(node) && !last(node).status().isSettled()) {
                Duration active = pauses.active(first.times().readyAt(), now);
                nodes.put(node, new SpentTime.OfNode(first.key().iteration(), active));
            }
        });
        return new SpentTime(pauses.active(image.run().header().createdAt(), now), nodes);
    }

    /** When the last attempt that has started did so, counted over all nodes; 0 if none has. */
    private long seq(int node) {
        return rows(node).stream().mapToLong(NodeRecord::seq).max().orElse(0);
    }

    private List<NodeRecord> rows(int node) {
        return rows.getOrDefault(node, List.of());
    }

    /** The row of the last attempt. */
    private NodeRecord last(int node) {
        List<NodeRecord> found = rows(node);
        return found.get(found.size() - 1);
    }

    /**
     * Tells which bodies had started, in the order in which they did, and when.
     *
     * @param starts is told the number of each node
     * @param times is told when; null if nobody wants to know
     */
    public void tellStarts(IntConsumer starts, @Nullable NodeTimes times) {
        Map<Integer, Long> started = new HashMap<>();
        for (NodeRecord row : image.nodes()) {
            if (row.seq() > 0) {
                int node = layout.numberOf(row.key().nodeId());
                // A node of a body is listed where it started first.
                started.merge(node, row.seq(), layout.isInBody(node) ? Math::min : Math::max);
            }
        }
        started.keySet().stream().sorted(Comparator.comparingLong(started::get)).forEach(node -> {
            starts.accept(node);
            if (times != null && rows.containsKey(node)) {
                dev.flowengine.persistence.NodeTimes kept = last(node).times();
                kept.startedAt()
                        .ifPresent(at -> times.found(node, at, kept.settledAt().orElse(null)));
            }
        });
    }

    /**
     * Tells which nodes have completed with a result that was kept.
     *
     * @param cached is told the number of each
     */
    public void tellCached(IntConsumer cached) {
        rows.keySet().stream()
                .filter(node -> last(node).result().origin() == NodeResult.Origin.CACHED)
                .forEach(cached::accept);
    }

    /** Why the run ended or is being cancelled, unless its nodes tell. */
    private @Nullable FlowException reason() {
        Optional<FlowError> error =
                image.run().state().error().filter(any -> any.nodeId().isEmpty());
        return error.map(any -> FlowException.of(any.kind(), any.message())
                        .suggestedResolution(any.suggestedResolution())
                        .build())
                .orElse(null);
    }

    private RestoredNode node(int node, Payloads payloads, Instant now) {
        NodeRecord row = last(node);
        NodeStatus status = status(node, row);
        Suspension suspension = suspension(node, row, now);
        return new RestoredNode(
                node,
                status,
                row.key().attempt(),
                row.result().firedPorts(),
                outputs(node, row, payloads),
                row.result().skipReason().orElse(null),
                failure(node),
                row.decidedBy().isEmpty() ? null : Deciding.positions(layout, node, row.decidedBy()),
                row.times()
                        .dueAt()
                        .filter(due -> status == NodeStatus.WAITING && suspension == null)
                        .map(due -> left(due, now))
                        .orElse(null),
                suspension);
    }

    /** What a node waits for whose body has said so: a row of one that waits for its next attempt has not started. */
    private @Nullable Suspension suspension(int node, NodeRecord row, Instant now) {
        boolean waits = row.status() == NodeStatus.WAITING && row.seq() > 0;
        if (waits && layout.definition(node).body().orElse(null) instanceof SubflowBody body) {
            String child = ChildId.of(
                    image.run().executionId(),
                    row.key().nodeId(),
                    row.key().iteration(),
                    row.key().attempt());
            return Suspension.of(new ChildCall(child, body.awaited(), true));
        }
        if (!waits || !(layout.definition(node).body().orElse(null) instanceof WaitingBody body)) {
            return null;
        }
        Instant due = row.times().dueAt().orElse(null);
        Duration left = due == null || !body.isLasting() ? null : left(due, now);
        return new Suspension(due, left, body.signal().orElse(null));
    }

    private static Duration left(Instant due, Instant now) {
        return now.isBefore(due) ? Duration.between(now, due) : Duration.ZERO;
    }

    private NodeStatus status(int node, NodeRecord row) {
        boolean ran = row.status() == NodeStatus.RUNNING;
        if (isInIteration(node, row)) {
            // What it is asked next follows from what has become of its body.
            return NodeStatus.RUNNING;
        }
        if (ran && layout.policy(node).atMostOnce()) {
            return NodeStatus.RUNNING;
        }
        boolean again = row.key().attempt() > 1 && (ran || row.status() == NodeStatus.WAITING);
        return again ? NodeStatus.WAITING : ran ? NodeStatus.QUEUED : row.status();
    }

    private boolean isInIteration(int node, NodeRecord row) {
        boolean waits = row.status() == NodeStatus.WAITING;
        return layout.isLoop(node) && loops.hasBegun(node) && !row.status().isSettled() && !waits;
    }

    private PortValues outputs(int node, NodeRecord row, Payloads payloads) {
        NodeDefinition definition = layout.definition(node);
        PortValues values = PortValues.none();
        for (Map.Entry<String, Payload> output : row.result().outputs().entrySet()) {
            String port = output.getKey();
            Object value = Payloads.typeOf(definition, port)
                    .map(type -> new Decoded(payloads.decode(output.getValue(), type)))
                    .orElseThrow(() -> FlowException.of(
                                    FailureKind.SERIALIZATION,
                                    "node '" + definition.id() + "' has an output at port '" + port
                                            + "' without a declared type")
                            .affectedNodes(List.of(definition.id()))
                            .suggestedResolution("Declare it with returns(...).")
                            .build())
                    .value();
            values = values.and(port, value);
        }
        return values;
    }

    /** Of a node that has not settled, how its attempt before failed. */
    private @Nullable NodeFailure failure(int node) {
        List<NodeRecord> found = rows(node);
        NodeRecord row = last(node);
        Optional<FlowError> error = row.result().error();
        if (error.isEmpty() && !row.status().isSettled() && found.size() > 1) {
            error = found.get(found.size() - 2).result().error();
        }
        return error.map(any -> new NodeFailure(any, null)).orElse(null);
    }

    /** A value that may be null. */
    private record Decoded(@Nullable Object value) {}
}
