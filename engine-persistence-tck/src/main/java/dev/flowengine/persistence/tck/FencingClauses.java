package dev.flowengine.persistence.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.persistence.Claim;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.Standing;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may write to a run, and who may not any more. */
abstract class FencingClauses extends Clauses {

    FencingClauses(Supplier<StoreFixture> opening) {
        super(opening);
    }

    @ParameterizedTest(name = "epoch {0}")
    @ValueSource(longs = {0, 2, 3, 99, Long.MAX_VALUE, -1})
    void a_batch_under_any_other_epoch_changes_nothing(long epoch) {
        assertThat(own("r")).isEqualTo(1);
        RunImage before = image("r");

        fenced(batch(epoch, 1));

        assertThat(image("r")).isEqualTo(before);
    }

    @Test
    void nobody_writes_to_a_run_that_is_not_there() {
        fenced(batch(1, 1));

        assertThat(store.load("r")).isEmpty();
    }

    @Test
    void nobody_writes_to_a_run_that_nobody_owns() {
        create(Samples.claimable("r"));

        fenced(batch(0, 1));

        assertThat(image("r").nodes()).isEmpty();
    }

    @Test
    @DisplayName("R4 the loser's results change nothing, and a zombie is told")
    void who_lost_a_run_writes_nothing_more() {
        long mine = own("r");
        apply(batch(mine, 1));
        fixture.advance(PAST_LEASE);
        List<Claim> taken = claim(OTHER);
        assertThat(taken).hasSize(1);
        RunImage before = image("r");

        fenced(batch(mine, 2));
        fenced(batch(mine, 1));
        fenced(RunBatch.of("r", mine, 2).state(Samples.COMPLETED).build());

        assertThat(image("r")).isEqualTo(before);
        apply(batch(taken.get(0).epoch(), 2));
    }

    @Test
    @DisplayName("S43 results held while the store was away are committed if the epoch still stands")
    void the_end_of_a_lease_alone_fences_nobody() {
        long epoch = own("r");
        fixture.advance(PAST_LEASE);

        apply(batch(epoch, 1));
        assertThat(store.renew(WORKER, LEASE).lapsed()).isTrue();
        apply(batch(epoch, 2));
    }

    @Test
    void who_hands_a_run_back_writes_nothing_more() {
        long released = own("r");
        assertThat(store.release(WORKER, List.of("r"))).isEqualTo(1);
        fenced(batch(released, 1));

        long retired = own("s");
        assertThat(store.retire(WORKER)).isEqualTo(1);
        fenced(RunBatch.of("s", retired, 1).insert(Samples.queued("a")).build());
        assertThat(image("r").nodes()).isEmpty();
        assertThat(image("s").nodes()).isEmpty();
    }

    @Test
    void a_batch_that_hands_a_run_back_is_the_last_one() {
        for (Standing standing :
                List.of(Standing.claimable(), Standing.due(store.now().plusSeconds(60)), Standing.dormant("paused"))) {
            String id = "r-" + standing.getClass().getSimpleName();
            long epoch = own(id);
            apply(RunBatch.of(id, epoch, 1).standing(standing).build());

            fenced(RunBatch.of(id, epoch, 2).insert(Samples.queued("a")).build());

            assertThat(ownership(id).standing()).isEqualTo(standing);
            assertThat(ownership(id).workerId()).isEmpty();
        }
    }

    @Test
    @DisplayName("S43 the epoch of a run grows with each claim")
    void epochs_grow() {
        long last = own("r");
        for (int i = 0; i < 5; i++) {
            store.release(i % 2 == 0 ? WORKER : OTHER, List.of("r"));
            long next = claim(i % 2 == 0 ? OTHER : WORKER).get(0).epoch();
            assertThat(next).isGreaterThan(last);
            assertThat(ownership("r").epoch()).isEqualTo(next);
            last = next;
        }
    }

    @RepeatedTest(5)
    @DisplayName("R3 R4 of two owners at once, only the one that claimed last is heard")
    void writes_of_the_loser_never_mix_with_those_of_the_winner() throws Exception {
        long first = own("r");
        fixture.advance(PAST_LEASE);
        Set<Long> applied = ConcurrentHashMap.newKeySet();

        List<Long> counts = Together.run(2, thread -> {
            if (thread == 1) {
                List<Claim> taken = List.of();
                for (int rounds = 0; taken.isEmpty(); rounds++) {
                    goOn(rounds);
                    taken = claim(OTHER);
                }
                long revision = image("r").run().ownership().revision();
                apply(RunBatch.of("r", taken.get(0).epoch(), revision + 1)
                        .insert(Samples.queued("winner"))
                        .build());
                return revision;
            }
            long revision = 1;
            while (revision <= 200 && write(first, revision)) {
                applied.add(revision);
                revision++;
            }
            return revision - 1;
        });

        assertThat(applied).hasSize(counts.get(0).intValue());
        assertThat(counts.get(1)).as("what the winner found").isEqualTo(counts.get(0));
        assertThat(image("r").nodes()).hasSize(counts.get(0).intValue() + 1);
    }

    @Test
    void a_worker_that_was_away_learns_what_it_still_owns() {
        own("kept");
        own("lost");
        fixture.advance(PAST_LEASE);
        store.renew(OTHER, LEASE);
        assertThat(claim(OTHER)).hasSize(2);
        store.release(OTHER, List.of("kept"));
        fixture.advance(Duration.ofSeconds(1));
        List<Claim> again = claim(WORKER);

        assertThat(store.owned(WORKER)).containsExactlyElementsOf(again);
        assertThat(again).extracting(Claim::executionId).containsExactly("kept");
        assertThat(store.owned(OTHER)).extracting(Claim::executionId).containsExactly("lost");
        assertThat(store.owned("nobody")).isEmpty();
    }

    private boolean write(long epoch, long revision) {
        RunBatch batch = RunBatch.of("r", epoch, revision)
                .insert(Samples.queued("n" + revision))
                .build();
        return switch (fixture.anotherStore().apply(batch).outcome()) {
            case APPLIED -> true;
            case FENCED -> false;
            case REJECTED -> throw new AssertionError("rejected: " + batch);
        };
    }

    private static RunBatch batch(long epoch, long revision) {
        return RunBatch.of("r", epoch, revision)
                .insert(Samples.queued("node-" + revision))
                .build();
    }
}
