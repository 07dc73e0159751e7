package dev.flowengine.json;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The input or the output ports of nodes, for connections the core never sees because half of them is missing. A node may
 * have thousands of both, so its ports are neither searched nor listed for each connection anew.
 */
final class PortNames {
    private static final int SHOWN = 10;

    private final Map<String, Set<String>> names = new HashMap<>();
    private final Map<String, String> listings = new HashMap<>();

    boolean has(String node, String port, Supplier<List<String>> ports) {
        return names.computeIfAbsent(node, id -> new HashSet<>(ports.get())).contains(port);
    }

    /** The ports in words, as the core says it. */
    String listing(String node, Supplier<List<String>> ports) {
        return listings.computeIfAbsent(node, id -> listing(ports.get()));
    }

    private static String listing(List<String> ports) {
        if (ports.isEmpty()) {
            return "none";
        }
        if (ports.size() <= SHOWN) {
            return String.join(", ", ports);
        }
        return String.join(", ", ports.subList(0, SHOWN)) + " and " + (ports.size() - SHOWN) + " more";
    }
}
