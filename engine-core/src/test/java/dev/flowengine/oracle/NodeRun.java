package dev.flowengine.oracle;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What comes of a node that runs. */
final class NodeRun {
    private NodeRun() {}

    /** The run of the start: its join and ports are satisfied, and it gets what the start was given and supplied. */
    static NodeOutcome ofStart(CaseScope scope, CaseNode node) {
        GraphCase graph = scope.graph();
        Map<String, String> input = graph.start().input();
        String data = input.get(CaseStart.TRIGGER_DATA);
        if (node.trigger() && data != null && !graph.pins().containsKey(node.id())) {
            return ofTrigger(node, data);
        }
        return of(graph, node, Delivery.given(scope, node, input));
    }

    /** The run of a node with its inputs: a pin wins over disabled, and disabled over the body. */
    static NodeOutcome of(GraphCase graph, CaseNode node, Delivery delivery) {
        Map<String, String> pin = graph.pins().get(node.id());
        if (pin != null) {
            return ofPin(pin);
        }
        return node.disabled() ? ofDisabled(node, delivery) : ofBody(graph, node, delivery);
    }

    /** S1: a trigger has no inputs; it passes the data it was started with through. */
    private static NodeOutcome ofTrigger(CaseNode node, String data) {
        Map<String, FiredValue> fired = new LinkedHashMap<>();
        node.behaviour().fires().forEach(port -> fired.put(port, FiredValue.stable(data)));
        return NodeOutcome.completed(fired);
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

    /** S20: attempts are repeated until one does not throw, or there are no more; after an error there are none. */
    private static NodeOutcome ofBody(GraphCase graph, CaseNode node, Delivery delivery) {
        CaseBehaviour body = node.behaviour();
        int allowed = body.throwsError() ? 1 : graph.settings().attemptsOf(node);
        return body.failures() < allowed
                ? NodeOutcome.completedAtAttempt(body.failures() + 1, firedBy(node, delivery))
                : ofFailure(node, allowed, delivery);
    }

    /** S10: the body fires its ports with values that depend on all of its inputs. */
    private static Map<String, FiredValue> firedBy(CaseNode node, Delivery delivery) {
        List<String> inputs = delivery.rendered(node);
        Map<String, FiredValue> fired = new LinkedHashMap<>();
        for (String port : node.behaviour().fires()) {
            fired.put(port, new FiredValue(ValueDigest.of(node.id(), port, inputs), delivery.ofAllInputs()));
        }
        return fired;
    }

    /** S19, S21: the last attempt has failed. */
    private static NodeOutcome ofFailure(CaseNode node, int attempt, Delivery delivery) {
        CaseFailure failure = CaseFailure.ofAttempt(node.id(), attempt);
        String first = node.outputs().get(0);
        String error = ValueDigest.ofError(node.id(), failure, ValueDigest.render(null));
        return switch (node.policy().onError()) {
            case FAIL -> NodeOutcome.failed(failure);
            case FAILING_RECOVERY -> NodeOutcome.failed(CaseFailure.ofRecovery(node.id(), attempt));
            case CONTINUE -> handled(failure, first, FiredValue.stable(error));
            case FALLBACK -> handled(failure, first, FiredValue.stable(ValueDigest.fallback(node.id())));
            case FALLBACK_TO_NULL -> handled(failure, first, FiredValue.stable(ValueDigest.render(null)));
            case RECOVER -> handled(failure, first, FiredValue.stable(ValueDigest.recovered(error)));
            case ERROR_OUTPUT -> handled(failure, CaseNode.ERROR, errorWithInput(node, failure, delivery));
        };
    }

    private static NodeOutcome handled(CaseFailure failure, String port, FiredValue value) {
        return NodeOutcome.completedInSpiteOf(failure, Map.of(port, value));
    }

    private static FiredValue errorWithInput(CaseNode node, CaseFailure failure, Delivery delivery) {
        String input =
                ValueDigest.received(node.inputs().stream().map(CasePort::name).toList(), delivery.rendered(node));
        return new FiredValue(ValueDigest.ofError(node.id(), failure, input), delivery.ofAllInputs());
    }
}
