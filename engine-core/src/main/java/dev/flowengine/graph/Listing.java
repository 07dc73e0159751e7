package dev.flowengine.graph;

import java.util.List;

/** Names in a message: the first few, and how many more there are. */
final class Listing {
    private static final int SHOWN = 10;

    private Listing() {}

    static String of(List<String> names) {
        if (names.isEmpty()) {
            return "none";
        }
        if (names.size() <= SHOWN) {
            return String.join(", ", names);
        }
        return String.join(", ", names.subList(0, SHOWN)) + " and " + (names.size() - SHOWN) + " more";
    }
}
