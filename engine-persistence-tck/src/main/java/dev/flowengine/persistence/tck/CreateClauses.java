package dev.flowengine.persistence.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.persistence.CreateAnswer;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.Ownership;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.RunInput;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.Standing;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code create} promises. */
abstract class CreateClauses extends Clauses {

    CreateClauses(Supplier<StoreFixture> opening) {
        super(opening);
    }

    @Test
    void a_run_reads_back_as_it_was_created() {
        RunInput input = new RunInput(Optional.of(Samples.payload("data")), Optional.of(Samples.payload("options")));
        NewRun run = NewRun.owned(Samples.fullHeader("r"), input, Samples.RUNNING, WORKER)
                .withNodes(List.of(Samples.queued("check"), Samples.completed("placed", "x")))
                .withAudit(List.of(Samples.audit("started"), Samples.audit("admitted")));

        long epoch = own(run);

        RunImage image = image("r");
        assertThat(image.run())
                .isEqualTo(new RunRecord(
                        Samples.fullHeader("r"),
                        Samples.RUNNING,
                        new Ownership(Standing.owned(), Optional.of(WORKER), epoch, 0, 0)));
        assertThat(image.input()).isEqualTo(input);
        assertThat(image.nodes()).containsExactlyInAnyOrderElementsOf(run.nodes());
        assertThat(image.steps()).isEmpty();
        assertThat(image.messages()).isEmpty();
        assertThat(store.trail("r").orElseThrow().audit()).containsExactlyElementsOf(run.audit());
        assertThat(store.find("r")).contains(image.run());
    }

    @Test
    void a_run_with_as_little_as_possible_reads_back_too() {
        create(Samples.claimable("r"));

        assertThat(image("r").run().header()).isEqualTo(Samples.header("r"));
        assertThat(image("r").input()).isEqualTo(RunInput.NONE);
        assertThat(ownership("r")).isEqualTo(new Ownership(Standing.claimable(), Optional.empty(), 0, 0, 0));
    }

    @Test
    void an_owned_run_needs_no_claim() {
        long epoch = own("r");

        assertThat(epoch).isPositive();
        assertThat(claim(OTHER)).isEmpty();
        apply(RunBatch.of("r", epoch, 1).insert(Samples.queued("a")).build());
    }

    @Test
    void a_run_may_be_created_by_a_worker_without_a_lease_and_is_claimable_then() {
        long epoch = own(Samples.owned("r", "nobody"));

        apply(RunBatch.of("r", epoch, 1).insert(Samples.queued("a")).build());
        assertThat(claimedBy(OTHER)).containsExactly("r");
    }

    @Test
    void a_key_is_taken_as_long_as_its_run_is_kept() {
        long epoch = own(keyed("first", "1", "k"));

        assertIsThere("first", store.create(keyed("second", "1", "k")));
        end("first", epoch);
        assertIsThere("first", store.create(keyed("third", "1", "k")));

        assertThat(store.find(List.of("second", "third"))).isEmpty();
    }

    @Test
    void a_key_holds_for_all_versions_of_a_flow_and_for_no_other_flow() {
        own(keyed("first", "1", "k"));

        assertIsThere("first", store.create(keyed("second", "2", "k")));
        own(keyed("third", "1", "other"));
        RunHeader otherFlow = RunHeader.of("fourth", new FlowKey("bills", "1"), "placed", Samples.NOON)
                .key("k")
                .build();
        own(Samples.owned(otherFlow, WORKER));
    }

    @Test
    void a_repetition_finds_the_run_it_created_and_changes_nothing() {
        long epoch = own("r");
        apply(RunBatch.of("r", epoch, 1).insert(Samples.queued("a")).build());
        RunImage before = image("r");

        assertIsThere("r", store.create(Samples.owned("r", WORKER)));
        assertIsThere("r", store.create(Samples.owned("r", OTHER)));

        assertThat(image("r")).isEqualTo(before);
    }

    @Test
    void the_run_with_the_id_goes_before_the_one_with_the_key() {
        own(keyed("same-id", "1", "other"));
        own(keyed("same-key", "1", "k"));

        assertIsThere("same-id", store.create(keyed("same-id", "1", "k")));
    }

    @Test
    void the_run_that_is_there_is_told_as_it_is_now() {
        long epoch = own(Samples.owned(Samples.fullHeader("first"), WORKER));
        end("first", epoch);

        CreateAnswer answer = store.create(Samples.owned(Samples.fullHeader("second"), WORKER));

        assertThat(answer.existing()).isEqualTo(store.find("first"));
        assertThat(answer.existing().orElseThrow().state()).isEqualTo(Samples.COMPLETED);
    }

    @Test
    void each_of_many_runs_has_its_own_answer_and_the_first_with_a_key_wins() {
        own("there");

        List<CreateAnswer> answers = store.create(List.of(
                keyed("first", "1", "k"),
                Samples.owned("there", WORKER),
                keyed("second", "1", "k"),
                Samples.claimable("free")));

        assertThat(answers)
                .extracting(CreateAnswer::outcome)
                .containsExactly(
                        CreateAnswer.Outcome.CREATED,
                        CreateAnswer.Outcome.EXISTING,
                        CreateAnswer.Outcome.EXISTING,
                        CreateAnswer.Outcome.CREATED);
        assertIsThere("first", answers.get(2));
        assertThat(store.find("second")).isEmpty();
        assertThat(store.find(List.of("first", "there", "free"))).hasSize(3);
    }

    @Test
    void nothing_is_created_of_nothing() {
        assertThat(store.create(List.of())).isEmpty();
    }

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {2, 8})
    void of_those_who_start_with_one_key_at_once_one_creates(int threads) throws Exception {
        for (int round = 0; round < 20; round++) {
            String key = "round-" + round;
            List<CreateAnswer> answers =
                    Together.run(threads, thread -> side(thread).create(keyed(key + "-" + thread, "1", key)));

            assertThat(answers)
                    .filteredOn(answer -> answer.outcome() == CreateAnswer.Outcome.CREATED)
                    .as("created in %s", key)
                    .hasSize(1);
            assertThat(answers)
                    .filteredOn(answer -> answer.outcome() == CreateAnswer.Outcome.EXISTING)
                    .extracting(answer -> answer.existing().orElseThrow().executionId())
                    .hasSize(threads - 1)
                    .containsOnly(onlyRunOf(key, threads));
        }
    }

    private String onlyRunOf(String key, int threads) {
        List<String> ids = IntStream.range(0, threads)
                .mapToObj(thread -> key + "-" + thread)
                .toList();
        List<RunRecord> runs = store.find(ids);
        assertThat(runs).hasSize(1);
        return runs.get(0).executionId();
    }

    private static NewRun keyed(String id, String version, String key) {
        FlowKey flow = new FlowKey(Samples.FLOW.flowId(), version);
        return Samples.owned(
                RunHeader.of(id, flow, "placed", Samples.NOON).key(key).build(), WORKER);
    }

    private static void assertIsThere(String id, CreateAnswer answer) {
        assertThat(answer.existing().map(RunRecord::executionId))
                .as("%s", answer)
                .contains(id);
    }
}
