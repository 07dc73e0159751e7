package dev.flowengine.plan;

import dev.flowengine.graph.CircularDependency;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.OrderDependency;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an execution would do: which nodes belong to it, in which order they may run, which of them do not run because their
 * outputs are given, what is left out, and what stands against it.
 *
 * @param start where it begins, as it was asked for
 * @param entry the node it begins with: that of the start or, if that lies in the body of a loop, the outermost loop around it,
 *     for a loop begins with its first iteration
 * @param scope the nodes that belong to it, in declaration order
 * @param order the same nodes so that each comes after everything it depends on; nodes on a cycle are missing
 * @param supplied nodes outside the scope whose outputs are given, by a pin or from an earlier execution; to the node it
 *     begins with, at input ports that are given no value
 * @param pinned nodes of the scope whose outputs are pinned; no body of theirs is called
 * @param reused nodes of the scope that keep what they came to in an earlier execution; no body of theirs is called
 * @param pruned connections into the scope whose source is neither in scope nor supplied
 * @param prunedOrder order dependencies into the scope whose source is neither in scope nor supplied
 * @param unfed input ports without a source
 * @param cycles circles inside the scope that are not loops
 */
public record ExecutionPlan(
        Start start,
        String entry,
        List<String> scope,
        List<String> order,
        List<String> supplied,
        List<String> pinned,
        List<String> reused,
        List<Connection> pruned,
        List<OrderDependency> prunedOrder,
        List<UnfedPort> unfed,
        List<CircularDependency> cycles) {

    /** Copies the lists and refuses null. */
    public ExecutionPlan {
        Objects.requireNonNull(start, "start");
        Objects.requireNonNull(entry, "entry");
        scope = List.copyOf(scope);
        order = List.copyOf(order);
        supplied = List.copyOf(supplied);
        pinned = List.copyOf(pinned);
        reused = List.copyOf(reused);
        pruned = List.copyOf(pruned);
        prunedOrder = List.copyOf(prunedOrder);
        unfed = List.copyOf(unfed);
        cycles = List.copyOf(cycles);
    }

    /**
     * Whether an execution could start without switching the dependency check off.
     *
     * @return true if no required port is unfed and there is no cycle
     */
    public boolean canStart() {
        return cycles.isEmpty() && unfed.stream().noneMatch(UnfedPort::required);
    }

    /**
     * The nodes that are decided by running: those of the scope whose outputs are not given. Which of them are skipped is
     * seen only when it comes to it.
     *
     * @return their ids, in declaration order
     */
    public List<String> running() {
        Set<String> given = new HashSet<>(pinned);
        given.addAll(reused);
        return scope.stream().filter(id -> !given.contains(id)).toList();
    }

    /**
     * The plan as text for a person.
     *
     * @return a few lines, naming what runs, in which order, what is left out and what is missing
     */
    public String describe() {
        StringBuilder text = new StringBuilder();
        String moved =
                entry.equals(start.nodeId()) ? "" : ", which lies in the body of loop '" + entry + "': it begins";
        line(text, "start", start.kind() + " '" + start.nodeId() + "'" + moved);
        line(text, "order", String.join(" → ", order));
        line(text, "supplied", String.join(", ", supplied));
        line(text, "pinned", String.join(", ", pinned));
        line(text, "reused", String.join(", ", reused));
        Stream<String> orders = prunedOrder.stream().map(order -> order.to() + " after " + order.from());
        Stream<String> connections = pruned.stream().map(Connection::toString);
        line(text, "pruned", Stream.concat(connections, orders).collect(Collectors.joining(", ")));
        line(
                text,
                "unfed",
                unfed.stream()
                        .map(port -> port.nodeId() + "." + port.port() + (port.required() ? " (required)" : ""))
                        .collect(Collectors.joining(", ")));
        line(text, "cycles", cycles.stream().map(CircularDependency::pathText).collect(Collectors.joining(", ")));
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        if (!value.isBlank()) {
            text.append(name).append(": ").append(value.strip()).append(System.lineSeparator());
        }
    }
}
