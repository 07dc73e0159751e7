package dev.flowengine.internal.kernel;

import dev.flowengine.execution.CompensationState;
import dev.flowengine.flow.Flow;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.NodeKind;
import dev.flowengine.internal.layout.CompiledPlan;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.internal.machine.ReusedItems;
import dev.flowengine.internal.machine.RunInputs;
import dev.flowengine.model.CompensationStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import dev.flowengine.node.PortValues;
import dev.flowengine.plan.Rerun;
import dev.flowengine.plan.Rerun.Cause;
import dev.flowengine.plan.RerunItems;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What of an ended execution is decided anew when it is run again, maybe with another edition of its flow, and what keeps what
 * it has come to. Nodes are numbered as in the plan of the new execution.
 *
 * <p>What a failure, a change or somebody's wish touches is decided anew, with everything downstream and the loops around it,
 * from their first iteration on. Other completed nodes are taken over. All others are decided as they were, because nothing they
 * are decided by is another.
 */
final class Renewal {
    private final RunSnapshot before;
    private final CompiledPlan plan;
    private final PlanLayout layout;
    private final int[] earlier;
    private final @Nullable Cause[] causes;
    /** Nodes that something decided anew leads to, or into whose body it does, from outside of it. */
    private final BitSet fedAnew = new BitSet();

    private final BitSet rerun;
    private final RenewedItems items;

    /**
     * Compares.
     *
     * @param before the end of the earlier execution
     * @param flow the flow to run
     * @param plan what of it runs
     * @param chosen ids of nodes that are to run again in any case
     * @param mended ids of maps of which those items are to run again that did not complete
     */
    Renewal(RunSnapshot before, Flow flow, CompiledPlan plan, Set<String> chosen, Set<String> mended) {
        this.before = before;
        this.plan = plan;
        this.layout = plan.layout();
        this.earlier = IntStream.range(0, layout.total())
                .map(node -> before.layout().numberOf(id(node)))
                .toArray();
        this.causes = new Cause[layout.declared()];
        this.items = new RenewedItems(before);
        Set<String> compensated = before.compensations().stream()
                .filter(compensation -> compensation.status() == CompensationStatus.COMPLETED)
                .map(CompensationState::nodeId)
                .collect(Collectors.toSet());
        Likeness likeness = new Likeness(before.scope().flow(), flow);
        for (int node = 0; node < layout.declared(); node++) {
            causes[node] = chosen.contains(id(node)) ? Cause.CHOSEN : cause(node, likeness);
            if (causes[node] == null && compensated.contains(id(node))) {
                causes[node] = Cause.COMPENSATED;
            }
            if (causes[node] == null && mended.contains(id(node)) && items.isIncomplete(earlier[node])) {
                causes[node] = Cause.FAILED_ITEMS;
            }
        }
        this.rerun = spread();
        rerun.stream()
                .filter(node -> layout.loops().isMap(node) && !layout.isInBody(node) && belonged(node))
                .forEach(map -> items.again(earlier[map], wholly(map)));
    }

    private @Nullable Cause cause(int node, Likeness likeness) {
        if (!belonged(node)) {
            return Cause.NO_DATA;
        }
        // What feeds it may have come into the scope or dropped out of it, although its connections are what they were.
        boolean fedAlike = layout.dependencies(node) == before.layout().dependencies(earlier[node]);
        if (!fedAlike || likeness.hasChanged(id(node))) {
            return Cause.CHANGED;
        }
        // What a node of a body has come to is for its loop to say.
        return layout.isInBody(node) ? null : wentWrong(earlier[node]);
    }

    private @Nullable Cause wentWrong(int old) {
        NodeStatus status = before.table().status(old);
        return switch (status) {
            case COMPLETED -> null;
            case FAILED -> Cause.FAILED;
            // Nothing that can be read is kept of it.
            case IDLE -> Cause.NO_DATA;
            case SKIPPED -> {
                SkipReason reason = before.table().skipReason(old);
                yield reason.propagatesFailure() || reason == SkipReason.MANUAL ? Cause.UNDONE : null;
            }
            default -> Cause.UNDONE;
        };
    }

