package dev.flowengine.persistence.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.Iteration;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.NodeRun;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.RunInput;
import dev.flowengine.persistence.RunPage;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code query} promises. */
abstract class QueryClauses extends Clauses {
    private static final int ALL = 1_000;

    QueryClauses(Supplier<StoreFixture> opening) {
        super(opening);
    }

    @Test
    void runs_come_newest_first_and_the_greatest_id_first_among_equals() {
        add("b", 0);
        add("d", 10);
        add("c", 0);
        add("a", 5);
        add("e", -5);

        assertThat(ids(RunQuery.all(ALL))).containsExactly("d", "a", "c", "b", "e");
    }

    @Test
    void a_run_is_listed_as_it_is_found() {
        RunInput input = new RunInput(Optional.of(Samples.payload("large")), Optional.empty());
        own(NewRun.owned(Samples.fullHeader("r"), input, Samples.RUNNING, WORKER));
        end("r", 1);

        assertThat(store.query(RunQuery.all(ALL)).runs()).isEqualTo(store.find(List.of("r")));
    }

    @Test
    void there_is_a_next_page_exactly_if_there_are_more() {
        assertThat(store.query(RunQuery.all(3)).next()).isEmpty();
        for (int i = 0; i < 3; i++) {
            add("r" + i, i);
        }

        assertThat(store.query(RunQuery.all(4)).next()).isEmpty();
        assertThat(store.query(RunQuery.all(3)).next()).isEmpty();
        RunPage page = store.query(RunQuery.all(2));
        assertThat(page.next()).contains(new RunQuery.Position(Samples.NOON.plusSeconds(1), "r1"));
        RunPage last = store.query(RunQuery.all(2).after(page.next().orElseThrow()));
        assertThat(last.runs()).extracting(RunRecord::executionId).containsExactly("r0");
        assertThat(last.next()).isEmpty();
    }

    @ParameterizedTest(name = "{0} on a page")
    @ValueSource(ints = {1, 2, 3, 7, 100})
    void pages_make_up_the_whole_list(int limit) {
        for (int i = 0; i < 20; i++) {
            add(i % 5 + "-" + i, i % 3);
        }

        assertThat(allPages(RunQuery.all(limit))).hasSize(20).isEqualTo(ids(RunQuery.all(ALL)));
    }

    @Test
    void pages_stay_where_they_are_while_runs_arrive() {
        for (int i = 0; i < 12; i++) {
            add("r" + i, i / 2);
        }
        List<String> before = ids(RunQuery.all(ALL));
        List<String> paged = new ArrayList<>();
        Optional<RunQuery.Position> place = Optional.empty();
        int arrived = 0;
        do {
            RunPage page = store.query(place.map(RunQuery.all(3)::after).orElse(RunQuery.all(3)));
            page.runs().forEach(run -> paged.add(run.executionId()));
            place = page.next();
            // Newer than everything, and as new as the place reached, but before it.
            add("new-" + arrived, 1_000 + arrived);
            place.ifPresent(reached ->
                    own(Samples.owned(at("zz" + reached.executionId(), Samples.FLOW, reached.createdAt()), WORKER)));
            goOn(arrived++ * 100);
        } while (place.isPresent());

        assertThat(paged).isEqualTo(before);
    }

    @Test
    void a_place_may_be_that_of_a_run_that_is_gone() {
        add("a", 0);
        add("b", 2);

        assertThat(ids(RunQuery.all(ALL).after(new RunQuery.Position(Samples.NOON.plusSeconds(1), "gone"))))
                .containsExactly("a");
    }

