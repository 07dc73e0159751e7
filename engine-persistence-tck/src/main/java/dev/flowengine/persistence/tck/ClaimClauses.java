package dev.flowengine.persistence.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.Backlog;
import dev.flowengine.persistence.Claim;
import dev.flowengine.persistence.ClaimRequest;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.RunInput;
import dev.flowengine.persistence.RunState;
import dev.flowengine.persistence.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code claim} promises: which runs, to whom, and how often. */
abstract class ClaimClauses extends Clauses {

    ClaimClauses(Supplier<StoreFixture> opening) {
        super(opening);
    }

    @Test
    void who_claims_a_run_owns_it() {
        create(Samples.claimable("r"));

        List<Claim> claims = claim(WORKER);

        assertThat(claims)
                .containsExactly(new Claim("r", Samples.FLOW, claims.get(0).epoch(), 0));
        assertThat(claims.get(0).epoch()).isPositive();
        assertThat(ownership("r").standing()).isEqualTo(Standing.owned());
        assertThat(ownership("r").workerId()).contains(WORKER);
        assertThat(store.owned(WORKER)).isEqualTo(claims);
        assertThat(claim(WORKER)).as("claimed again by itself").isEmpty();
        assertThat(claim(OTHER)).isEmpty();
        apply(RunBatch.of("r", claims.get(0).epoch(), 1)
                .insert(Samples.queued("a"))
                .build());
    }

    @Test
    @DisplayName("S43 a worker claims only runs whose flow id and version it knows")
    void only_runs_of_known_editions_are_handed_out() {
        create(of(new FlowKey("orders", "1"), "a"));
        create(of(new FlowKey("orders", "2"), "b"));
        create(of(new FlowKey("bills", "1"), "c"));
        create(of(new FlowKey("bills", "2"), "d"));

        assertThat(claim(Set.of(), 10)).isEmpty();
        assertThat(claim(Set.of(new FlowKey("orders", "2"), new FlowKey("bills", "1")), 10))
                .extracting(Claim::executionId)
                .containsExactlyInAnyOrder("b", "c");
        assertThat(claim(Set.of(new FlowKey("orders", "1"), new FlowKey("nobody", "1")), 10))
                .extracting(Claim::flow)
                .containsExactly(new FlowKey("orders", "1"));
    }

    @Test
    void no_more_are_handed_out_than_asked_for_and_all_in_the_end() {
        Set<String> left = new HashSet<>();
        for (int i = 0; i < 7; i++) {
            create(Samples.claimable("r" + i));
            left.add("r" + i);
        }

        for (int expected : new int[] {3, 3, 1, 0}) {
            List<Claim> claims = claim(Set.of(Samples.FLOW), 3);
            assertThat(claims).hasSize(expected);
            claims.forEach(claim -> assertThat(left.remove(claim.executionId())).isTrue());
        }
        assertThat(left).isEmpty();
    }

    @Test
    void who_has_waited_longest_goes_first() {
        Instant now = store.now();
        create(due("third", now.plusSeconds(30)));
        create(due("first", now.plusSeconds(10)));
        create(due("second", now.plusSeconds(20)));
        fixture.advance(Duration.ofSeconds(40));

        List<String> order = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            claim(Set.of(Samples.FLOW), 1).forEach(claim -> order.add(claim.executionId()));
        }

