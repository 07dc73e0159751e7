package dev.flowengine.jdbc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** Question marks of statements, and lists of values for them. */
final class Marks {
    /** How many values stand in one list at most. */
    private static final int LONGEST = 512;

    private Marks() {}

    static String of(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }

    /** A row of marks in parentheses, so many times. */
    static String rows(int width, int count) {
        return String.join(", ", Collections.nCopies(count, "(" + of(width) + ")"));
    }

    /**
     * Lists for {@code IN (…)}: sorted, without repetitions, and filled up with their last value to a power of two, so that
     * there are few statements to prepare.
     */
    static List<List<String>> lists(Collection<String> values) {
        List<String> sorted = values.stream().distinct().sorted().toList();
        List<List<String>> lists = new ArrayList<>();
        for (int from = 0; from < sorted.size(); from += LONGEST) {
            List<String> list = new ArrayList<>(sorted.subList(from, Math.min(from + LONGEST, sorted.size())));
            int size = Integer.highestOneBit(2 * list.size() - 1);
            while (list.size() < size) {
                list.add(list.get(list.size() - 1));
            }
            lists.add(list);
        }
        return lists;
    }
}