    static Stream<Arguments> filters() {
        RunQuery all = RunQuery.all(ALL);
        Instant noon = Samples.NOON;
        return Stream.of(
                Arguments.of("all", all, List.of("r5", "r4", "r3", "r2", "r1", "r0")),
                Arguments.of("flow", all.flow("orders"), List.of("r5", "r1", "r0")),
                Arguments.of("no such flow", all.flow("order"), List.of()),
                Arguments.of("status", all.status(Set.of(ExecutionStatus.COMPLETED)), List.of("r3", "r1")),
                Arguments.of(
                        "statuses",
                        all.status(Set.of(ExecutionStatus.COMPLETED, ExecutionStatus.PAUSED)),
                        List.of("r5", "r3", "r1")),
                Arguments.of("trigger", all.startedFrom("placed"), List.of("r4", "r2", "r0")),
                Arguments.of("user", all.user("anna"), List.of("r3", "r0")),
                Arguments.of("redrives of a run", all.redriveOf("r0"), List.of("r3", "r1")),
                Arguments.of("redrives of a run, of a user", all.redriveOf("r0").user("anna"), List.of("r3")),
                Arguments.of("redrives of a run that has none", all.redriveOf("r1"), List.of()),
                Arguments.of("parent", all.childrenOf("r0"), List.of("r4", "r2")),
                Arguments.of("a parent without children", all.childrenOf("r2"), List.of()),
                Arguments.of("parent and flow", all.childrenOf("r0").flow("bills"), List.of("r2")),
                Arguments.of(
                        "time, with its beginning and without its end",
                        all.between(noon.plusSeconds(1), noon.plusSeconds(4)),
                        List.of("r3", "r2", "r1")),
                Arguments.of("no time", all.between(noon.plusSeconds(2), noon.plusSeconds(2)), List.of()),
                Arguments.of(
                        "all together",
                        all.flow("orders")
                                .status(Set.of(ExecutionStatus.RUNNING, ExecutionStatus.FAILED))
                                .startedFrom("placed")
                                .user("anna")
                                .between(noon, noon.plusSeconds(1)),
                        List.of("r0")),
                Arguments.of(
                        "two that exclude each other",
                        all.flow("bills").user("anna").startedFrom("placed"),
                        List.of()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("filters")
    void filters_narrow_the_list_and_its_pages(String name, RunQuery query, List<String> expected) {
        run(0, "orders", "placed", "anna", ExecutionStatus.RUNNING);
        run(1, "orders", "resent", "bob", ExecutionStatus.COMPLETED);
        run(2, "bills", "placed", "bob", ExecutionStatus.FAILED);
        run(3, "bills", "resent", "anna", ExecutionStatus.COMPLETED);
        run(4, "Orders", "placed", "Anna", ExecutionStatus.CANCELLED);
        run(5, "orders", "node", null, ExecutionStatus.PAUSED);

        assertThat(ids(query)).as(name).isEqualTo(expected);
        RunQuery one = new RunQuery(
                query.flowId(),
                query.statuses(),
                query.startNode(),
                query.userId(),
                query.redriveOf(),
                query.parentId(),
                query.from(),
                query.to(),
                query.after(),
                1);
        assertThat(allPages(one)).as(name).isEqualTo(expected);
    }

    @Test
    void nobody_misses_a_run_by_paging_while_others_write() throws Exception {
        for (int i = 0; i < 40; i++) {
            add("r" + i, i);
        }
        List<String> before = ids(RunQuery.all(ALL));

        List<List<String>> lists = Together.run(3, thread -> {
            if (thread < 2) {
                return allPages(RunQuery.all(3)).stream()
                        .filter(id -> !id.startsWith("new"))
                        .toList();
            }
            for (int i = 0; i < 40; i++) {
                add("new" + i, 100 + i);
                end("r" + i, 1);
            }
            return before;
        });

        assertThat(lists).containsOnly(before);
    }

    private void add(String id, int seconds) {
        own(Samples.owned(at(id, Samples.FLOW, Samples.NOON.plusSeconds(seconds)), WORKER));
    }

    private static RunHeader at(String id, FlowKey flow, Instant createdAt) {
        return RunHeader.of(id, flow, "placed", createdAt).build();
    }

    private void run(int number, String flow, String start, @Nullable String user, ExecutionStatus status) {
        Instant createdAt = Samples.NOON.plusSeconds(number);
        RunHeader header = RunHeader.of("r" + number, new FlowKey(flow, "" + number), start, createdAt)
                .userId(user)
                .redriveOf(number == 1 || number == 3 ? "r0" : null)
                .parent(number == 2 || number == 4 ? new NodeRun("r0", "node", Iteration.NONE) : null)
                .build();
        own(Samples.owned(header, WORKER));
        if (status == ExecutionStatus.PAUSED) {
            apply(RunBatch.of("r" + number, 1, 1).state(Samples.PAUSED).build());
        } else if (status.isTerminal()) {
            apply(RunBatch.of("r" + number, 1, 1)
                    .state(Samples.RUNNING.ended(status, createdAt))
                    .build());
        }
    }

    private List<String> ids(RunQuery query) {
        return store.query(query).runs().stream().map(RunRecord::executionId).toList();
    }

    private List<String> allPages(RunQuery query) {
        List<String> ids = new ArrayList<>();
        RunPage page = store.query(query);
        while (true) {
            goOn(ids.size());
            page.runs().forEach(run -> ids.add(run.executionId()));
            if (page.next().isEmpty()) {
                return ids;
            }
            page = store.query(query.after(page.next().get()));
        }
    }
}