    private BitSet spread() {
        BitSet found = new BitSet(layout.declared());
        Deque<Integer> open = new ArrayDeque<>();
        for (int node = 0; node < layout.declared(); node++) {
            if (causes[node] != null) {
                add(node, found, open);
            }
        }
        while (!open.isEmpty()) {
            int node = open.remove();
            for (int out = layout.firstOut(node); out < layout.firstOut(node + 1); out++) {
                int target = declared(layout.outTarget(out));
                if (outermost(target) != outermost(node)) {
                    fedAnew.set(outermost(target));
                }
                add(target, found, open);
            }
            if (layout.loops().isMap(node)) {
                // Its lanes feed its body.
                IntStream.of(layout.loops().inside(node)).forEach(inside -> add(declared(inside), found, open));
            }
        }
        return found;
    }

    /** The outermost loop or map around a node; itself if there is none. */
    private int outermost(int node) {
        int at = node;
        while (layout.loops().enclosing(at) >= 0) {
            at = layout.loops().enclosing(at);
        }
        return at;
    }

    /** Why a map that runs again does so from its first item on; null if nothing but its items is the reason. */
    private @Nullable String wholly(int map) {
        Cause cause = causes[map];
        boolean isItsItems = cause == Cause.FAILED || cause == Cause.UNDONE || cause == Cause.FAILED_ITEMS;
        if (cause != null && !isItsItems) {
            return new Rerun(id(map), cause, List.of()).reason();
        }
        for (int inside : layout.loops().inside(map)) {
            Cause ofInside = causes[declared(inside)];
            // The heads of its lanes are the map itself.
            if (ofInside != null && declared(inside) != map) {
                return new Rerun(id(inside), ofInside, List.of()).describe();
            }
        }
        return fedAnew.get(map) ? "something it depends on runs again" : null;
    }

    /** A node of a body runs again with the loops around it. */
    private void add(int node, BitSet found, Deque<Integer> open) {
        for (int at = node; at >= 0; at = layout.loops().enclosing(at)) {
            if (!found.get(at)) {
                found.set(at);
                open.add(at);
            }
        }
    }

    /** The node whose copy has a number: what is decided anew of a map's body is so for all items. */
    private int declared(int node) {
        return layout.loops().original(node);
    }

    /** The nodes that are decided anew. */
    BitSet rerun() {
        return rerun;
    }

    /** What becomes of the items of maps that are decided anew. */
    List<RerunItems> items() {
        return items.told();
    }

    /** The nodes that keep what they have come to; of a loop, that is the loop, and its body is left out. */
    BitSet reused() {
        BitSet reused = new BitSet(layout.declared());
        for (int node = 0; node < layout.declared(); node++) {
            reused.set(
                    node,
                    !rerun.get(node)
                            && !layout.isInBody(node)
                            && before.table().status(earlier[node]) == NodeStatus.COMPLETED
                            && !comesToItAgain(node));
        }
        return reused;
    }

    /** A trigger whose output is gone has still what it was fired with. */
    private boolean comesToItAgain(int node) {
        return layout.definition(node).shape().kind() == NodeKind.TRIGGER && before.isReleased(earlier[node]);
    }

    /** Why each of the nodes runs that are decided anew, in declaration order. */
    List<Rerun> reasons() {
        Map<Integer, Set<String>> sources = new HashMap<>();
        for (int node = 0; node < layout.size(); node++) {
            if (!rerun.get(declared(node))) {
                continue;
            }
            String id = id(node);
            for (int out = layout.firstOut(node); out < layout.firstOut(node + 1); out++) {
                sources.computeIfAbsent(declared(layout.outTarget(out)), any -> new LinkedHashSet<>())
                        .add(id);
            }
            int loop = layout.loops().enclosing(node);
            if (node < layout.declared() && loop >= 0 && causes[node] != null) {
                sources.computeIfAbsent(loop, any -> new LinkedHashSet<>()).add(id);
            }
        }
        return rerun.stream()
                .mapToObj(node -> {
                    Cause cause = causes[node];
                    return cause == null
                            ? new Rerun(id(node), Cause.DOWNSTREAM, List.copyOf(sources.getOrDefault(node, Set.of())))
                            : new Rerun(id(node), cause, List.of());
                })
                .toList();
    }

