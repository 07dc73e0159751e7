package dev.flowengine.redrive;

import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSummary;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.HistoryPage;
import dev.flowengine.execution.HistoryQuery;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.plan.Start;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.Threads;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The list of executions. */
class HistoryTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Bodies bodies = new Bodies();
    private final VirtualTime time = new VirtualTime();
    private final CompletableFuture<String> released = new CompletableFuture<>();
    private final FlowEngine engine = time.in(Engines.builder()).build();

    @AfterEach
    void close() {
        released.complete("over");
        engine.close();
    }

    @Test
    @DisplayName("S45 a list shows of an execution what it is, where and when it began, and how it stands")
    void a_list_shows_what_an_execution_is() {
        Instant begin = time.instant();
        RunOptions options = RunOptions.builder().userId("ann").build();
        bodies.breakDown("n");
        ExecutionResult failed =
                Runs.ended(engine.executeFromNode(plain("b", "7"), "n", PortValues.of("main", 1), options));
        bodies.mend();
        time.advance(SECOND);
        ExecutionResult again = Runs.ended(engine.redrive(failed.executionId()).start());
        time.advance(SECOND);
        FlowExecution open = running(engine.executeFromTrigger(waiting("a"), "t", "go"));

        assertThat(engine.history(HistoryQuery.all()).executions())
                .containsExactly(
                        new ExecutionSummary(
                                open.id(),
                                "a",
                                "1",
                                Start.trigger("t"),
                                ExecutionStatus.RUNNING,
                                Optional.empty(),
                                begin.plusSeconds(2),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        summaryOfB(again, ExecutionStatus.COMPLETED, begin.plusSeconds(1), failed.executionId()),
                        summaryOfB(failed, ExecutionStatus.FAILED, begin, null));
    }

    @Test
    @DisplayName("S45 filters by flow, status, start, user and time, each alone and together")
    void filters_narrow_the_list() {
        Instant begin = time.instant();
        RunOptions ann = RunOptions.builder().userId("ann").build();
        String first = end(engine.executeFromTrigger(plain("a", "1"), "t", "go", ann));
        time.advance(SECOND);
        bodies.breakDown("n");
        String second = end(engine.executeFromTrigger(plain("b", "1"), "t", "go", ann));
        time.advance(SECOND);
        bodies.mend();
        String third =
                end(engine.executeFromNode(plain("b", "2"), "n", PortValues.of("main", 1), RunOptions.ofDefaults()));
        time.advance(SECOND);
        FlowExecution open = running(engine.executeFromTrigger(waiting("a"), "t", "go"));
        String fourth = open.id();
        HistoryQuery all = HistoryQuery.all();

        assertThat(ids(all)).containsExactly(fourth, third, second, first);
        assertThat(ids(all.flow("a"))).containsExactly(fourth, first);
        assertThat(ids(all.flow("unknown"))).isEmpty();
        assertThat(ids(all.status(ExecutionStatus.COMPLETED))).containsExactly(third, first);
        assertThat(ids(all.status(ExecutionStatus.FAILED, ExecutionStatus.PARTIAL)))
                .containsExactly(second);
        assertThat(ids(all.status(ExecutionStatus.RUNNING))).containsExactly(fourth);
        assertThat(ids(all.startedFrom("t"))).containsExactly(fourth, second, first);
        assertThat(ids(all.startedFrom("n"))).containsExactly(third);
        assertThat(ids(all.user("ann"))).containsExactly(second, first);
        assertThat(ids(all.user("bob"))).isEmpty();
        assertThat(ids(all.between(begin.plusSeconds(1), begin.plusSeconds(3)))).containsExactly(third, second);
        assertThat(ids(all.between(begin, begin))).isEmpty();
        assertThat(ids(all.flow("b").user("ann").status(ExecutionStatus.FAILED).startedFrom("t")))
                .containsExactly(second);
        assertThat(ids(all.flow("a").status(ExecutionStatus.COMPLETED).between(begin.plusSeconds(1), Instant.MAX)))
                .isEmpty();
        assertThat(ids(all.flow("a").flow("b").limit(1))).containsExactly(third);
        assertThat(ids(all)).as("a query does not change").hasSize(4);
    }

    @Test
    @DisplayName("S45 an execution that goes on is listed once, before and after it ends")
    void an_execution_is_listed_once_before_and_after_it_ends() {
        FlowExecution run = engine.executeFromTrigger(waiting("w"), "t", "go");
        List<ExecutionSummary> before = engine.history(HistoryQuery.all()).executions();
        time.advance(SECOND);
        released.complete("over");
        Runs.ended(run);
        List<ExecutionSummary> after = engine.history(HistoryQuery.all()).executions();

        assertThat(before).singleElement().satisfies(summary -> {
            assertThat(summary.status().isTerminal()).isFalse();
            assertThat(summary.endedAt()).isEmpty();
        });
        assertThat(after).singleElement().satisfies(summary -> {
            assertThat(summary.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(summary.endedAt()).contains(time.instant());
            assertThat(summary.startedAt()).isEqualTo(before.get(0).startedAt());
        });
    }

    @Test
    @DisplayName("S45 of executions admitted at the same instant the one with the greater id comes first, on all pages")
    void ties_are_ordered_by_id() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            ids.add(end(engine.executeFromTrigger(plain("f", "1"), "t", i)));
        }
        ids.sort(Comparator.reverseOrder());

        assertThat(ids(HistoryQuery.all())).isEqualTo(ids);
        List<List<String>> pages = pages(HistoryQuery.all().limit(3));
        assertThat(pages).extracting(List::size).containsExactly(3, 3, 3, 2);
        assertThat(pages.stream().flatMap(List::stream)).containsExactlyElementsOf(ids);
    }

    @Test
    @DisplayName("S45 a page that holds the last execution has no next one")
    void the_last_page_has_no_next_one() {
        for (int i = 0; i < 4; i++) {
            end(engine.executeFromTrigger(plain("f", "1"), "t", i));
        }
        HistoryQuery query = HistoryQuery.all();

        assertThat(engine.history(query.limit(4)).next()).isEmpty();
        assertThat(engine.history(query.limit(5)).next()).isEmpty();
        assertThat(engine.history(query.limit(3)).next()).isPresent();
        assertThat(pages(query.limit(2))).extracting(List::size).containsExactly(2, 2);
        assertThat(engine.history(query.flow("none"))).isEqualTo(new HistoryPage(List.of(), Optional.empty()));
        assertThat(query.limit()).isEqualTo(50);
        assertThatIllegalArgumentException().isThrownBy(() -> query.limit(0)).withMessageContaining("limit is 0");
    }

    @Test
    @DisplayName("S45 pages stay what they were while executions arrive and end: none is listed twice or left out")
    void pages_are_stable_while_executions_arrive_and_end() {
        List<String> known = new ArrayList<>();
        List<FlowExecution> open = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            if (i % 3 == 0) {
                FlowExecution run = engine.executeFromTrigger(waiting("w"), "t", i);
                open.add(run);
                known.add(run.id());
            } else {
                known.add(end(engine.executeFromTrigger(plain("f", "1"), "t", i)));
            }
            time.advance(i % 2 == 0 ? SECOND : Duration.ZERO);
        }
        HistoryQuery query = HistoryQuery.all().limit(5);
        List<String> listed = new ArrayList<>();

        HistoryPage page = engine.history(query);
        listed.addAll(ids(page));
        for (int i = 0; i < 7; i++) {
            time.advance(SECOND);
            end(engine.executeFromTrigger(plain("later", "1"), "t", i));
        }
        released.complete("over");
        open.forEach(Runs::ended);
        while (page.next().isPresent()) {
            page = engine.history(query.after(page.next().get()));
            listed.addAll(ids(page));
        }

        assertThat(listed).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(known);
        assertThat(engine.history(query).executions())
                .as("a new first page")
                .extracting(ExecutionSummary::flowId)
                .containsOnly("later");
    }

    @Test
    @DisplayName("S45 a list made while executions end everywhere shows each that was there once")
    void a_list_made_while_executions_end_shows_each_once() throws Exception {
        Set<String> started = ConcurrentHashMap.newKeySet();
        CountDownLatch running = new CountDownLatch(3);
        Flow flow = plain("f", "1");
        Threads.together(4, number -> {
            if (number == 0) {
                while (running.getCount() > 0) {
                    Set<String> must = new HashSet<>(started);
                    List<String> listed = ids(HistoryQuery.all().limit(10_000));
                    assertThat(listed).doesNotHaveDuplicates().containsAll(must);
                }
                return;
            }
            for (int i = 0; i < 100; i++) {
                FlowExecution run = engine.executeFromTrigger(flow, "t", i);
                started.add(run.id());
                Runs.ended(run);
            }
            running.countDown();
        });
        assertThat(ids(HistoryQuery.all().limit(10_000))).containsExactlyInAnyOrderElementsOf(started);
    }

    @Test
    @DisplayName("S45 what a page gives cannot be changed, and a query keeps its position when it is narrowed")
    void pages_and_queries_are_immutable() {
        end(engine.executeFromTrigger(plain("f", "1"), "t", "go"));
        HistoryPage page = engine.history(HistoryQuery.all());

        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> page.executions().clear());
        HistoryQuery.Position position = new HistoryQuery.Position(Instant.EPOCH, "id");
        assertThat(HistoryQuery.all().after()).isEmpty();
        assertThat(HistoryQuery.all().after(position).limit(3).flow("f").after())
                .contains(position);
    }

    @Test
    @DisplayName("R31 the archive keeps so many ended executions: the first to end is the first to go")
    void the_archive_is_bounded_by_count() {
        try (FlowEngine small =
                time.in(Engines.builder()).archive(3, Duration.ofDays(1)).build()) {
            FlowExecution open = small.executeFromTrigger(waiting("w"), "t", "go");
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                ids.add(end(small.executeFromTrigger(plain("f", "1"), "t", i)));
                time.advance(SECOND);
            }

            assertThat(ids(small.history(HistoryQuery.all())))
                    .containsExactly(ids.get(4), ids.get(3), ids.get(2), open.id());
            assertThat(small.find(ids.get(1))).isEmpty();
            assertThat(small.find(ids.get(2))).isPresent();
            assertThat(small.find(open.id())).contains(open);
            released.complete("over");
            Runs.ended(open);
            assertThat(ids(small.history(HistoryQuery.all())))
                    .as("the oldest one ended last")
                    .containsExactly(ids.get(4), ids.get(3), open.id());
        }
    }

    @Test
    @DisplayName("R31 the archive keeps ended executions for so long, counted from their end")
    void the_archive_is_bounded_by_age() {
        try (FlowEngine small =
                time.in(Engines.builder()).archive(100, Duration.ofMinutes(10)).build()) {
            FlowExecution slow = small.executeFromTrigger(waiting("w"), "t", "go");
            String quick = end(small.executeFromTrigger(plain("f", "1"), "t", "go"));
            time.advance(Duration.ofMinutes(10));
            assertThat(small.find(quick)).isPresent();
            released.complete("over");
            Runs.ended(slow);

            time.advance(Duration.ofNanos(1));
            assertThat(small.find(quick)).isEmpty();
            assertThat(ids(small.history(HistoryQuery.all()))).containsExactly(slow.id());

            time.advance(Duration.ofMinutes(10));
            assertThat(small.find(slow.id())).isEmpty();
            assertThat(ids(small.history(HistoryQuery.all()))).isEmpty();
            assertThat(slow.status()).as("a handle somebody holds").isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("R31 an engine that keeps none lists only what goes on")
    void an_engine_that_keeps_none_lists_what_goes_on() {
        try (FlowEngine small =
                time.in(Engines.builder()).archive(0, Duration.ofDays(1)).build()) {
            FlowExecution open = small.executeFromTrigger(waiting("w"), "t", "go");
            String ended = end(small.executeFromTrigger(plain("f", "1"), "t", "go"));

            assertThat(ids(small.history(HistoryQuery.all()))).containsExactly(open.id());
            assertThat(small.find(ended)).isEmpty();
            released.complete("over");
            Runs.ended(open);
            assertThat(ids(small.history(HistoryQuery.all()))).isEmpty();
        }
    }

    /** What has to be shown of an execution of version 7 of flow b for ann, which took no time. */
    private static ExecutionSummary summaryOfB(
            ExecutionResult result, ExecutionStatus status, Instant at, @Nullable String redriveOf) {
        return new ExecutionSummary(
                result.executionId(),
                "b",
                "7",
                Start.fromNode("n"),
                status,
                Optional.of("ann"),
                at,
                Optional.of(at),
                Optional.ofNullable(redriveOf),
                Optional.empty());
    }

    private List<List<String>> pages(HistoryQuery query) {
        List<List<String>> pages = new ArrayList<>();
        Optional<HistoryPage> page = Optional.of(engine.history(query));
        while (page.isPresent()) {
            pages.add(ids(page.get()));
            page = page.get().next().map(position -> engine.history(query.after(position)));
        }
        return pages;
    }

    private List<String> ids(HistoryQuery query) {
        return ids(engine.history(query));
    }

    private static List<String> ids(HistoryPage page) {
        return page.executions().stream().map(ExecutionSummary::executionId).toList();
    }

    /** An execution that has begun and goes on. */
    private static FlowExecution running(FlowExecution run) {
        await().until(run::status, ExecutionStatus.RUNNING::equals);
        return run;
    }

    private static String end(FlowExecution run) {
        return Runs.ended(run).executionId();
    }

    private Flow plain(String id, String version) {
        return Flow.definition(id)
                .version(version)
                .trigger("t")
                .add(bodies.tracing("n"))
                .connect("t", "n")
                .build();
    }

    /** A flow that goes on until the test is over, or releases it; it holds no thread others need. */
    private Flow waiting(String id) {
        return Flow.definition(id)
                .trigger("t")
                .add(NodeDefinition.builder("wait")
                        .asyncBody(context -> released)
                        .build())
                .connect("t", "wait")
                .build();
    }
}
