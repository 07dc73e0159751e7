package dev.flowengine.oracle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a node that runs gets: the live ports in declaration order, and how far its inputs are determined. */
record Delivery(Map<String, FiredValue> live, Stability stability) {
    /** The joins that fire at once. */
    static final Set<CaseJoin> EARLY = Set.of(CaseJoin.ANY_SUCCESS, CaseJoin.AT_LEAST, CaseJoin.ANY_FAILED);

    /** S2: what the start was given, on a collecting port a list with the one value; else what is supplied. */
    static Delivery given(CaseScope scope, CaseNode node, Map<String, String> input) {
        Map<String, FiredValue> live = new LinkedHashMap<>();
        for (CasePort port : node.inputs()) {
            String value = input.get(port.name());
            List<String> given = value == null ? scope.suppliedToStart(port.name()) : List.of(value);
            if (!given.isEmpty()) {
                String rendered = port.collecting() ? ValueDigest.renderList(given) : given.get(0);
                live.put(port.name(), FiredValue.stable(rendered));
            }
        }
        return new Delivery(live, Stability.STABLE);
    }

    /** S15: what the decided connections bring; {@code arrivals} are in declaration order. */
    static Delivery of(CaseNode node, List<Arrival> arrivals) {
        Map<String, FiredValue> live = new LinkedHashMap<>();
        for (CasePort port : node.inputs()) {
            List<FiredValue> taken = arrivals.stream()
                    .filter(arrival -> arrival.connection().toPort().equals(port.name()))
                    .map(Arrival::value)
                    .flatMap(Optional::stream)
                    .toList();
            if (!taken.isEmpty()) {
                live.put(port.name(), port.collecting() ? listOf(taken) : taken.get(0));
            }
        }
        return new Delivery(live, joinStability(node, arrivals));
    }

    /** The inputs in port order, absent ones included. */
    List<String> rendered(CaseNode node) {
        List<String> rendered = new ArrayList<>();
        for (CasePort port : node.inputs()) {
            FiredValue value = live.get(port.name());
            rendered.add(value == null ? ValueDigest.ABSENT : value.value());
        }
        return rendered;
    }

    /** The first live input, if there is one. */
    Optional<FiredValue> firstLive() {
        return live.values().stream().findFirst();
    }

    /** How far a value is determined that depends on all inputs. */
    Stability ofAllInputs() {
        return live.values().stream().map(FiredValue::stability).reduce(stability, Stability::and);
    }

    private static FiredValue listOf(List<FiredValue> items) {
        String rendered =
                ValueDigest.renderList(items.stream().map(FiredValue::value).toList());
        Stability worst = items.stream().map(FiredValue::stability).reduce(Stability.STABLE, Stability::and);
        return new FiredValue(rendered, worst);
    }

    /** S16: a join that fires early saw the same inputs in every order only if all it was sent was also needed. */
    private static Stability joinStability(CaseNode node, List<Arrival> arrivals) {
        if (!EARLY.contains(node.join())) {
            return Stability.STABLE;
        }
        long taken = arrivals.stream().filter(Arrival::isTaken).count();
        return taken == successesNeeded(node) ? Stability.FORCED : Stability.UNSTABLE;
    }

    private static int successesNeeded(CaseNode node) {
        return switch (node.join()) {
            case ANY_SUCCESS -> 1;
            case AT_LEAST -> node.threshold();
            default -> 0;
        };
    }
}
