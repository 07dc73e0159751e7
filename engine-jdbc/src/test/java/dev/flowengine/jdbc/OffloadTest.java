package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.extension.TimeSource;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.SignalRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.AuditRecord;
import dev.flowengine.persistence.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName(
        "S35 S43 executions in a database that only wait are let go of, and come back when there is something to do")
@Timeout(300)
class OffloadTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration DAY = Duration.ofDays(1);
    /** No lease ends where the clock is set forward. */
    private static final Duration LEASE = DAY.multipliedBy(1_000);

    private static final int MANY = 12;

    /** By how much all clocks are ahead. */
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    private final AtomicInteger bodies = new AtomicInteger();

    @ParameterizedTest
    @EnumSource
    @DisplayName("they are dormant, or due, go on for a signal, and are cancelled")
    void let_go(Database database) throws Exception {
        try (Database.Opened opened = database.open();
                FlowEngine engine = engine(opened)) {
            FlowExecution limited = engine.executeFromTrigger(limited(), "t", 1);
            FlowExecution dormant = engine.executeFromTrigger(asking(), "t", 2);
            FlowExecution unwanted = engine.executeFromTrigger(asking(), "t", 3);
            awaitLetGo(opened, List.of(limited, dormant, unwanted));

            await().atMost(PATIENCE).until(() -> engine.health().executions() == 0);
            assertThat(standing(opened, dormant)).isEqualTo(Standing.dormant(""));
            Instant now = store(opened).now();
            assertThat(standing(opened, limited))
                    .isInstanceOfSatisfying(
                            Standing.Due.class,
                            due -> assertThat(due.at()).isBetween(now.plus(DAY.dividedBy(2)), now.plus(DAY)));
            assertThat(dormant.status()).isEqualTo(ExecutionStatus.WAITING);

            limited.signal("answer", "a");
            engine.signal(dormant.id(), "answer", "b");
            unwanted.cancel("not wanted any more");
            assertThat(end(limited).output("after", String.class)).isEqualTo("1a");
            assertThat(end(dormant).output("after", String.class)).isEqualTo("2b");
            ExecutionResult cancelled = end(unwanted);
            assertThat(cancelled.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(cancelled.failure().orElseThrow()).hasMessageContaining("not wanted any more");
            assertThat(bodies).hasValue(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("they go on when they are due, and nothing is done twice")
    void due(Database database) throws Exception {
        try (Database.Opened opened = database.open();
                FlowEngine engine = engine(opened)) {
            FlowExecution run = engine.executeFromTrigger(waiting(), "t", 4);
            awaitLetGo(opened, List.of(run));
            assertThat(bodies).hasValue(1);
            ahead.set(DAY.multipliedBy(2));
            assertThat(end(run).output("after", Integer.class)).isEqualTo(42);
            assertThat(bodies).hasValue(2);
            assertThat(actions(opened, run)).containsSubsequence("offloaded", "recovered");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("either of two engines goes on with them, but one alone, whoever is asked")
    void two_engines(Database database) throws Exception {
        try (Database.Opened opened = database.open();
                FlowEngine here = engine(opened);
                FlowEngine there = engine(opened)) {
            there.register(asking());
            List<FlowExecution> runs = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                runs.add(here.executeFromTrigger(asking(), "t", i));
            }
            awaitLetGo(opened, runs);
            for (int i = 0; i < MANY; i++) {
                (i % 2 == 0 ? here : there).signal(runs.get(i).id(), "answer", "!");
            }
            for (int i = 0; i < MANY; i++) {
                assertThat(end(runs.get(i)).output("after", String.class)).isEqualTo(i + "!");
            }
            assertThat(bodies).hasValue(MANY);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("R37 the engine that let go of them is closed: another one takes those that are due, or have a signal")
    void closed(Database database) throws Exception {
        try (Database.Opened opened = database.open();
                FlowEngine there = engine(opened)) {
            FlowExecution due;
            FlowExecution dormant;
            try (FlowEngine here = engine(opened)) {
                due = here.executeFromTrigger(waiting(), "t", 4);
                dormant = here.executeFromTrigger(asking(), "t", 5);
                awaitLetGo(opened, List.of(due, dormant));
            }
            assertThat(standing(opened, due)).isInstanceOf(Standing.Due.class);
            assertThat(standing(opened, dormant)).isEqualTo(Standing.dormant(""));

            there.register(waiting());
            there.register(asking());
            ahead.set(DAY.multipliedBy(2));
            there.signal(dormant.id(), "answer", "!");
            assertThat(end(there.find(due.id()).orElseThrow()).output("after", Integer.class))
                    .isEqualTo(42);
            assertThat(end(there.find(dormant.id()).orElseThrow()).output("after", String.class))
                    .isEqualTo("5!");
            assertThat(bodies).hasValue(3);
        }
    }

    private Flow waiting() {
        FlowBuilder f = Flow.builder("waiting");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Integer> first = f.node("first", t, n -> counted(10 * n)).returns(Integer.class);
        NodeRef<Integer> waited = f.waitFor("wait", first, DAY);
        f.node("after", waited, n -> counted(n + 2)).returns(Integer.class);
        return f.build();
    }

    private Flow asking() {
        FlowBuilder f = Flow.builder("asking");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        answered(f, t, f.waitForSignal("answer", t, String.class));
        return f.build();
    }

    private Flow limited() {
        FlowBuilder f = Flow.builder("limited");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        answered(f, t, f.waitForSignal("answer", t, String.class).deadline(DAY));
        return f.build();
    }

    private void answered(FlowBuilder f, TriggerRef<Integer> t, SignalRef<Integer, String> answer) {
        f.node("after", t, answer, (n, text) -> counted(n) + text).returns(String.class);
    }

    private int counted(int number) {
        bodies.incrementAndGet();
        return number;
    }

    /** An engine whose clock is that of the database. */
    private FlowEngine engine(Database.Opened opened) {
        return FlowEngine.builder()
                .store(store(opened))
                .timeSource(new Ahead())
                .lease(LEASE)
                .sweepInterval(Duration.ofMillis(50))
                .offloadAfter(Duration.ofMillis(100))
                .build();
    }

    private JdbcExecutionStore store(Database.Opened opened) {
        return JdbcExecutionStore.builder(opened.database().dataSource())
                .clockOffset(ahead::get)
                .build();
    }

    private void awaitLetGo(Database.Opened opened, List<FlowExecution> runs) {
        await().atMost(PATIENCE).until(() -> runs.stream().noneMatch(run -> isOwned(opened, run)));
    }

    private boolean isOwned(Database.Opened opened, FlowExecution run) {
        return standing(opened, run) instanceof Standing.Owned;
    }

    private Standing standing(Database.Opened opened, FlowExecution run) {
        return store(opened).find(run.id()).orElseThrow().ownership().standing();
    }

    private List<String> actions(Database.Opened opened, FlowExecution run) {
        return store(opened).trail(run.id()).orElseThrow().audit().stream()
                .map(AuditRecord::action)
                .toList();
    }

    private static ExecutionResult end(FlowExecution run) throws InterruptedException {
        return run.await(PATIENCE)
                .orElseThrow(() -> new AssertionError(
                        "still " + run.status() + run.snapshot().nodes()));
    }

    private final class Ahead implements TimeSource {
        @Override
        public Instant instant() {
            return TimeSource.system().instant().plus(ahead.get());
        }

        @Override
        public long nanoTime() {
            return TimeSource.system().nanoTime() + ahead.get().toNanos();
        }
    }
}
