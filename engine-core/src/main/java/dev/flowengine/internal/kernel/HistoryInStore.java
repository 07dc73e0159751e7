package dev.flowengine.internal.kernel;

import dev.flowengine.execution.ExecutionSummary;
import dev.flowengine.execution.FlowMetrics;
import dev.flowengine.execution.HistoryPage;
import dev.flowengine.execution.HistoryQuery;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.NodeRun;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.RunPage;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.plan.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Lists the executions in a store, whichever engine they ran on. Reads no payloads, and needs no flow.
 *
 * @param store the store
 */
record HistoryInStore(ExecutionStore store) implements History {
    private static final int MOST_COUNTED = 10_000;
    private static final int COUNTED_AT_ONCE = 500;

    @Override
    public HistoryPage page(HistoryQuery query) {
        RunPage page = store.query(runs(query));
        return new HistoryPage(
                page.runs().stream().map(HistoryInStore::summary).toList(),
                page.next().map(next -> new HistoryQuery.Position(next.createdAt(), next.executionId())));
    }

    @Override
    public FlowMetrics metrics(String flowId, Set<Start.Kind> kinds) {
        List<ExecutionSummary> counted = new ArrayList<>();
        Optional<RunQuery> next = Optional.of(RunQuery.all(COUNTED_AT_ONCE).flow(flowId));
        for (int looked = 0; looked < MOST_COUNTED && next.isPresent(); looked += COUNTED_AT_ONCE) {
            RunPage page = store.query(next.get());
            page.runs().stream()
                    .map(HistoryInStore::summary)
                    .filter(execution -> kinds.contains(execution.start().kind()))
                    .forEach(counted::add);
            next = page.next().map(next.get()::after);
        }
        return FlowMetrics.of(flowId, counted);
    }

    @Override
    public Optional<ExecutionSummary> find(String executionId) {
        return store.find(executionId).map(HistoryInStore::summary);
    }

    private static RunQuery runs(HistoryQuery query) {
        return new RunQuery(
                query.flowId(),
                query.statuses(),
                query.startNodeId(),
                query.userId(),
                query.redriveOf(),
                query.parentExecutionId(),
                query.from(),
                query.to(),
                query.after().map(position -> new RunQuery.Position(position.startedAt(), position.executionId())),
                query.limit());
    }

    static ExecutionSummary summary(RunRecord run) {
        RunHeader header = run.header();
        return new ExecutionSummary(
                header.executionId(),
                header.flow().flowId(),
                header.flow().version(),
                new Start(Start.Kind.valueOf(header.startKind().name()), header.startNode()),
                run.state().status(),
                header.userId(),
                header.createdAt(),
                run.state().endedAt(),
                header.redriveOf(),
                header.parent().map(NodeRun::executionId));
    }
}
