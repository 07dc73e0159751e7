package dev.flowengine.graph;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A judged cycle.
 *
 * @param nodes all its nodes, in declaration order
 * @param path one way around
 * @param fault what is illegal about it; null for a legal loop
 */
record Cycle(
        List<String> nodes, List<String> path, @Nullable CycleFault fault) {

    CircularDependency toCircularDependency() {
        return new CircularDependency(nodes, path, fault == null ? Severity.WARNING : Severity.ERROR);
    }

    Problem toProblem() {
        String way = String.join(" → ", path);
        return fault == null
                ? new Problem(
                        Problem.Code.CYCLE,
                        Severity.WARNING,
                        "loop '" + path.get(0) + "' repeats " + way,
                        path,
                        "nothing, if these nodes are meant to repeat; otherwise remove the connection back to '"
                                + path.get(0) + "'")
                : new Problem(
                        Problem.Code.CYCLE,
                        Severity.ERROR,
                        "circular dependency " + way + ": " + fault.reason(),
                        path,
                        fault.resolution());
    }
}
