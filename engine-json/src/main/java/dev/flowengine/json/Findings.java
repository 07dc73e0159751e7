package dev.flowengine.json;

import dev.flowengine.extension.DataProblem;
import dev.flowengine.extension.DataReader;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Everything wrong with one document: the first problems, and the number of all. */
final class Findings {
    private static final int MOST = 100;
    private static final int LONGEST_MESSAGE = 2_000;

    private final List<DataProblem> first = new ArrayList<>();
    private final List<String> nodes = new ArrayList<>();
    private final Set<String> replaced = new HashSet<>();
    private int count;

    void add(String pointer, String message) {
        if (count++ < MOST) {
            first.add(new DataProblem(pointer, shown(message)));
        }
    }

    /** A value could not be read, and another stands in its place: what is wrong with that one is no news. */
    void addReplaced(String pointer, String message) {
        add(pointer, message);
        replaced.add(pointer);
    }

    void add(String pointer, String message, String node) {
        add(pointer, message);
        nodes.add(node);
    }

    void addAll(DataReader reader) {
        List<DataProblem> noted = reader.problems();
        noted.stream()
                .filter(problem -> !replaced.contains(problem.pointer()))
                .forEach(problem -> add(problem.pointer(), problem.message()));
        count += reader.problemCount() - noted.size();
    }

    boolean isEmpty() {
        return count == 0;
    }

    FlowJsonException exception(String subject) {
        StringBuilder message = new StringBuilder(subject).append(": ").append(count);
        message.append(count == 1 ? " problem" : " problems");
        first.forEach(
                problem -> message.append(System.lineSeparator()).append("  ").append(problem));
        int more = count - first.size();
        if (more > 0) {
            message.append(System.lineSeparator()).append("  and ").append(more).append(" more");
        }
        FlowException.Builder description = FlowException.of(FailureKind.INVALID_DEFINITION, message.toString())
                .affectedNodes(nodes)
                .suggestedResolution("Correct what the problems name; each begins with its JSON pointer.");
        return new FlowJsonException(description, first, more);
    }

    /** What comes from outside may be long. */
    private static String shown(String message) {
        return message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE) + "…";
    }
}
