package dev.flowengine.internal.kernel;

import dev.flowengine.execution.ExecutionSummary;
import dev.flowengine.execution.HistoryPage;
import dev.flowengine.execution.HistoryQuery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Follows executions to those they redrive, and to those that redrive them.
 *
 * @param history where they are listed
 */
record Lineage(History history) {
    private static final int AT_ONCE = 200;
    private static final Comparator<ExecutionSummary> OLDEST_FIRST =
            Comparator.comparing(ExecutionSummary::startedAt).thenComparing(ExecutionSummary::executionId);

    /** An execution, all it goes back to, and all redrives of any of these, as far as they are kept. */
    List<ExecutionSummary> of(String executionId) {
        ExecutionSummary first = history.find(executionId).orElseThrow(() -> Lookup.notFound(executionId));
        for (Optional<ExecutionSummary> before = before(first); before.isPresent(); before = before(first)) {
            first = before.get();
        }
        List<ExecutionSummary> all = new ArrayList<>();
        Deque<ExecutionSummary> open = new ArrayDeque<>(List.of(first));
        while (!open.isEmpty()) {
            ExecutionSummary execution = open.remove();
            all.add(execution);
            addRedrives(execution.executionId(), open);
        }
        all.sort(OLDEST_FIRST);
        return List.copyOf(all);
    }

    private Optional<ExecutionSummary> before(ExecutionSummary execution) {
        return execution.redriveOf().flatMap(history::find);
    }

    private void addRedrives(String executionId, Deque<ExecutionSummary> open) {
        Optional<HistoryQuery> next =
                Optional.of(HistoryQuery.all().redriveOf(executionId).limit(AT_ONCE));
        while (next.isPresent()) {
            HistoryPage page = history.page(next.get());
            open.addAll(page.executions());
            next = page.next().map(next.get()::after);
        }
    }
}