        assertThat(order).containsExactly("first", "second", "third");
    }

    @Test
    void a_worker_without_a_live_lease_gets_nothing() {
        create(Samples.claimable("r"));
        ClaimRequest request = new ClaimRequest("unknown", Set.of(Samples.FLOW), 1);

        assertThat(store.claim(request)).isEmpty();
        store.renew("unknown", LEASE);
        fixture.advance(PAST_LEASE);
        assertThat(store.claim(request)).isEmpty();
        store.renew("unknown", LEASE);
        store.retire("unknown");
        assertThat(store.claim(request)).isEmpty();
    }

    @Test
    void a_run_is_due_at_its_time_and_not_before() {
        create(due("created", store.now().plusSeconds(60)));
        apply(RunBatch.of("written", own("written"), 1)
                .standing(Standing.due(store.now().plusSeconds(120)))
                .build());

        assertThat(claim(OTHER)).isEmpty();
        fixture.advance(Duration.ofSeconds(61));
        assertThat(claimedBy(OTHER)).containsExactly("created");
        fixture.advance(Duration.ofSeconds(60));
        assertThat(claimedBy(OTHER)).contains("written");
    }

    @Test
    @DisplayName("S43 a parked run sleeps with its reason")
    void a_dormant_run_is_not_handed_out_however_long_it_sleeps() {
        RunState parked = RunState.open(ExecutionStatus.PARKED, Optional.of(Samples.NOON));
        apply(RunBatch.of("r", own("r"), 1)
                .state(parked)
                .standing(Standing.dormant("gave up after 5 tries"))
                .build());

        fixture.advance(Duration.ofDays(365));

        assertThat(claim(OTHER)).isEmpty();
        assertThat(ownership("r").standing()).isEqualTo(Standing.dormant("gave up after 5 tries"));
        assertThat(store.find("r").orElseThrow().state()).isEqualTo(parked);
    }

    @Test
    void released_runs_can_be_claimed_at_once_and_others_stay_where_they_are() {
        own("mine");
        own("kept");
        own(Samples.owned("others", OTHER));
        store.renew(OTHER, LEASE);

        assertThat(store.release(WORKER, List.of("mine", "others", "nobody"))).isEqualTo(1);
        assertThat(store.release(WORKER, List.of("mine"))).isZero();

        assertThat(claim(OTHER)).extracting(Claim::executionId, Claim::tries).containsExactly(tuple("mine", 0));
        assertThat(store.owned(WORKER)).extracting(Claim::executionId).containsExactly("kept");
    }

    @Test
    @DisplayName("R6 a run that kills its workers is told by its tries")
    void taking_over_counts_tries_and_progress_forgets_them() {
        own("r");
        Claim second = takeOver(OTHER, 1);
        apply(RunBatch.of("r", second.epoch(), 1)
                .insert(Samples.queued("a"))
                .audit(Samples.audit("x"))
                .build());
        assertThat(ownership("r").tries()).as("after a batch without progress").isEqualTo(1);
        Claim third = takeOver(WORKER, 2);
        apply(RunBatch.of("r", third.epoch(), 2)
                .update(Samples.completed("a", "x"))
                .build());

        assertThat(ownership("r").tries()).as("after progress").isZero();
        takeOver(OTHER, 1);
    }

    @Test
    void waking_up_and_handing_over_are_no_tries() {
        create(due("r", store.now().minusSeconds(1)));
        assertThat(claim(WORKER)).extracting(Claim::tries).containsExactly(0);
        store.release(WORKER, List.of("r"));
        assertThat(claim(OTHER)).extracting(Claim::tries).containsExactly(0);
        store.retire(OTHER);
        assertThat(claim(WORKER)).extracting(Claim::tries).containsExactly(0);
    }

    @Test
    @DisplayName("S43 runs nobody knows are reported")
    void the_backlog_counts_what_could_be_claimed() {
        assertThat(store.backlog()).isEmpty();
        Instant begin = store.now();
        FlowKey bills = new FlowKey("bills", "7");
        create(of(bills, "a"));
        create(of(bills, "b"));
        create(Samples.claimable("c"));
        create(due("later", store.now().plusSeconds(600)));
        own("owned");

        assertThat(store.backlog())
                .extracting(Backlog::flow, Backlog::runs)
                .containsExactlyInAnyOrder(tuple(bills, 2L), tuple(Samples.FLOW, 1L));
        assertThat(store.backlog())
                .allSatisfy(entry -> assertThat(entry.since()).isBetween(begin, store.now()));
        fixture.advance(Duration.ofSeconds(601));
        assertThat(store.backlog())
                .extracting(Backlog::flow, Backlog::runs)
                .as("what was due, and whose owner has died, too")
                .containsExactlyInAnyOrder(tuple(bills, 2L), tuple(Samples.FLOW, 3L));
    }

    @ParameterizedTest(name = "{0} workers")
    @ValueSource(ints = {1, 2, 8})
    @DisplayName("R5 no run is handed out twice")
    void each_run_is_handed_to_one_of_many_workers(int workers) throws Exception {
        int runs = 60;
        for (int round = 0; round < 5; round++) {
            List<NewRun> created = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                created.add(Samples.claimable("round-" + round + "-" + i));
            }
            store.create(created);

            List<List<Claim>> claims = Together.run(workers, this::claimUntilNothingIsLeft);

            assertThat(claims.stream().flatMap(List::stream).map(Claim::executionId))
                    .as("round %d", round)
                    .hasSize(runs)
                    .doesNotHaveDuplicates();
            for (int worker = 0; worker < workers; worker++) {
                assertThat(store.owned("worker-" + worker)).containsAll(claims.get(worker));
            }
        }
    }

    @ParameterizedTest(name = "{0} workers")
    @ValueSource(ints = {2, 8})
    @DisplayName("R4 R5 no epoch of a run is handed out twice, while workers die and come back")
    void no_epoch_is_handed_out_twice(int workers) throws Exception {
        for (int i = 0; i < 20; i++) {
            create(Samples.claimable("r" + i));
        }
        List<List<Claim>> claims = Together.run(workers, thread -> {
            List<Claim> mine = new ArrayList<>();
            String worker = "worker-" + thread;
            for (int i = 0; i < 30; i++) {
                side(thread).renew(worker, LEASE);
                List<Claim> claimed = side(thread).claim(new ClaimRequest(worker, Set.of(Samples.FLOW), 5));
                mine.addAll(claimed);
                if (i % 3 == 0) {
                    side(thread).retire(worker);
                } else {
                    side(thread)
                            .release(
                                    worker,
                                    claimed.stream().map(Claim::executionId).toList());
                }
            }
            return mine;
        });

        assertThat(claims.stream().flatMap(List::stream)).isNotEmpty().doesNotHaveDuplicates();
    }

    private List<Claim> claimUntilNothingIsLeft(int thread) {
        String worker = "worker-" + thread;
        List<Claim> mine = new ArrayList<>();
        side(thread).renew(worker, LEASE);
        // Others may hold what is left for a moment, so that a claim comes back empty too early.
        for (int rounds = 0; !store.backlog().isEmpty(); rounds++) {
            goOn(rounds);
            mine.addAll(side(thread).claim(new ClaimRequest(worker, Set.of(Samples.FLOW), 3)));
        }
        return mine;
    }

    private Claim takeOver(String worker, int tries) {
        fixture.advance(PAST_LEASE);
        List<Claim> claims = claim(worker);
        assertThat(claims).extracting(Claim::executionId, Claim::tries).containsExactly(tuple("r", tries));
        return claims.get(0);
    }

    private List<Claim> claim(Set<FlowKey> flows, int limit) {
        return store.claim(new ClaimRequest(WORKER, flows, limit));
    }

    private static NewRun of(FlowKey flow, String id) {
        RunHeader header = RunHeader.of(id, flow, "placed", Samples.NOON).build();
        return NewRun.unowned(header, RunInput.NONE, Samples.QUEUED, Standing.claimable());
    }

    private static NewRun due(String id, Instant at) {
        return NewRun.unowned(Samples.header(id), RunInput.NONE, Samples.QUEUED, Standing.due(at));
    }
}
