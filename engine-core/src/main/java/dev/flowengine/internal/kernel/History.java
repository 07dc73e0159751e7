package dev.flowengine.internal.kernel;

import dev.flowengine.execution.ExecutionSummary;
import dev.flowengine.execution.HistoryPage;
import dev.flowengine.execution.HistoryQuery;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Lists the executions an engine knows. */
final class History {
    private static final Comparator<ExecutionSummary> NEWEST_FIRST = Comparator.comparing(ExecutionSummary::startedAt)
            .thenComparing(ExecutionSummary::executionId)
            .reversed();

    private History() {}

    static HistoryPage page(Stream<ExecutionSummary> known, HistoryQuery query) {
        List<ExecutionSummary> found = known.filter(query::matches)
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

    static List<ExecutionSummary> newestFirst(Stream<ExecutionSummary> executions) {
        return executions.sorted(NEWEST_FIRST).toList();
    }

    private static boolean isBehind(ExecutionSummary execution, HistoryQuery.Position position) {
        int byTime = execution.startedAt().compareTo(position.startedAt());
        return byTime < 0 || (byTime == 0 && execution.executionId().compareTo(position.executionId()) < 0);
    }
}
