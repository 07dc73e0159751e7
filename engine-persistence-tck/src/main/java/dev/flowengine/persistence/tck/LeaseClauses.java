package dev.flowengine.persistence.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.persistence.Claim;
import dev.flowengine.persistence.Renewal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What {@code renew} and {@code retire} promise, by the clock of the store. */
abstract class LeaseClauses extends Clauses {

    LeaseClauses(Supplier<StoreFixture> opening) {
        super(opening);
    }

    @Test
    void a_renewal_tells_the_lease_and_the_time() {
        Instant before = store.now();
        Renewal renewal = store.renew(WORKER, Duration.ofSeconds(30));
        Instant after = store.now();

        assertThat(renewal.lease()).isGreaterThanOrEqualTo(Duration.ofSeconds(30));
        assertThat(renewal.now()).isBetween(before, after);
        assertThat(renewal.withMessages()).isEmpty();
    }

    @Test
    void the_first_renewal_and_every_late_one_tell_that_there_was_no_lease() {
        assertThat(store.renew("new", LEASE).lapsed()).isTrue();
        assertThat(store.renew("new", LEASE).lapsed()).isFalse();
        fixture.advance(LEASE.dividedBy(2));
        assertThat(fixture.anotherStore().renew("new", LEASE).lapsed()).isFalse();
        fixture.advance(PAST_LEASE);
        assertThat(store.renew("new", LEASE).lapsed()).isTrue();
        assertThat(store.renew("new", LEASE).lapsed()).isFalse();
    }

    @Test
    void the_clock_is_the_same_for_all_and_goes_as_far_as_it_is_set() {
        Instant before = store.now();

        fixture.advance(Duration.ofHours(3));

        assertThat(store.now()).isAfterOrEqualTo(before.plus(Duration.ofHours(3)));
        assertThat(fixture.anotherStore().now()).isAfterOrEqualTo(before.plus(Duration.ofHours(3)));
    }

    @Test
    @DisplayName("S43 a run is its owner's as long as the lease lives")
    void runs_are_taken_over_when_the_lease_has_passed_and_not_before() {
        own("r");
        fixture.advance(LEASE.minusSeconds(20));
        assertThat(claim(OTHER)).isEmpty();
        store.renew(WORKER, LEASE);
        fixture.advance(LEASE.minusSeconds(20));
        assertThat(claim(OTHER)).isEmpty();

        fixture.advance(Duration.ofSeconds(21));

        assertThat(claimedBy(OTHER)).containsExactly("r");
    }

    @Test
    void one_worker_s_lease_is_no_other_s() {
        own("r");
        fixture.advance(LEASE.minusSeconds(20));
        own(Samples.owned("s", OTHER));
        store.renew(OTHER, LEASE);
        fixture.advance(Duration.ofSeconds(21));

        assertThat(claimedBy("worker-c")).containsExactly("r");
    }

    @Test
    void who_renews_late_owns_again_what_nobody_claimed() {
        own("r");
        fixture.advance(PAST_LEASE);

        assertThat(store.renew(WORKER, LEASE).lapsed()).isTrue();

        assertThat(claim(OTHER)).isEmpty();
        assertThat(store.owned(WORKER)).extracting(Claim::executionId).containsExactly("r");
    }

    @Test
    void a_shorter_lease_counts_from_when_it_was_asked_for() {
        own("r");
        store.renew(WORKER, Duration.ofSeconds(5));

        fixture.advance(Duration.ofSeconds(10));

        assertThat(claimedBy(OTHER)).containsExactly("r");
    }

    @Test
    @DisplayName("R37 who goes in good order hands its runs back at once")
    void a_worker_that_retires_hands_back_all_its_runs_and_only_those() {
        own("a");
        own("b");
        own(Samples.owned("others", OTHER));
        store.renew(OTHER, LEASE);

        assertThat(store.retire(WORKER)).isEqualTo(2);
        assertThat(store.retire(WORKER)).isZero();
        assertThat(store.retire("nobody")).isZero();

        assertThat(store.owned(WORKER)).isEmpty();
        assertThat(claimedBy(OTHER)).containsExactlyInAnyOrder("a", "b");
        assertThat(store.owned(OTHER)).hasSize(3);
        assertThat(store.renew(WORKER, LEASE).lapsed()).isTrue();
    }

    @Test
    void a_sweep_over_many_dead_workers_finds_all_their_runs() {
        List<String> ids = List.of("r0", "r1", "r2", "r3", "r4");
        for (String id : ids) {
            store.renew("dead-" + id, LEASE);
            own(Samples.owned(id, "dead-" + id));
        }
        fixture.advance(PAST_LEASE);

        assertThat(claimedBy(OTHER)).containsExactlyInAnyOrderElementsOf(ids);
    }
}
