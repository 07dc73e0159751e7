package dev.flowengine.examples;

import java.util.List;

/**
 * A task of a recorded workflow.
 *
 * @param id unique in its trace
 * @param parents ids of the tasks it waited for
 * @param seconds how long it ran
 */
record WfTask(String id, List<String> parents, double seconds) {
    WfTask {
        parents = List.copyOf(parents);
    }
}
