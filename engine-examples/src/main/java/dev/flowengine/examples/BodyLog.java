package dev.flowengine.examples;

import dev.flowengine.node.NodeContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file that says which bodies have begun, a line for each. What is written to it outlives the process.
 *
 * @param file where
 */
record BodyLog(Path file) {

    /**
     * One attempt of a node.
     *
     * @param node its id
     * @param number counted from 1
     */
    record Attempt(String node, int number) {
        @Override
        public String toString() {
            return node + " (attempt " + number + ")";
        }
    }

    /** Adds that the body of this attempt has begun. */
    void began(NodeContext context) throws IOException {
        String line = context.attempt() + " " + context.nodeId() + "\n";
        Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** How often the body of each attempt has begun, in the order of the first time. */
    Map<Attempt, Integer> beginnings() throws IOException {
        Map<Attempt, Integer> times = new LinkedHashMap<>();
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        for (String line : lines) {
            int blank = line.indexOf(' ');
            times.merge(
                    new Attempt(line.substring(blank + 1), Integer.parseInt(line.substring(0, blank))),
                    1,
                    Integer::sum);
        }
        return times;
    }
}
