package dev.flowengine.execution;

import dev.flowengine.model.SkipReason;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/**
 * Where a skip that passed through other skipped nodes began.
 *
 * @param dependency the nearest dependency whose source was not decided by sources of its own
 * @param steps how many dependencies away from the skipped node it is, at least 1
 */
record Origin(Dependency dependency, int steps) {

    /** Follows a dependency upstream, level by level and without recursion. */
    static Origin of(Wiring wiring, Dependency from) {
        Set<String> seen = new HashSet<>();
        Queue<Origin> open = new ArrayDeque<>();
        open.add(new Origin(from, 1));
        Origin last = new Origin(from, 1);
        while (!open.isEmpty()) {
            last = open.remove();
            if (seen.add(last.dependency().source())) {
                List<Dependency> deciding = last.deciding(wiring);
                if (deciding.isEmpty()) {
                    return last;
                }
                for (Dependency dependency : deciding) {
                    open.add(new Origin(dependency, last.steps() + 1));
                }
            }
        }
        return last;
    }

    private List<Dependency> deciding(Wiring wiring) {
        NodeState source = dependency.state();
        if (source == null) {
            return List.of();
        }
        SkipReason reason = source.skipReason().orElse(null);
        return reason == null ? List.of() : wiring.into(dependency.source()).decidingFor(reason);
    }

    /** The origin as a clause to put behind what the dependency itself tells; empty if that tells it already. */
    String clause() {
        return steps == 1
                ? ""
                : "; this goes back to " + Phrases.quote(dependency.source()) + ", " + steps + " steps upstream, which "
                        + dependency.deed();
    }
}
