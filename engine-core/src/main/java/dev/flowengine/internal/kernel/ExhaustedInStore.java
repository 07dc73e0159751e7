package dev.flowengine.internal.kernel;

import dev.flowengine.execution.ExecutionSummary;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.RedrivePolicy;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.RunPage;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunRecord;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds executions in a store that were redriven as often as the policy of their flow allows, whichever engine did so. That
 * shows in how they were started and how they ended, for as long as they are kept.
 *
 * @param store the store
 * @param registry the flows whose policies are known
 * @param reader reads how an execution has ended
 */
record ExhaustedInStore(ExecutionStore store, FlowRegistry registry, StoredExecution.Reader reader) {
    private static final int MOST_LOOKED_AT = 10_000;
    private static final int AT_ONCE = 500;
    private static final Set<ExecutionStatus> REDRIVEN = Set.of(ExecutionStatus.FAILED, ExecutionStatus.PARTIAL);

    /** Those of the newest failed executions of each flow, in no particular order. */
    Stream<ExecutionSummary> all() {
        return registry.flows().stream()
                .filter(flow -> flow.redrive().maxRedrives() > 0)
                .map(Flow::id)
                .distinct()
                .flatMap(this::ofFlow);
    }

    private Stream<ExecutionSummary> ofFlow(String flowId) {
        Stream.Builder<ExecutionSummary> found = Stream.builder();
        Optional<RunQuery> next = Optional.of(RunQuery.all(AT_ONCE).flow(flowId).status(REDRIVEN));
        for (int looked = 0; looked < MOST_LOOKED_AT && next.isPresent(); looked += AT_ONCE) {
            RunPage page = store.query(next.get());
            page.runs().stream()
                    .filter(this::mayBe)
                    .forEach(run -> store.load(run.executionId())
                            .flatMap(this::exhausted)
                            .ifPresent(found));
            next = page.next().map(next.get()::after);
        }
        return found.build();
    }

    /** The row alone says of most that they are not: only redrives are looked at closely. */
    private boolean mayBe(RunRecord run) {
        return run.header().redriveOf().isPresent()
                && registry.find(run.header().flow())
                        .filter(flow -> flow.redrive().maxRedrives() > 0)
                        .isPresent();
    }

    private Optional<ExecutionSummary> exhausted(RunImage image) {
        RunResult end;
        try {
            end = reader.result(image);
        } catch (FlowException unreadable) {
            // Whoever looks for it by its id is told why.
            return Optional.empty();
        }
        RedrivePolicy policy = end.last().scope().flow().redrive();
        boolean last = end.last().scope().automatic() >= policy.maxRedrives();
        return last && end.failure().filter(failure -> applies(policy, failure)).isPresent()
                ? Optional.of(HistoryInStore.summary(image.run()))
                : Optional.empty();
    }

    private static boolean applies(RedrivePolicy policy, FlowException failure) {
        try {
            return policy.appliesTo(failure);
        } catch (RuntimeException | Error broken) {
            // As when it is asked whether to redrive: what a broken predicate is asked about is not redriven.
            return false;
        }
    }
}
