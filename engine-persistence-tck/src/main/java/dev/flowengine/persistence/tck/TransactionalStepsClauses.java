package dev.flowengine.persistence.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.flowengine.persistence.ClaimRequest;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.StepRecord;
import dev.flowengine.persistence.StoreException;
import dev.flowengine.persistence.TransactionalSteps;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link TransactionalSteps} promise, if the store has them and the fixture says what work is done with. */
abstract class TransactionalStepsClauses extends Clauses {
    private TransactionalSteps steps;
    private HostWork<?> host;
    private final AtomicInteger calls = new AtomicInteger();

    TransactionalStepsClauses(Supplier<StoreFixture> opening) {
        super(opening);
    }

    @BeforeEach
    void findAbility() {
        steps = store.capability(TransactionalSteps.class)
                .orElseGet(() -> abort("the store has no transactions for hosts"));
        host = fixture.hostWork()
                .orElseThrow(() -> new AssertionError(
                        "the store has TransactionalSteps, and its fixture no hostWork() to try them with"));
    }

    @Test
    void what_is_offered_is_taken_and_nothing_else() throws Exception {
        own("r");
        assertThat(steps.offers(host.resource())).isTrue();
        assertThat(steps.offers(TransactionalStepsClauses.class)).isFalse();
        assertThatThrownBy(() ->
                        steps.record("r", 1, TransactionalStepsClauses.class, resource -> Samples.step("n", "charge")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(image("r").steps()).isEmpty();
    }

    @Test
    void work_and_step_are_committed_together() throws Exception {
        long epoch = own("r");
        StepRecord step = Samples.step("n", "charge");

        assertThat(doStep(host, "r", epoch, "done", step)).isTrue();

        assertThat(host.done()).containsExactly("done");
        assertThat(image("r").steps()).containsExactly(step);
        assertThat(calls).hasValue(1);
        apply(RunBatch.of("r", epoch, 1).step(Samples.step("n", "next")).build());
        assertThat(image("r").steps()).hasSize(2);
    }

    @Test
    void work_that_throws_leaves_nothing() {
        long epoch = own("r");

        Exception planned = new Exception("planned");

        assertThatThrownBy(() -> failing(host, epoch, planned)).isSameAs(planned);

        assertThat(host.done()).isEmpty();
        assertThat(image("r").steps()).isEmpty();
    }

    @Test
    void who_does_not_own_the_run_commits_nothing() throws Exception {
        long epoch = own("r");
        long ended = own("ended");
        end("ended", ended);
        own("released");
        store.release(WORKER, List.of("released"));

        StepRecord step = Samples.step("n", "charge");
        assertThat(doStep(host, "r", epoch + 1, "zombie", step)).isFalse();
        assertThat(doStep(host, "ended", ended, "late", step)).isFalse();
        assertThat(doStep(host, "released", 1, "late", step)).isFalse();
        assertThat(doStep(host, "nobody", 1, "late", step)).isFalse();

        assertThat(host.done()).isEmpty();
        assertThat(image("r").steps()).isEmpty();
    }

    @Test
    void who_loses_the_run_while_the_work_is_done_commits_nothing() throws Exception {
        long epoch = own("r");

        assertThat(losing(host, epoch)).isFalse();

        assertThat(host.done()).isEmpty();
        assertThat(image("r").steps()).isEmpty();
        assertThat(ownership("r").epoch()).isEqualTo(epoch + 1);
    }

    @Test
    void a_step_that_is_there_undoes_the_work() throws Exception {
        long epoch = own("r");
        StepRecord step = Samples.step("n", "charge");
        assertThat(doStep(host, "r", epoch, "first", step)).isTrue();

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> doStep(host, "r", epoch, "second", step))
                .satisfies(refused -> assertThat(refused.isInDoubt()).isFalse());

        assertThat(host.done()).containsExactly("first");
        assertThat(image("r").steps()).containsExactly(step);
    }

    @Test
    void a_text_that_cannot_be_kept_undoes_the_work() throws Exception {
        long epoch = own("r");
        StepRecord hostile = Samples.step("n", "\ud800");

        boolean kept = isKept(() -> doStep(host, "r", epoch, "done", hostile));

        assertThat(image("r").steps()).isEqualTo(kept ? List.of(hostile) : List.of());
        assertThat(host.done()).isEqualTo(kept ? List.of("done") : List.of());
    }

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {2, 8})
    void of_those_who_do_one_step_at_once_one_commits(int threads) throws Exception {
        long epoch = own("r");
        for (int round = 0; round < 5; round++) {
            StepRecord step = Samples.step("n", "round " + round);
            String line = "line " + round;
            List<Boolean> answers = Together.run(threads, thread -> isKept(() -> doStep(host, "r", epoch, line, step)));
            assertThat(answers).containsOnlyOnce(true);
            assertThat(host.done()).containsOnlyOnce(line);
        }
        assertThat(image("r").steps()).hasSize(5);
    }

    private static boolean isKept(Callable<Boolean> step) throws Exception {
        try {
            return step.call();
        } catch (StoreException refused) {
            return false;
        }
    }

    private <C> boolean doStep(HostWork<C> work, String id, long epoch, String line, StepRecord step) throws Exception {
        return steps.record(id, epoch, work.resource(), resource -> {
            calls.incrementAndGet();
            work.add(resource, line);
            return step;
        });
    }

    private <C> boolean failing(HostWork<C> work, long epoch, Exception failure) throws Exception {
        return steps.record("r", epoch, work.resource(), resource -> {
            work.add(resource, "undone");
            throw failure;
        });
    }

    private <C> boolean losing(HostWork<C> work, long epoch) throws Exception {
        return steps.record("r", epoch, work.resource(), resource -> {
            work.add(resource, "undone");
            // Nothing of the run is touched before the work is done, so nobody waits for it.
            fixture.anotherStore().retire(WORKER);
            fixture.anotherStore().renew(OTHER, LEASE);
            assertThat(fixture.anotherStore().claim(new ClaimRequest(OTHER, Set.of(Samples.FLOW), 100)))
                    .hasSize(1);
            return Samples.step("n", "charge");
        });
    }
}
