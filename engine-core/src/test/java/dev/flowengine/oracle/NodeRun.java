package dev.flowengine.oracle;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What comes of a node that runs. */
final class NodeRun {
    private NodeRun() {}

    /** The run of the start: its join and ports are satisfied, and it gets what the start was given. */
    static NodeOutcome ofStart(GraphCase graph, CaseNode node) {
        Map<String, String> input = graph.start().input();
        String data = input.get(CaseStart.TRIGGER_DATA);
        if (node.trigger() && data != null && !graph.pins().containsKey(node.id())) {
            return ofTrigger(node, data);
        }
        return of(graph, node, Delivery.given(node, input));
    }

    /** The run of a node with its inputs: a pin wins over disabled, and disabled over the body. */
    static NodeOutcome of(GraphCase graph, CaseNode node, Delivery delivery) {
        Map<String, String> pin = graph.pins().get(node.id());
        if (pin != null) {
            return ofPin(pin);
        }
        return node.disabled() ? ofDisabled(node, delivery) : ofBody(node, delivery);
    }

    /** S1: a trigger has no inputs; it passes the data it was started with through. */
    private static NodeOutcome ofTrigger(CaseNode node, String data) {
        return behave(node, port -> FiredValue.stable(data));
    }

    /** S18: the node is not invoked and completes with exactly the pinned ports. */
    private static NodeOutcome ofPin(Map<String, String> pin) {
        Map<String, FiredValue> fired = new LinkedHashMap<>();
        pin.forEach((port, value) -> fired.put(port, FiredValue.stable(value)));
        return NodeOutcome.completedByPin(fired);
    }

    /** S17: the first live input goes through the first declared output port; null if there is none. */
    private static NodeOutcome ofDisabled(CaseNode node, Delivery delivery) {
        if (node.outputs().isEmpty()) {
            return NodeOutcome.completed(Map.of());
        }
        FiredValue passed = delivery.firstLive().orElse(FiredValue.stable(ValueDigest.render(null)));
        Stability stability = passed.stability().and(delivery.stability());
        return NodeOutcome.completed(Map.of(node.outputs().get(0), new FiredValue(passed.value(), stability)));
    }

    /** S10, S19: the body throws, or fires its ports with values that depend on all of its inputs. */
    private static NodeOutcome ofBody(CaseNode node, Delivery delivery) {
        List<String> inputs = delivery.rendered(node);
        return behave(node, port -> new FiredValue(ValueDigest.of(node.id(), port, inputs), delivery.ofAllInputs()));
    }

    private static NodeOutcome behave(CaseNode node, Function<String, FiredValue> value) {
        if (node.behaviour().fails()) {
            return NodeOutcome.failed();
        }
        Map<String, FiredValue> fired = new LinkedHashMap<>();
        node.behaviour().fires().forEach(port -> fired.put(port, value.apply(port)));
        return NodeOutcome.completed(fired);
    }
}
