package dev.flowengine.execution;

import java.util.List;
import java.util.Optional;

/**
 * Executions, newest first; of those admitted at the same instant the one with the greater id first.
 *
 * @param executions at most as many as asked for
 * @param next where the next page begins; empty if this is the last
 */
public record HistoryPage(List<ExecutionSummary> executions, Optional<HistoryQuery.Position> next) {

    /** Copies the list. */
    public HistoryPage {
        executions = List.copyOf(executions);
    }
}
