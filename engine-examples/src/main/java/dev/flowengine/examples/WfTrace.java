package dev.flowengine.examples;

import java.nio.file.Path;
import java.util.List;

/**
 * A recorded workflow. Every parent is the id of a task; nothing is said about cycles.
 *
 * @param file where it was read from
 * @param tasks the tasks in the order of the file, at least one
 */
record WfTrace(Path file, List<WfTask> tasks) {
    WfTrace {
        tasks = List.copyOf(tasks);
    }
}
