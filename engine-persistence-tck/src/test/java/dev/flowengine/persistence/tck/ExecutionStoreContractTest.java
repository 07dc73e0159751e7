package dev.flowengine.persistence.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.RunQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

@DisplayName("the contract finds the store that breaks it")
class ExecutionStoreContractTest {
    private static UnaryOperator<ExecutionStore> breaking = store -> store;

    static Stream<Arguments> brokenStores() {
        return Stream.of(writes(), messagesAndKeys(), ownership(), reads(), abilities())
                .flatMap(stores -> stores);
    }

    private static Stream<Arguments> writes() {
        return Stream.of(
                broken(
                        "a_refused_batch_leaves_no_trace_of_itself",
                        ExecutionStoreContract.Apply.class,
                        store -> BrokenStores.applying(store, BrokenStores::keepsHalfOfWhatItRefuses)),
                broken(
                        "a_refused_batch_does_not_harm_the_others",
                        ExecutionStoreContract.Apply.class,
                        BrokenStores::refusesAllAfterOne),
                broken(
                        "a_repeated_batch_is_applied_once",
                        ExecutionStoreContract.Apply.class,
                        store -> BrokenStores.applying(store, BrokenStores::fencesRepetitions)),
                broken(
                        "a_refused_batch_leaves_no_trace_of_itself",
                        ExecutionStoreContract.Apply.class,
                        store -> BrokenStores.applying(store, BrokenStores::ignoresOrder)),
                broken(
                        "the_first_result_stays",
                        ExecutionStoreContract.Steps.class,
                        store -> BrokenStores.applying(store, BrokenStores::skipsStepsItHas)),
                broken(
                        "hostile_text_of_a_batch_is_kept_or_refused",
                        ExecutionStoreContract.Texts.class,
                        store -> BrokenStores.applying(store, BrokenStores::cleansTexts)),
                broken(
                        "payloads_of_any_bytes_are_kept",
                        ExecutionStoreContract.Values.class,
                        store -> BrokenStores.applying(store, BrokenStores::cutsPayloads)));
    }

    private static Stream<Arguments> messagesAndKeys() {
        return Stream.of(
                broken(
                        "a_key_is_taken_as_long_as_its_run_is_kept",
                        ExecutionStoreContract.Create.class,
                        BrokenStores::forgetsKeys),
                broken(
                        "of_those_who_start_with_one_key_at_once_one_creates",
                        ExecutionStoreContract.Create.class,
                        BrokenStores::hidesWhatIsThere),
                broken(
                        "a_run_that_has_ended_never_changes_again",
                        ExecutionStoreContract.Terminal.class,
                        BrokenStores::takesMessagesForRunsThatEnded),
                broken(
                        "an_id_is_not_posted_again_after_the_message_was_acted_upon",
                        ExecutionStoreContract.Messages.class,
                        BrokenStores::postsAgainWhatWasActedUpon),
                broken(
                        "messages_come_in_the_order_they_were_posted",
                        ExecutionStoreContract.Messages.class,
                        BrokenStores::turnsMessagesAround),
                broken(
                        "no_message_is_lost_that_arrives_while_its_run_goes_to_sleep",
                        ExecutionStoreContract.Messages.class,
                        store -> BrokenStores.applying(store, BrokenStores::losesMessagesOfWhatFallsAsleep)));
    }

    private static Stream<Arguments> ownership() {
        return Stream.of(
                broken(
                        "who_lost_a_run_writes_nothing_more",
                        ExecutionStoreContract.Fencing.class,
                        store -> BrokenStores.applying(store, BrokenStores::ignoresEpochs)),
                broken(
                        "only_runs_of_known_editions_are_handed_out",
                        ExecutionStoreContract.Claims.class,
                        BrokenStores::claimsWhatTheWorkerDoesNotKnow),
                broken(
                        "each_run_is_handed_to_one_of_many_workers",
                        ExecutionStoreContract.Claims.class,
                        BrokenStores::handsOutTwice),
                broken(
                        "taking_over_counts_tries_and_progress_forgets_them",
                        ExecutionStoreContract.Claims.class,
                        BrokenStores::forgetsTries),
                broken(
                        "released_runs_can_be_claimed_at_once_and_others_stay_where_they_are",
                        ExecutionStoreContract.Claims.class,
                        BrokenHistories::releasesNothing),
                broken(
                        "runs_are_taken_over_when_the_lease_has_passed_and_not_before",
                        ExecutionStoreContract.Leases.class,
                        BrokenHistories::leasesForEver),
                broken(
                        "the_first_renewal_and_every_late_one_tell_that_there_was_no_lease",
                        ExecutionStoreContract.Leases.class,
                        BrokenHistories::hidesLapses),
                broken(
                        "a_worker_that_retires_hands_back_all_its_runs_and_only_those",
                        ExecutionStoreContract.Leases.class,
                        BrokenHistories::retiresWithItsRuns),
                broken(
                        "the_owner_learns_of_messages_from_its_heartbeat_until_it_has_acted_upon_them",
                        ExecutionStoreContract.Messages.class,
                        BrokenHistories::hidesMessages));
    }

