package dev.flowengine.execution;

import dev.flowengine.model.LogLine;
import java.util.List;

/**
 * What the nodes of an execution have written.
 *
 * @param lines the lines that were kept, in the order in which they were written
 * @param dropped how many more there were; of an execution that was read from a store, since then
 */
public record ExecutionLog(List<LogLine> lines, long dropped) {

    /** Copies the lines. */
    public ExecutionLog {
        lines = List.copyOf(lines);
    }
}
