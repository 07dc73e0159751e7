package dev.flowengine.json;

import dev.flowengine.extension.DataProblem;
import dev.flowengine.extension.DataReader;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Everything wrong with one document: the first problems, and the number of all. */
final class Findings {
    private static final int MOST = 100;
    private static final int LONGEST_TEXT = 2_000;

    private final List<DataProblem> first = new ArrayList<>();
    private final List<String> nodes = new ArrayList<>();
    private final Set<String> replaced = new HashSet<>();
    private int count;

    void add(String pointer, String message) {
        add(() -> new DataProblem(pointer, message));
    }

    /** The problem is made only if it is listed: pointers may be long. */
    void add(Supplier<DataProblem> problem) {
        if (count++ < MOST) {
            DataProblem made = problem.get();
            first.add(new DataProblem(made.pointer(), shown(made.message())));
        }
    }

    /**
     * A value could not be read, and another stands in its place: what is wrong with that one is no news. It is remembered
     * only while problems are listed, so that a document full of such values cannot take the memory.
     */
    void addReplaced(Supplier<DataProblem> problem) {
        add(problem);
        if (count <= MOST) {
            replaced.add(first.get(count - 1).pointer());
        }
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
        first.forEach(problem -> message.append(System.lineSeparator())
                .append("  ")
                .append(new DataProblem(shown(problem.pointer()), problem.message())));
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
    private static String shown(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
    }
}