    private static Stream<Arguments> reads() {
        return Stream.of(
                broken(
                        "everything_in_a_batch_is_there_afterwards",
                        ExecutionStoreContract.Apply.class,
                        BrokenStores::turnsTrailsAround),
                broken(
                        "a_reader_never_sees_half_a_batch",
                        ExecutionStoreContract.Apply.class,
                        BrokenStores::tearsReadsApart),
                broken(
                        "pages_make_up_the_whole_list",
                        ExecutionStoreContract.Queries.class,
                        store -> BrokenHistories.querying(store, BrokenHistories::forgetsIdsOfPlaces)),
                broken(
                        "pages_stay_where_they_are_while_runs_arrive",
                        ExecutionStoreContract.Queries.class,
                        BrokenHistories::pagesByCounting),
                broken(
                        "filters_narrow_the_list_and_its_pages",
                        ExecutionStoreContract.Queries.class,
                        store -> BrokenHistories.querying(store, BrokenHistories::ignoresUsers)),
                broken(
                        "there_is_a_next_page_exactly_if_there_are_more",
                        ExecutionStoreContract.Queries.class,
                        store -> BrokenHistories.querying(store, query -> RunQuery.all(query.limit() + 1))),
                broken(
                        "bounded_calls_always_progress_and_the_oldest_go_first",
                        ExecutionStoreContract.Purging.class,
                        store -> BrokenHistories.purging(store, BrokenHistories::withoutLimit)),
                broken(
                        "a_run_stays_until_the_node_that_started_it_has_settled",
                        ExecutionStoreContract.Purging.class,
                        BrokenHistories::forgetsParents),
                broken(
                        "runs_go_by_age_those_before_the_instant_and_not_the_one_at_it",
                        ExecutionStoreContract.Purging.class,
                        store -> BrokenHistories.purging(store, BrokenHistories::byCountOnly)));
    }

    private static Stream<Arguments> abilities() {
        return Stream.of(
                broken(
                        "the_first_structure_of_an_edition_stays_and_is_told",
                        ExecutionStoreContract.Flows.class,
                        BrokenStores::keepsTheLastStructure),
                broken(
                        "of_those_who_set_a_mark_at_once_one_succeeds",
                        ExecutionStoreContract.Marks.class,
                        store -> BrokenHistories.with(store, BrokenHistories.marksAgain())),
                broken(
                        "what_died_holds_nothing_up",
                        ExecutionStoreContract.Counting.class,
                        store -> BrokenHistories.with(store, BrokenHistories.countsTheDead(store))),
                broken(
                        "a_value_is_read_no_longer_than_it_was_put_for",
                        ExecutionStoreContract.Caching.class,
                        store -> BrokenHistories.with(store, BrokenHistories.cachesForEver(store))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenStores")
    void by_the_sentence_that_is_broken(String sentence, Class<?> part, UnaryOperator<ExecutionStore> how) {
        breaking = how;
        List<String> failed = failuresOf(part);

        assertThat(failed).as("sentences that failed").contains(sentence);
    }

    private static Arguments broken(String sentence, Class<?> part, UnaryOperator<ExecutionStore> how) {
        return Arguments.of(sentence, part, how);
    }

    private static List<String> failuresOf(Class<?> part) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectNestedClass(List.of(BrokenStoreContract.class), part))
                .build();
        List<String> failed = new ArrayList<>();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest() && result.getStatus() == TestExecutionResult.Status.FAILED) {
                    failed.add(sentenceOf(test));
                }
            }
        });
        return failed;
    }

    /** Name of the method, also of one invocation of many. */
    private static String sentenceOf(TestIdentifier test) {
        return test.getUniqueIdObject().getSegments().stream()
                .map(segment -> segment.getValue())
                .filter(value -> value.contains("("))
                .map(value -> value.substring(0, value.indexOf('(')))
                .findFirst()
                .orElse(test.getDisplayName());
    }

    /** The contract of a store that was broken; run by the tests above only. */
    static class BrokenStoreContract extends ExecutionStoreContract {

        @Override
        protected StoreFixture open() {
            return new InMemoryFixture(breaking);
        }
    }
}
