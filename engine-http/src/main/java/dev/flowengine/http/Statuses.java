package dev.flowengine.http;

import dev.flowengine.extension.DataReader;
import java.util.BitSet;
import java.util.List;

/** A set of statuses: single ones, and hundreds such as {@code 5xx}. */
final class Statuses {
    private static final int LEAST = 100;
    private static final int MOST = 999;

    private final BitSet set;

    private Statuses(BitSet set) {
        this.set = set;
    }

    static Statuses between(int first, int last) {
        BitSet set = new BitSet();
        set.set(first, last + 1);
        return new Statuses(set);
    }

    static Statuses of(int... statuses) {
        BitSet set = new BitSet();
        for (int status : statuses) {
            set.set(status);
        }
        return new Statuses(set);
    }

    static Statuses read(DataReader parameters, String name, Statuses otherwise) {
        if (!parameters.has(name)) {
            return otherwise;
        }
        BitSet set = new BitSet();
        List<?> elements = parameters.list(name);
        for (int i = 0; i < elements.size(); i++) {
            Object element = elements.get(i);
            if (element instanceof String text && text.matches("[1-5]xx")) {
                int first = (text.charAt(0) - '0') * LEAST;
                set.set(first, first + LEAST);
            } else if (element instanceof Integer status && status >= LEAST && status <= MOST) {
                set.set(status);
            } else {
                parameters.expected(name, i, "a status from " + LEAST + " to " + MOST + ", or one of 1xx to 5xx");
            }
        }
        return new Statuses(set);
    }

    boolean contain(int status) {
        return status >= 0 && set.get(status);
    }
}
