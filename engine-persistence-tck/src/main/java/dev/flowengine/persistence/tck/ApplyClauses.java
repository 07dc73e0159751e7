package dev.flowengine.persistence.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.Rejection.Reason;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.RunTrail;
import dev.flowengine.persistence.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code apply} promises of batches that are not fenced. */
abstract class ApplyClauses extends Clauses {

    ApplyClauses(Supplier<StoreFixture> opening) {
        super(opening);
    }

    @Test
    void everything_in_a_batch_is_there_afterwards() {
        long epoch = own(Samples.owned("r", WORKER).withNodes(List.of(Samples.queued("a"))));

        apply(RunBatch.of("r", epoch, 1)
                .state(Samples.RUNNING.with(Samples.error("out of stock")))
                .update(Samples.completed("a", "output of a"))
                .insert(Samples.queued("b"))
                .insert(Samples.queued("c"))
                .step(Samples.step("a", "charge"))
                .log(Samples.log("first"))
                .log(Samples.log("second"))
                .audit(Samples.audit("status-changed"))
                .build());

        RunImage image = image("r");
        assertThat(image.run().state()).isEqualTo(Samples.RUNNING.with(Samples.error("out of stock")));
        assertThat(image.run().ownership().revision()).isEqualTo(1);
        assertThat(image.nodes())
                .containsExactlyInAnyOrder(
                        Samples.completed("a", "output of a"), Samples.queued("b"), Samples.queued("c"));
        assertThat(image.steps()).containsExactly(Samples.step("a", "charge"));
        assertThat(store.trail("r"))
                .contains(new RunTrail(
                        List.of(Samples.log("first"), Samples.log("second")),
                        List.of(Samples.audit("status-changed"))));
    }

