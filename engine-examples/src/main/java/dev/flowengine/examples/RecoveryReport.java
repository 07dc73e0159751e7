package dev.flowengine.examples;

import dev.flowengine.examples.BodyLog.Attempt;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.RunImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is left of a crash, as text and as JSON.
 *
 * @param executionId what was executed
 * @param status how it ended
 * @param nodes how many there are, with the trigger
 * @param completed how many are recorded as completed
 * @param beforeKill how many were, before the first process was killed
 * @param recordedTwice nodes whose completion was recorded twice, of which there should be none
 * @param bodies how often the body of each attempt has begun
 */
record RecoveryReport(
        String executionId,
        ExecutionStatus status,
        int nodes,
        int completed,
        int beforeKill,
        Set<String> recordedTwice,
        Map<Attempt, Integer> bodies) {

    /**
     * Compares what was recorded with what was done.
     *
     * @param nodes how many there are
     * @param image what is in the database
     * @param bodies how often the body of each attempt has begun
     * @param told the nodes that were told to be recorded as completed before the kill
     * @param toldAfter those after it
     */
    static RecoveryReport of(
            int nodes, RunImage image, Map<Attempt, Integer> bodies, Set<String> told, Set<String> toldAfter) {
        Set<String> completed = new TreeSet<>();
        Set<String> twice = new TreeSet<>(told);
        twice.retainAll(toldAfter);
        for (NodeRecord row : image.nodes()) {
            String node = row.key().nodeId();
            if (row.status() == NodeStatus.COMPLETED && !completed.add(node)) {
                twice.add(node);
            }
        }
        ExecutionStatus status = image.run().state().status();
        return new RecoveryReport(
                image.run().executionId(), status, nodes, completed.size(), told.size(), twice, bodies);
    }

    /** Whether everything was done, and nothing recorded twice. */
    boolean succeeded() {
        return status == ExecutionStatus.COMPLETED && recordedTwice.isEmpty();
    }

    /** For a person. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.addAll(new TextTable()
                .row("execution", executionId)
                .row("status", status.name())
                .row("completed", completed + " of " + nodes + " nodes, " + beforeKill + " of them before the kill")
                .row("recorded twice", recordedTwice.isEmpty() ? "none" : String.join(", ", recordedTwice))
                .row("ran once", bodies.size() - repeated().size() + " of " + bodies.size() + " bodies")
                .row("ran again", ranAgain())
                .lines());
        return lines;
    }

    /** For a machine. */
    Map<String, Object> entries() {
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("nodes", nodes);
        entries.put("completed", completed);
        entries.put("recordedTwice", recordedTwice.size());
        entries.put("repeatedAttempts", repeated().stream().map(Attempt::node).toList());
        entries.put("status", status.name());
        return entries;
    }

    private List<Attempt> repeated() {
        return bodies.entrySet().stream()
                .filter(body -> body.getValue() > 1)
                .map(Map.Entry::getKey)
                .sorted(Comparator.comparing(Attempt::node).thenComparing(Attempt::number))
                .toList();
    }

    private String ranAgain() {
        return repeated().isEmpty()
                ? "none"
                : String.join(", ", repeated().stream().map(Attempt::toString).toList());
    }
}
