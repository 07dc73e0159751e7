package dev.flowengine.internal.kernel;

import dev.flowengine.execution.ExecutionSummary;
import dev.flowengine.execution.FlowMetrics;
import dev.flowengine.execution.HistoryPage;
import dev.flowengine.execution.HistoryQuery;
import dev.flowengine.plan.Start;
import java.util.Optional;
import java.util.Set;

/** Executions as a list and in numbers. Thread-safe. */
interface History {

    /** Lists executions, the newest first. */
    HistoryPage page(HistoryQuery query);

    /** An execution as a list shows it. */
    Optional<ExecutionSummary> find(String executionId);

    /** Counts the executions of a flow that began in one of some ways. */
    FlowMetrics metrics(String flowId, Set<Start.Kind> kinds);
}
