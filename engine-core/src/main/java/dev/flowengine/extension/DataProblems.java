package dev.flowengine.extension;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was noted while data was read: the first problems, and the number of all. */
final class DataProblems {
    /** More than anybody reads; keeps hopeless data from taking the memory. */
    static final int MOST = 100;

    private static final int LONGEST_TEXT = 60;

    private final List<DataProblem> first = new ArrayList<>();
    private int count;

    void add(DataProblem problem) {
        if (count++ < MOST) {
            first.add(problem);
        }
    }

    List<DataProblem> list() {
        return List.copyOf(first);
    }

    int count() {
        return count;
    }

    /** A value in a few words, whatever it is. */
    static String describe(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.isEmpty() ? "an empty object" : "an object";
        }
        if (value instanceof List<?> list) {
            return list.isEmpty() ? "an empty list" : "a list";
        }
        String text = String.valueOf(value);
        String shown = text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
        return value instanceof String ? "the text '" + shown + "'" : shown;
    }
}
