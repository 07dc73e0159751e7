package dev.flowengine.internal.kernel;

import dev.flowengine.execution.ExecutionSummary;
import dev.flowengine.execution.FlowMetrics;
import dev.flowengine.execution.HistoryPage;
import dev.flowengine.execution.HistoryQuery;
import dev.flowengine.plan.Start;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Lists the executions an engine knows, which are kept nowhere else.
 *
 * @param known gives each of them, once
 */
record HistoryInMemory(Supplier<Stream<ExecutionSummary>> known) implements History {
    private static final Comparator<ExecutionSummary> NEWEST_FIRST = Comparator.comparing(ExecutionSummary::startedAt)
            .thenComparing(ExecutionSummary::executionId)
            .reversed();

    @Override
    public HistoryPage page(HistoryQuery query) {
        List<ExecutionSummary> found = known.get()
                .filter(query::matches)
                .filter(execution -> query.after()
                        .map(position -> isBehind(execution, position))
                        .orElse(true))
                .sorted(NEWEST_FIRST)
                .limit(query.limit() + 1L)
                .toList();
        if (found.size() <= query.limit()) {
            return new HistoryPage(found, Optional.empty());
        }
        List<ExecutionSummary> page = found.subList(0, query.limit());
        ExecutionSummary last = page.get(page.size() - 1);
        return new HistoryPage(page, Optional.of(new HistoryQuery.Position(last.startedAt(), last.executionId())));
    }

    @Override
    public FlowMetrics metrics(String flowId, Set<Start.Kind> kinds) {
        return FlowMetrics.of(
                flowId,
                known.get()
                        .filter(execution -> execution.flowId().equals(flowId)
                                && kinds.contains(execution.start().kind()))
                        .toList());
    }

    @Override
    public Optional<ExecutionSummary> find(String executionId) {
        return known.get()
                .filter(execution -> execution.executionId().equals(executionId))
                .findFirst();
    }

    /** Sorts executions, of which some may be named more than once: the first that is counts. */
    static List<ExecutionSummary> newestFirst(Stream<ExecutionSummary> executions) {
        Map<String, ExecutionSummary> once = new HashMap<>();
        executions.forEach(execution -> once.putIfAbsent(execution.executionId(), execution));
        return once.values().stream().sorted(NEWEST_FIRST).toList();
    }

    private static boolean isBehind(ExecutionSummary execution, HistoryQuery.Position position) {
        int byTime = execution.startedAt().compareTo(position.startedAt());
        return byTime < 0 || (byTime == 0 && execution.executionId().compareTo(position.executionId()) < 0);
    }
}
