package dev.flowengine.oracle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a case with loops and maps must come to (S31–S33): every iteration is a case of its own, which {@link SettlementOracle}
 * solves with the item at its trigger; a loop goes on until one of them fails or gives the sign.
 */
public final class NestedOracle {
    private final Map<String, NodeOutcome> iterated = new LinkedHashMap<>();
    private final Set<Item> uncertain = new LinkedHashSet<>();

    private NestedOracle() {}

    /**
     * What becomes of the case.
     *
     * @param outer of the nodes outside of every loop and map; the value of a repeating node is that of its port {@code done}
     * @param iterated of all others, by {@code node/path}
     * @param uncertain items that may not begin, because others may fail the map before
     */
    public record Result(OracleResult outer, Map<String, NodeOutcome> iterated, Set<Item> uncertain) {}

    /** An item of a map, by the path of its iteration. */
    public record Item(String map, String path) {

        /** Whether a node in an iteration belongs to it. */
        public boolean holds(String key) {
            String iteration = key.substring(key.indexOf('/') + 1) + ".";
            return key.startsWith(NestedGenerator.inside(map, "")) && iteration.startsWith(path + ".");
        }
    }

    /** Solves a case. */
    public static Result solve(NestedCase nested) {
        NestedOracle oracle = new NestedOracle();
        OracleResult outer = SettlementOracle.solve(nested.graph(), oracle.rules(nested, "", null));
        return new Result(outer, oracle.iterated, oracle.uncertain);
    }

    private NodeRules rules(NestedCase nested, String path, @Nullable FiredValue item) {
        return new NodeRules() {
            @Override
            public NodeOutcome ofStart(CaseScope scope, CaseNode node) {
                return item == null
                        ? NodeRun.ofStart(scope, node)
                        : NodeOutcome.completed(Map.of(node.outputs().get(0), item));
            }

            @Override
            public NodeOutcome of(GraphCase graph, CaseNode node, Delivery delivery) {
                Repeated repeated = nested.repeated().get(node.id());
                if (repeated != null) {
                    return repeat(node, repeated, input(delivery), path);
                }
                return nested.waiting().contains(node.id())
                        ? NodeOutcome.completedAtAttempt(
                                1, Map.of(node.outputs().get(0), input(delivery)))
                        : NodeRun.of(graph, nested.node(node.id(), path), delivery);
            }
        };
    }

    private static FiredValue input(Delivery delivery) {
        FiredValue first = delivery.firstLive().orElseThrow();
        return new FiredValue(first.value(), delivery.ofAllInputs());
    }

    private NodeOutcome repeat(CaseNode node, Repeated repeated, FiredValue input, String path) {
        int items = repeated.items(path);
        List<FiredValue> brought = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        int failed = 0;
        for (int number = 1; number <= items; number++) {
            String inner = inside(path, number);
            paths.add(inner);
            FiredValue item = new FiredValue(repeated.item(number, input.value()), input.stability());
            Map<String, NodeOutcome> outcomes = iterate(repeated, inner, item);
            boolean fails = outcomes.values().stream().anyMatch(NodeOutcome::isFailed);
            failed += fails ? 1 : 0;
            if (failed > repeated.tolerated() && repeated.lanes() <= 1) {
                return failed(node);
            }
            FiredValue value = fired(outcomes, repeated.result());
            if (!fails && value != null) {
                brought.add(value);
            }
            if (repeated.sign() != null && fired(outcomes, repeated.sign()) != null) {
                break;
            }
        }
        if (failed > repeated.tolerated()) {
            paths.forEach(each -> uncertain.add(new Item(node.id(), each)));
            return failed(node);
        }
        return NodeOutcome.completedAtAttempt(1, Map.of(node.outputs().get(0), listOf(brought, input.stability())));
    }

    private static String inside(String path, int number) {
        return path.isEmpty() ? "" + number : path + "." + number;
    }

    private Map<String, NodeOutcome> iterate(Repeated repeated, String path, FiredValue item) {
        NestedCase body = repeated.body();
        if (!(SettlementOracle.solve(body.graph(), rules(body, path, item)) instanceof OracleResult.Settled settled)) {
            throw new IllegalStateException("a body does not settle: " + body);
        }
        settled.outcomes().forEach((node, outcome) -> {
            if (!node.equals(repeated.item())) {
                iterated.put(node + "/" + path, outcome);
            }
        });
        return settled.outcomes();
    }

    private static @Nullable FiredValue fired(Map<String, NodeOutcome> outcomes, Repeated.Source source) {
        return outcomes.get(source.node()).fired().get(source.port());
    }

    private static FiredValue listOf(List<FiredValue> values, Stability ofInput) {
        Stability worst = values.stream().map(FiredValue::stability).reduce(ofInput, Stability::and);
        return new FiredValue(
                ValueDigest.renderList(values.stream().map(FiredValue::value).toList()), worst);
    }

    /** S21: what became of the failure. How that reads is not compared. */
    private static NodeOutcome failed(CaseNode node) {
        CaseFailure failure = new CaseFailure("an iteration", 1);
        FiredValue unread = new FiredValue("a failure", Stability.UNSTABLE);
        String first = node.outputs().get(0);
        return switch (node.policy().onError()) {
            case FAIL, FAILING_RECOVERY -> NodeOutcome.failed(failure);
            case ERROR_OUTPUT -> NodeOutcome.completedInSpiteOf(failure, Map.of(CaseNode.ERROR, unread));
            case CONTINUE -> NodeOutcome.completedInSpiteOf(failure, Map.of(first, unread));
            case FALLBACK_TO_NULL ->
                NodeOutcome.completedInSpiteOf(failure, Map.of(first, FiredValue.stable(ValueDigest.render(null))));
            case FALLBACK, RECOVER ->
                NodeOutcome.completedInSpiteOf(
                        failure, Map.of(first, FiredValue.stable(ValueDigest.fallback(node.id()))));
        };
    }
}
