package dev.flowengine.model;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A life cycle written as text: each line a state, an arrow, and the states that may follow it. */
final class LifeCycle {
    private final Set<String> changes = new LinkedHashSet<>();

    LifeCycle(String text) {
        for (String line : text.strip().split("\n", -1)) {
            List<String> ends = List.of(line.split("->", -1));
            for (String next : ends.get(1).strip().split(" ", -1)) {
                changes.add(ends.get(0).strip() + " -> " + next);
            }
        }
    }

    boolean allows(Enum<?> from, Enum<?> to) {
        return changes.contains(from.name() + " -> " + to.name());
    }

    int size() {
        return changes.size();
    }
}