    /** The nodes that would keep what they have come to, were it not gone. */
    BitSet released() {
        BitSet released = new BitSet();
        reused().stream().filter(node -> before.isReleased(earlier[node])).forEach(released::set);
        return released;
    }

    /** What the new execution is given. */
    RunInputs inputs(Map<String, PortValues> edited) {
        RunInputs given = before.scope().inputs();
        Map<Integer, PortValues> pins = new HashMap<>();
        Map<Integer, RunInputs.Reused> reused = new HashMap<>();
        Map<Integer, PortValues> inputs = new HashMap<>();
        Map<Integer, PortValues> supplied = new HashMap<>();
        Map<Integer, ReusedItems> reusedItems = new HashMap<>();
        BitSet kept = reused();
        for (int node = 0; node < layout.total(); node++) {
            if (declared(node) != node) {
                continue;
            }
            int old = earlier[node];
            PortValues byHand = edited.containsKey(id(node))
                    ? edited.get(id(node))
                    : given.edited().get(old);
            if (byHand != null) {
                inputs.put(node, byHand);
            }
            ReusedItems completed = old < 0 ? null : items.of(old);
            if (completed != null) {
                reusedItems.put(node, completed);
            }
            if (node >= layout.size()) {
                supplied.put(node, suppliedBy(old));
            } else if (isPinned(node)) {
                pins.put(node, Objects.requireNonNull(given.pins().get(old)));
            } else if (kept.get(node)) {
                pins.put(node, before.outputs(old));
                reused.put(node, new RunInputs.Reused(before.table().failure(old), decidedBy(node)));
            }
        }
        return new RunInputs(given.triggerData(), given.startInput(), inputs, pins, reused, supplied, reusedItems)
                .laidOut(layout);
    }

    private PortValues suppliedBy(int old) {
        if (old >= 0 && old < before.layout().size()) {
            return before.outputs(old);
        }
        return before.scope().inputs().supplied().getOrDefault(old, PortValues.none());
    }

    private int @Nullable [] decidedBy(int node) {
        int[] positions = before.table().decidedBy(earlier[node]);
        if (positions == null || layout == before.layout()) {
            return positions;
        }
        Set<Connection> deciding = new HashSet<>();
        Arrays.stream(positions).mapToObj(before.layout()::inConnection).forEach(deciding::add);
        return IntStream.range(layout.firstIn(layout.firstGate(node)), layout.firstIn(layout.firstGate(node + 1)))
                .filter(in -> deciding.contains(layout.inConnection(in)))
                .toArray();
    }

    /** Whether the output of a node was given by hand, so that its body was not called and would not be. */
    boolean isPinned(int node) {
        RunInputs given = before.scope().inputs();
        return belonged(node) && given.isPinned(earlier[node]) && !given.isReused(earlier[node]);
    }

    /** The nodes whose bodies have been called in the earlier execution. */
    BitSet haveRun() {
        BitSet started = new BitSet();
        for (int old : before.scope().startLog().nodes()) {
            int node = layout.numberOf(before.scope().nodeId(old));
            if (node >= 0 && node < layout.size() && !isPinned(node)) {
                started.set(node);
            }
        }
        return started;
    }

    CompiledPlan plan() {
        return plan;
    }

    List<String> ids(BitSet nodes) {
        return nodes.stream().mapToObj(this::id).toList();
    }

    private boolean belonged(int node) {
        return earlier[node] >= 0 && earlier[node] < before.layout().size();
    }

    private String id(int node) {
        return layout.definition(node).id();
    }
}
