package dev.flowengine.persistence.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.model.Iteration;
import dev.flowengine.persistence.Rejection.Reason;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.StepKey;
import dev.flowengine.persistence.StepRecord;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What recorded steps promise: a result that is there once, and for good. */
abstract class StepClauses extends Clauses {

    StepClauses(Supplier<StoreFixture> opening) {
        super(opening);
    }

    @Test
    void a_step_is_known_by_node_iteration_and_name() {
        long epoch = own("r");
        own("other");
        List<StepRecord> steps = Stream.of(
                        new StepKey("n", Iteration.NONE, "charge"),
                        new StepKey("n", Iteration.NONE, "refund"),
                        new StepKey("m", Iteration.NONE, "charge"),
                        new StepKey("n", new Iteration(List.of(1)), "charge"),
                        new StepKey("n", new Iteration(List.of(1, 1)), "charge"),
                        new StepKey("", Iteration.NONE, "signal approval"))
                .map(key -> new StepRecord(key, Samples.payload("" + key), Samples.NOON))
                .toList();
        RunBatch.Builder batch = RunBatch.of("r", epoch, 1);
        steps.forEach(batch::step);

        apply(batch.build());
        apply(RunBatch.of("other", 1, 1).step(steps.get(0)).build());

        assertThat(image("r").steps()).containsExactlyInAnyOrderElementsOf(steps);
        assertThat(image("other").steps()).containsExactly(steps.get(0));
    }

    @Test
    void the_first_result_stays() {
        long epoch = own("r");
        StepRecord first = Samples.step("n", "charge");
        apply(RunBatch.of("r", epoch, 1).step(first).build());

        StepRecord second = new StepRecord(first.key(), Samples.payload("other"), Samples.NOON);
        rejected(Reason.DUPLICATE_STEP, RunBatch.of("r", epoch, 2).step(second).build());

        assertThat(image("r").steps()).containsExactly(first);
    }

    @Test
    void a_result_is_recorded_only_under_the_epoch_of_the_run() {
        long epoch = own("r");

        fenced(RunBatch.of("r", epoch + 1, 1).step(Samples.step("n", "charge")).build());

        assertThat(image("r").steps()).isEmpty();
    }

    @Test
    void a_result_is_there_for_who_takes_the_run_over() {
        long epoch = own("r");
        apply(RunBatch.of("r", epoch, 1).step(Samples.step("n", "charge")).build());
        store.retire(WORKER);
        long next = claim(OTHER).get(0).epoch();

        assertThat(image("r").steps()).containsExactly(Samples.step("n", "charge"));
        rejected(
                Reason.DUPLICATE_STEP,
                RunBatch.of("r", next, 2).step(Samples.step("n", "charge")).build());
    }
}
