package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionSummary;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.FlowMetrics;
import dev.flowengine.execution.HistoryPage;
import dev.flowengine.execution.HistoryQuery;
import dev.flowengine.extension.PayloadCodec;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.RunInput;
import dev.flowengine.persistence.RunState;
import dev.flowengine.persistence.Standing;
import dev.flowengine.persistence.StoreException;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.plan.Start;
import dev.flowengine.testing.JavaCodec;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S45 the history of an engine with a store is that of the store")
@Timeout(60)
class HistoryInStoreTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final VirtualTime time = new VirtualTime();
    private final CompletableFuture<Integer> released = new CompletableFuture<>();
    private final FlowEngine engine = engine(memory);

    @AfterEach
    void close() {
        released.complete(0);
        engine.close();
    }

    @Test
    @DisplayName("those of other engines and of earlier ones too, each once; nobody here knows their flows")
    void lists_what_other_engines_ran() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int process = 0; process < 3; process++) {
            try (FlowEngine earlier = engine(memory)) {
                for (int i = 0; i < 3; i++) {
                    // All at the same instant: what orders them is their ids.
                    ids.add(end(earlier.executeFromTrigger(plain("a"), "t", i)));
                }
            }
        }
        time.advance(SECOND);
        FlowExecution open = engine.executeFromTrigger(waiting("w"), "t", 1);
        ids.sort(Comparator.reverseOrder());
        ids.add(0, open.id());

        try (FlowEngine other = reader(memory)) {
            assertThat(pages(other, HistoryQuery.all().limit(4)))
                    .extracting(List::size)
                    .containsExactly(4, 4, 2);
            assertThat(pages(other, HistoryQuery.all().limit(4)).stream().flatMap(List::stream))
                    .containsExactlyElementsOf(ids);
            assertThat(other.history(HistoryQuery.all().flow("a")).executions())
                    .extracting(ExecutionSummary::flowId)
                    .hasSize(9)
                    .containsOnly("a");
        }
        assertThat(ids(engine, HistoryQuery.all()))
                .as("by an engine that has one itself")
                .isEqualTo(ids);
    }

    @Test
    @DisplayName("what is shown of an execution, also of one that goes on")
    void shows_what_an_execution_is() throws Exception {
        Instant begin = time.instant();
        RunOptions ann = RunOptions.builder().userId("ann").build();
        FlowExecution failed = engine.executeFromNode(plain("a"), "n", PortValues.of("main", -1), ann);
        failed.await();
        time.advance(SECOND);
        FlowExecution again = engine.redrive(failed.id()).start();
        again.await();
        FlowExecution open = engine.executeFromTrigger(waiting("w"), "t", 1);

        assertThat(engine.history(HistoryQuery.all().flow("a")).executions())
                .containsExactly(
                        failedForAnn(again.id(), begin.plus(SECOND), Optional.of(failed.id())),
                        failedForAnn(failed.id(), begin, Optional.empty()));
        assertThat(engine.history(HistoryQuery.all().flow("w")).executions())
                .singleElement()
                .satisfies(shown -> {
                    assertThat(shown.executionId()).isEqualTo(open.id());
                    assertThat(shown.status().isTerminal()).isFalse();
                    assertThat(shown.endedAt()).isEmpty();
                });
    }

    private static ExecutionSummary failedForAnn(String id, Instant at, Optional<String> redriveOf) {
        return new ExecutionSummary(
                id,
                "a",
                "1",
                Start.fromNode("n"),
                ExecutionStatus.FAILED,
                Optional.of("ann"),
                at,
                Optional.of(at),
                redriveOf,
                Optional.empty());
    }

    @Test
    @DisplayName("filters by flow, status, start, user and time, each alone and together")
    void filters_narrow_the_list() throws Exception {
        Instant begin = time.instant();
        RunOptions ann = RunOptions.builder().userId("ann").build();
        String first = end(engine.executeFromTrigger(plain("a"), "t", 1, ann));
        time.advance(SECOND);
        String second = end(engine.executeFromTrigger(plain("b"), "t", -1, ann));
        time.advance(SECOND);
        String third = end(engine.executeFromNode(plain("b"), "n", PortValues.of("main", 1), RunOptions.ofDefaults()));
        time.advance(SECOND);
        String fourth = engine.executeFromTrigger(waiting("w"), "t", 1).id();
        HistoryQuery all = HistoryQuery.all();

        assertThat(ids(engine, all)).containsExactly(fourth, third, second, first);
        assertThat(ids(engine, all.flow("b"))).containsExactly(third, second);
        assertThat(ids(engine, all.flow("unknown"))).isEmpty();
        assertThat(ids(engine, all.status(ExecutionStatus.COMPLETED))).containsExactly(third, first);
        assertThat(ids(engine, all.status(ExecutionStatus.FAILED, ExecutionStatus.PARTIAL)))
                .containsExactly(second);
        assertThat(ids(engine, all.startedFrom("t"))).containsExactly(fourth, second, first);
        assertThat(ids(engine, all.user("ann"))).containsExactly(second, first);
        assertThat(ids(engine, all.between(begin.plus(SECOND), begin.plusSeconds(3))))
                .containsExactly(third, second);
        assertThat(ids(engine, all.flow("b").user("ann").status(ExecutionStatus.FAILED)))
                .containsExactly(second);
        assertThat(ids(engine, all.between(begin, Instant.MAX).flow("b").limit(1)))
                .containsExactly(third);
    }

    @Test
    @DisplayName("pages stay what they were while executions arrive and end: none is listed twice or left out")
    void pages_are_stable_while_executions_arrive_and_end() throws Exception {
        List<String> known = new ArrayList<>();
        List<FlowExecution> open = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            if (i % 3 == 0) {
                open.add(engine.executeFromTrigger(waiting("w"), "t", i));
                known.add(open.get(open.size() - 1).id());
            } else {
                known.add(end(engine.executeFromTrigger(plain("a"), "t", i)));
            }
            time.advance(i % 2 == 0 ? SECOND : Duration.ZERO);
        }
        HistoryQuery query = HistoryQuery.all().limit(3);

        HistoryPage page = engine.history(query);
        List<String> listed = new ArrayList<>(ids(page));
        time.advance(SECOND);
        for (int i = 0; i < 4; i++) {
            end(engine.executeFromTrigger(plain("later"), "t", i));
        }
        released.complete(0);
        for (FlowExecution run : open) {
            run.await();
        }
        while (page.next().isPresent()) {
            assertThat(listed).as("pages without an end").hasSizeLessThan(100);
            page = engine.history(query.after(page.next().get()));
            listed.addAll(ids(page));
        }

        assertThat(listed).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    @DisplayName("S38 metrics count what other engines ran, without nodes alone unless asked for")
    void metrics_count_what_other_engines_ran() throws Exception {
        LocalDate today = LocalDate.ofInstant(time.instant(), ZoneOffset.UTC);
        for (int value : new int[] {1, 2, 3, -1}) {
            try (FlowEngine earlier = engine(memory)) {
                end(earlier.executeFromTrigger(plain("a"), "t", value));
                end(earlier.executeFromTrigger(plain("other"), "t", value));
            }
            time.advance(Duration.ofDays(1));
        }
        try (FlowEngine last = engine(memory)) {
            end(last.executeNode(plain("a"), "n", PortValues.of("main", -1), RunOptions.ofDefaults()));
        }

        try (FlowEngine reader = reader(memory)) {
            FlowMetrics metrics = reader.metrics("a");
            assertThat(metrics.total().count()).isEqualTo(4);
            assertThat(metrics.total().successRate()).hasValue(0.75);
            assertThat(metrics.total().wallTimes()).isPresent();
            assertThat(metrics.byStart()).containsOnlyKeys(Start.trigger("t"));
            assertThat(metrics.byDay().keySet())
                    .containsExactly(today, today.plusDays(1), today.plusDays(2), today.plusDays(3));
            assertThat(reader.metrics("a", Start.Kind.SINGLE_NODE).byStart()).containsOnlyKeys(Start.singleNode("n"));
            assertThat(reader.metrics("none").total().count()).isZero();
        }
    }

    @Test
    @DisplayName("S38 metrics look at the newest 10,000 executions, however many there are")
    void metrics_are_bounded() {
        Instant old = time.instant().minus(Duration.ofDays(2));
        memory.create(IntStream.range(0, 10_003)
                .mapToObj(i -> NewRun.unowned(
                        RunHeader.of("r" + i, new FlowKey("many", "1"), "t", i < 10_000 ? time.instant() : old)
                                .build(),
                        RunInput.NONE,
                        RunState.open(ExecutionStatus.PAUSED, Optional.empty()),
                        Standing.dormant("it is paused")))
                .toList());

        FlowMetrics metrics = engine.metrics("many");
        assertThat(metrics.total().count()).isEqualTo(10_000);
        assertThat(metrics.byDay()).as("the old ones are left out").hasSize(1);
    }

    @Test
    @DisplayName("a store that cannot be read says so, and nothing is shown in its place")
    void an_unreadable_store_says_so() {
        FaultyExecutionStore faulty = FaultyExecutionStore.of(memory);
        try (FlowEngine cutOff = reader(faulty)) {
            faulty.die();
            assertThatExceptionOfType(StoreException.class).isThrownBy(() -> cutOff.history(HistoryQuery.all()));
            assertThatExceptionOfType(StoreException.class).isThrownBy(() -> cutOff.metrics("a"));
        }
    }

    private FlowEngine engine(ExecutionStore store) {
        return time.in(Durable.builder(store)).build();
    }

    /** An engine that has no flows, and cannot read a value. */
    private FlowEngine reader(ExecutionStore store) {
        return time.in(Durable.builder(store)).codec(new WriteOnly()).build();
    }

    private static String end(FlowExecution run) throws InterruptedException {
        return run.await().executionId();
    }

    private static List<List<String>> pages(FlowEngine engine, HistoryQuery query) {
        List<List<String>> pages = new ArrayList<>();
        HistoryPage page = engine.history(query);
        pages.add(ids(page));
        while (page.next().isPresent()) {
            assertThat(pages).as("pages without an end").hasSizeLessThan(100);
            page = engine.history(query.after(page.next().get()));
            pages.add(ids(page));
        }
        return pages;
    }

    private static List<String> ids(FlowEngine engine, HistoryQuery query) {
        return ids(engine.history(query));
    }

    private static List<String> ids(HistoryPage page) {
        return page.executions().stream().map(ExecutionSummary::executionId).toList();
    }

    private static Flow plain(String id) {
        FlowBuilder f = Flow.builder(id);
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        f.node("n", t, HistoryInStoreTest::notNegative).returns(Integer.class);
        return f.build();
    }

    private Flow waiting(String id) {
        FlowBuilder f = Flow.builder(id);
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Integer> held = f.asyncNode("held", t, any -> released.copy()).returns(Integer.class);
        f.node("n", held, HistoryInStoreTest::notNegative).returns(Integer.class);
        return f.build();
    }

    private static Integer notNegative(Integer value) {
        if (value < 0) {
            throw new IllegalArgumentException("will not take " + value);
        }
        return value;
    }

    /** The codec of an engine that is to list executions without reading their values. */
    private static final class WriteOnly implements PayloadCodec {
        private final JavaCodec codec = new JavaCodec();

        @Override
        public String contentType() {
            return codec.contentType();
        }

        @Override
        public byte[] encode(@Nullable Object value, TypeRef<?> type) {
            return codec.encode(value, type);
        }

        @Override
        public <T> @Nullable T decode(byte[] bytes, TypeRef<T> type) {
            throw new AssertionError("a value was read");
        }
    }
}
