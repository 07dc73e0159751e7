package dev.flowengine.persistence.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.flowengine.persistence.Counters;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link Counters} promise, if the store has them. */
abstract class CountersClauses extends Clauses {
    private Counters counters;

    CountersClauses(Supplier<StoreFixture> opening) {
        super(opening);
    }

    @BeforeEach
    void findAbility() {
        counters = store.capability(Counters.class).orElseGet(() -> abort("the store has no counters"));
        store.renew(OTHER, LEASE);
    }

    @Test
    void there_is_room_up_to_the_limit() {
        assertThat(counters.tryAcquire("c", "a", WORKER, 2)).isTrue();
        assertThat(counters.tryAcquire("c", "b", OTHER, 2)).isTrue();
        assertThat(counters.tryAcquire("c", "z", WORKER, 2)).isFalse();
        assertThat(counters.tryAcquire("d", "z", WORKER, 2)).isTrue();
        assertThat(counters.count("c")).isEqualTo(2);
        assertThat(counters.count("nobody")).isZero();
    }

    @Test
    void who_is_there_stays_there_and_counts_once() {
        counters.tryAcquire("c", "a", WORKER, 1);

        assertThat(counters.tryAcquire("c", "a", WORKER, 1)).isTrue();
        assertThat(counters.tryAcquire("c", "a", OTHER, 1)).isTrue();

        assertThat(counters.count("c")).isEqualTo(1);
        store.retire(WORKER);
        assertThat(counters.count("c")).as("now there for the other worker").isEqualTo(1);
    }

    @Test
    void who_goes_makes_room() {
        counters.tryAcquire("c", "a", WORKER, 1);

        counters.release("c", "a");
        counters.release("c", "a");
        counters.release("nobody", "a");

        assertThat(counters.tryAcquire("c", "b", WORKER, 1)).isTrue();
    }

    @Test
    void what_died_holds_nothing_up() {
        counters.tryAcquire("c", "a", WORKER, 1);
        fixture.advance(PAST_LEASE);
        store.renew(OTHER, LEASE);

        assertThat(counters.count("c")).isZero();
        assertThat(counters.tryAcquire("c", "b", OTHER, 1)).isTrue();
        store.renew(WORKER, LEASE);
        assertThat(counters.tryAcquire("c", "z", OTHER, 1)).isFalse();
    }

    @Test
    void who_has_no_lease_gets_no_place() {
        assertThat(counters.tryAcquire("c", "a", "nobody", 1)).isFalse();
        assertThat(counters.count("c")).isZero();
    }

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {2, 8})
    void of_those_who_ask_at_once_as_many_succeed_as_there_is_room(int threads) throws Exception {
        for (int round = 0; round < 20; round++) {
            String counter = "round-" + round;
            List<Boolean> answers = Together.run(
                    threads,
                    thread -> side(thread)
                            .capability(Counters.class)
                            .orElseThrow()
                            .tryAcquire(counter, "holder-" + thread, WORKER, 1));

            assertThat(answers).containsOnlyOnce(true);
        }
    }
}
