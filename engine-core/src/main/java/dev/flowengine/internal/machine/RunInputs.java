package dev.flowengine.internal.machine;

import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.node.PortValues;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What an execution is given from outside.
 *
 * @param triggerData what its trigger was fired with; null if it was not started from one
 * @param startInput what the node it begins with receives, by input port; null if it begins with a trigger
 * @param edited what other nodes receive instead of what arrives at them, by number and input port
 * @param pins outputs given instead of computed, by number of the node in scope
 * @param reused which of the pins are outputs of an earlier execution, with what else is known of the node from there
 * @param supplied outputs of nodes out of scope, by number
 * @param items of maps that run again, the items that do not, by number of the map
 */
public record RunInputs(
        @Nullable Object triggerData,
        @Nullable PortValues startInput,
        Map<Integer, PortValues> edited,
        Map<Integer, PortValues> pins,
        Map<Integer, Reused> reused,
        Map<Integer, PortValues> supplied,
        Map<Integer, ReusedItems> items) {

    /**
     * Inputs of an execution that takes nothing over from another.
     *
     * @param triggerData what its trigger was fired with
     * @param startInput what the node it begins with receives
     * @param pins outputs given instead of computed
     * @param supplied outputs of nodes out of scope
     */
    public RunInputs(
            @Nullable Object triggerData,
            @Nullable PortValues startInput,
            Map<Integer, PortValues> pins,
            Map<Integer, PortValues> supplied) {
        this(triggerData, startInput, Map.of(), pins, Map.of(), supplied, Map.of());
    }

    /**
     * The same with other values in the same places.
     *
     * @param change makes each of them
     * @return a copy
     */
    public RunInputs with(UnaryOperator<@Nullable Object> change) {
        Map<Integer, ReusedItems> changedItems = new HashMap<>();
        items.forEach((map, reusedItems) -> changedItems.put(map, reusedItems.with(change)));
        return new RunInputs(
                change.apply(triggerData),
                startInput == null ? null : changed(startInput, change),
                changed(edited, change),
                changed(pins, change),
                reused,
                changed(supplied, change),
                Map.copyOf(changedItems));
    }

    /**
     * The same for everything that is laid out: a pin is one for each copy of its node.
     *
     * @param layout what runs
     * @return a copy, or these if nothing is laid out more than once
     */
    public RunInputs laidOut(PlanLayout layout) {
        if (pins.isEmpty() || !layout.loops().hasMaps()) {
            return this;
        }
        Map<Integer, PortValues> all = new HashMap<>(pins);
        for (int node = layout.declared(); node < layout.size(); node++) {
            PortValues pin = pins.get(layout.loops().original(node));
            if (pin != null && !layout.loops().isHead(node)) {
                all.put(node, pin);
            }
        }
        return new RunInputs(triggerData, startInput, edited, Map.copyOf(all), reused, supplied, items);
    }

    /**
     * The pins as they were given.
     *
     * @param layout what runs
     * @return those of nodes that are no copies, by number
     */
    public Map<Integer, PortValues> declaredPins(PlanLayout layout) {
        Map<Integer, PortValues> declared = new HashMap<>(pins);
        declared.keySet().removeIf(node -> layout.loops().original(node) != node);
        return declared;
    }

    private static Map<Integer, PortValues> changed(
            Map<Integer, PortValues> byNode, UnaryOperator<@Nullable Object> change) {
        Map<Integer, PortValues> changed = new HashMap<>();
        byNode.forEach((node, values) -> changed.put(node, changed(values, change)));
        return Map.copyOf(changed);
    }

    private static PortValues changed(PortValues values, UnaryOperator<@Nullable Object> change) {
        PortValues changed = PortValues.none();
        for (Map.Entry<String, @Nullable Object> value : values.asMap().entrySet()) {
            changed = changed.and(value.getKey(), change.apply(value.getValue()));
        }
        return changed;
    }

    /**
     * Whether outputs stand in for the body of a node.
     *
     * @param node its number
     * @return true if it is pinned
     */
    public boolean isPinned(int node) {
        // Asked for every node of executions in which there is none.
        return !pins.isEmpty() && pins.containsKey(node);
    }

    /**
     * Whether a node keeps what it came to in another execution.
     *
     * @param node its number
     * @return true if it is reused
     */
    public boolean isReused(int node) {
        return !reused.isEmpty() && reused.containsKey(node);
    }

    /** The nodes in scope whose outputs are pinned, by number. */
    public IntStream pinned() {
        return pins.keySet().stream().filter(node -> !isReused(node)).mapToInt(Integer::intValue);
    }

    /** The nodes that keep what they came to in another execution, by number. */
    public IntStream reusedNodes() {
        return reused.keySet().stream().mapToInt(Integer::intValue);
    }

    /** What a node receives instead of what arrives at it; null if it receives that. */
    @Nullable
    PortValues givenTo(int node, int startNode) {
        PortValues given = edited.get(node);
        return given == null && node == startNode ? startInput : given;
    }

    /**
     * What became of a node in the execution its outputs are taken over from.
     *
     * @param handledFailure the failure it completed in spite of, or null
     * @param decidedBy the connections that fired its join early, or null
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Reused(@Nullable NodeFailure handledFailure, int @Nullable [] decidedBy) {}
}