    @Test
    void what_is_not_in_a_batch_stays_as_it_is() {
        long epoch = own("r");
        apply(RunBatch.of("r", epoch, 1)
                .state(Samples.PAUSED)
                .insert(Samples.queued("a"))
                .step(Samples.step("a", "s"))
                .log(Samples.log("first"))
                .build());

        apply(RunBatch.of("r", epoch, 2).log(Samples.log("second")).build());

        assertThat(image("r").run().state()).isEqualTo(Samples.PAUSED);
        assertThat(image("r").nodes()).containsExactly(Samples.queued("a"));
        assertThat(image("r").steps()).hasSize(1);
        assertThat(store.trail("r").orElseThrow().logs()).containsExactly(Samples.log("first"), Samples.log("second"));
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(
                        Reason.DUPLICATE_NODE,
                        batch(2).insert(Samples.queued("ready")).build()),
                Arguments.of(
                        Reason.UNKNOWN_NODE,
                        batch(2).update(Samples.completed("nobody", "x")).build()),
                Arguments.of(
                        Reason.NODE_SETTLED,
                        batch(2).update(Samples.completed("done", "other")).build()),
                Arguments.of(
                        Reason.DUPLICATE_STEP,
                        batch(2).step(Samples.step("ready", "charge")).build()),
                Arguments.of(Reason.OUT_OF_ORDER, batch(3).build()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void a_refused_batch_leaves_no_trace_of_itself(Reason reason, RunBatch batch) {
        assertThat(prepare("r")).isEqualTo(1);
        RunImage before = image("r");
        RunTrail trail = store.trail("r").orElseThrow();

        rejected(reason, batch);

        assertThat(image("r"))
                .usingRecursiveComparison()
                .ignoringCollectionOrder()
                .isEqualTo(before);
        assertThat(store.trail("r")).contains(trail);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void a_refused_batch_does_not_harm_the_others(Reason reason, RunBatch batch) {
        assertThat(List.of(prepare("a"), prepare("r"), prepare("z"))).containsOnly(1L);
        RunImage before = image("r");

        List<BatchAnswer> answers = store.apply(List.of(
                RunBatch.of("a", 1, 2)
                        .insert(Samples.queued("next"))
                        .log(Samples.log("a"))
                        .build(),
                batch,
                RunBatch.of("nobody", 1, 1).build(),
                RunBatch.of("z", 1, 2).state(Samples.COMPLETED).build()));

        assertThat(answers).hasSize(4);
        assertThat(answers.get(0)).isEqualTo(BatchAnswer.applied());
        assertRejected(reason, answers.get(1));
        assertThat(answers.get(2)).isEqualTo(BatchAnswer.fenced());
        assertThat(answers.get(3)).isEqualTo(BatchAnswer.applied());
        assertThat(image("a").nodes()).contains(Samples.queued("next"));
        assertThat(store.trail("a").orElseThrow().logs()).hasSize(2);
        assertThat(image("r"))
                .usingRecursiveComparison()
                .ignoringCollectionOrder()
                .isEqualTo(before);
        assertThat(image("z").run().state()).isEqualTo(Samples.COMPLETED);
    }

    @Test
    void a_run_goes_on_after_a_refusal_where_it_was() {
        prepare("r");
        rejected(
                Reason.UNKNOWN_NODE,
                batch(2).update(Samples.completed("nobody", "x")).build());

        apply(batch(2).update(Samples.completed("ready", "x")).build());

        assertThat(image("r").nodes()).contains(Samples.completed("ready", "x"));
    }

    @Test
    void several_batches_of_a_run_are_applied_in_order() {
        prepare("r");

        List<BatchAnswer> answers = store.apply(List.of(
                batch(2).insert(Samples.queued("next")).build(),
                batch(3).update(Samples.completed("next", "x")).build(),
                batch(4).update(Samples.completed("next", "y")).build(),
                batch(5).insert(Samples.queued("never")).build()));

        assertThat(answers.subList(0, 2)).containsOnly(BatchAnswer.applied());
        assertRejected(Reason.NODE_SETTLED, answers.get(2));
        assertRejected(Reason.OUT_OF_ORDER, answers.get(3));
        assertThat(image("r").nodes()).contains(Samples.completed("next", "x")).doesNotContain(Samples.queued("never"));
        assertThat(ownership("r").revision()).isEqualTo(3);
    }

    @Test
    void a_repeated_batch_is_applied_once() {
        long epoch = own("r");
        store.post("r", Samples.signal("m"));
        RunBatch first = RunBatch.of("r", epoch, 1)
                .insert(Samples.queued("a"))
                .step(Samples.step("a", "s"))
                .log(Samples.log("once"))
                .audit(Samples.audit("once"))
                .consume("m")
                .build();
        RunBatch second =
                RunBatch.of("r", epoch, 2).update(Samples.completed("a", "x")).build();
        apply(first);
        apply(first);
        apply(second);

        assertThat(store.apply(List.of(first, second, second))).containsOnly(BatchAnswer.applied());

        assertThat(image("r").nodes()).containsExactly(Samples.completed("a", "x"));
        assertThat(image("r").steps()).hasSize(1);
        assertThat(store.trail("r"))
                .contains(new RunTrail(List.of(Samples.log("once")), List.of(Samples.audit("once"))));
        assertThat(ownership("r").revision()).isEqualTo(2);
    }

    @Test
    void the_last_batch_of_a_run_can_be_repeated_whether_it_ends_the_run_or_hands_it_back() {
        for (Standing standing : List.of(Standing.claimable(), Standing.due(store.now()), Standing.dormant("why"))) {
            String id = "r-" + standing.getClass().getSimpleName();
            RunBatch last = RunBatch.of(id, own(id), 1).standing(standing).build();
            apply(last);
            apply(last);
            assertThat(ownership(id).standing()).isEqualTo(standing);
        }
        RunBatch end = RunBatch.of("ends", own("ends"), 1)
                .state(Samples.COMPLETED)
                .log(Samples.log("bye"))
                .build();
        apply(end);
        apply(end);

        assertThat(image("ends").run().state()).isEqualTo(Samples.COMPLETED);
        assertThat(store.trail("ends").orElseThrow().logs()).hasSize(1);
    }

    @Test
    void nothing_is_applied_of_nothing() {
        assertThat(store.apply(List.of())).isEmpty();
    }

    @Test
    void a_reader_never_sees_half_a_batch() throws Exception {
        long epoch = own("r");
        int rounds = 40;
        CyclicBarrier round = new CyclicBarrier(2);
        List<RunImage> seen = new ArrayList<>();

        Together.run(2, thread -> {
            try {
                for (int i = 1; i <= rounds; i++) {
                    round.await();
                    if (thread == 0) {
                        apply(pair(epoch, i));
                    } else {
                        seen.add(fixture.anotherStore().load("r").orElseThrow());
                    }
                }
            } finally {
                // Lets the other thread go if this one has failed.
                round.reset();
            }
            return thread;
        });

        assertThat(seen).hasSize(rounds).allSatisfy(image -> {
            int revision = (int) image.run().ownership().revision();
            assertThat(image.nodes()).hasSize(revision * 2);
            assertThat(image.steps()).hasSize(revision);
        });
    }

    private static RunBatch pair(long epoch, int revision) {
        return RunBatch.of("r", epoch, revision)
                .insert(Samples.queued("left-" + revision))
                .step(Samples.step("n", "step-" + revision))
                .insert(Samples.queued("right-" + revision))
                .build();
    }

    /** A run with a node that is ready, one that is done, and a step; its revision is 1. */
    private long prepare(String id) {
        long epoch = own(id);
        apply(RunBatch.of(id, epoch, 1)
                .insert(Samples.queued("ready"))
                .insert(Samples.completed("done", "x"))
                .step(Samples.step("ready", "charge"))
                .log(Samples.log("prepared"))
                .build());
        return ownership(id).revision();
    }

    /** A batch for the run "r" with something of everything in it, to be refused for what is added. */
    private static RunBatch.Builder batch(long revision) {
        return RunBatch.of("r", 1, revision)
                .state(Samples.PAUSED)
                .insert(Samples.queued("new-" + revision))
                .step(Samples.step("new", "step-" + revision))
                .log(Samples.log("refused"))
                .audit(Samples.audit("refused"));
    }
}
