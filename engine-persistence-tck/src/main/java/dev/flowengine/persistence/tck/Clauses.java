package dev.flowengine.persistence.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.Claim;
import dev.flowengine.persistence.ClaimRequest;
import dev.flowengine.persistence.CreateAnswer;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.Ownership;
import dev.flowengine.persistence.Rejection;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunImage;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Some clauses of the contract: a fresh store for each test, and what most of them do with it. */
abstract class Clauses {
    static final String WORKER = "worker-a";
    static final String OTHER = "worker-b";
    static final Duration LEASE = Duration.ofMinutes(1);
    static final Duration PAST_LEASE = LEASE.plusSeconds(1);

    StoreFixture fixture;
    ExecutionStore store;
    private final Supplier<StoreFixture> opening;

    Clauses(Supplier<StoreFixture> opening) {
        this.opening = opening;
    }

    @BeforeEach
    void openStore() {
        fixture = opening.get();
        store = fixture.store();
        store.renew(WORKER, LEASE);
    }

    @AfterEach
    void closeStore() {
        if (fixture != null) {
            fixture.close();
        }
    }

    /** Creates a run that the worker owns; the answer is its epoch. */
    final long own(String id) {
        return own(Samples.owned(id, WORKER));
    }

    final long own(NewRun run) {
        CreateAnswer answer = store.create(run);
        assertThat(answer.outcome()).as("creating %s", run).isEqualTo(CreateAnswer.Outcome.CREATED);
        return answer.epoch();
    }

    final void create(NewRun run) {
        assertThat(store.create(run).outcome()).as("creating %s", run).isEqualTo(CreateAnswer.Outcome.CREATED);
    }

    final void apply(RunBatch batch) {
        assertThat(store.apply(batch)).as("applying %s", batch).isEqualTo(BatchAnswer.applied());
    }

    final void fenced(RunBatch batch) {
        assertThat(store.apply(batch)).as("applying %s", batch).isEqualTo(BatchAnswer.fenced());
    }

    final void rejected(Rejection.Reason reason, RunBatch batch) {
        assertRejected(reason, store.apply(batch));
    }

    static void assertRejected(Rejection.Reason reason, BatchAnswer answer) {
        assertThat(answer.rejection().map(Rejection::reason)).as("%s", answer).contains(reason);
    }

    /** Fails in place of a loop without end: what a broken store would make of a loop over its answers. */
    static void goOn(int rounds) {
        assertThat(rounds)
                .as("rounds of a loop that ends with a store that does as it should")
                .isLessThan(20_000);
    }

    /** One of two stores over the same data, for a thread of many. */
    final ExecutionStore side(int thread) {
        return thread % 2 == 0 ? store : fixture.anotherStore();
    }

    final RunImage image(String id) {
        return store.load(id).orElseThrow();
    }

    final Ownership ownership(String id) {
        return store.find(id).orElseThrow().ownership();
    }

    /** Lets a worker with a live lease claim what it can get of the sample flow. */
    final List<Claim> claim(String worker) {
        store.renew(worker, LEASE);
        return store.claim(new ClaimRequest(worker, Set.of(Samples.FLOW), 100));
    }

    final List<String> claimedBy(String worker) {
        return claim(worker).stream().map(Claim::executionId).toList();
    }

    /** Ends a run that was created as owned and has not been written to yet. */
    final void end(String id, long epoch) {
        apply(RunBatch.of(id, epoch, 1).state(Samples.COMPLETED).build());
    }
}
