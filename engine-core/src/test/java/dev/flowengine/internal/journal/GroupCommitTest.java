package dev.flowengine.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.CreateAnswer;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.RunInput;
import dev.flowengine.persistence.RunState;
import dev.flowengine.persistence.Standing;
import dev.flowengine.persistence.StoreException;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.ForwardingExecutionStore;
import dev.flowengine.persistence.tck.Hold;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.testing.Threads;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("S41 what executions decide is written together")
@Timeout(60)
class GroupCommitTest {
    private static final FlowKey FLOW = new FlowKey("orders", "1");
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final FaultyExecutionStore store = FaultyExecutionStore.of(memory);
    private final List<Integer> groups = new CopyOnWriteArrayList<>();
    private final Map<String, List<BatchAnswer.Outcome>> answers = new ConcurrentHashMap<>();
    private final List<RuntimeException> failures = new CopyOnWriteArrayList<>();
    private final GroupCommit journal = journal();

    @AfterEach
    void close() throws InterruptedException {
        journal.close(PATIENCE);
    }

    @Test
    @DisplayName("what comes while a write is under way makes up the next one")
    void what_waits_is_written_together() throws Exception {
        Hold first = store.holdBefore(1);
        create("r0");
        first.awaitReached();
        for (int i = 1; i < 100; i++) {
            create("r" + i);
        }
        first.release();
        await().atMost(PATIENCE).until(() -> answers.size() == 100);

        assertThat(groups).containsExactly(1, 99);
    }

    @Test
    @DisplayName("a run is created before its first batch, and its batches are written in order")
    void writes_of_a_run_keep_their_order() throws Exception {
        Hold first = store.holdBefore(1);
        create("other");
        first.awaitReached();
        for (int revision = 1; revision <= 5; revision++) {
            apply(batch("r", revision));
        }
        create("r");
        first.release();

        await().atMost(PATIENCE).until(() -> answered("r") == 6);
        assertThat(answers.get("r")).containsOnly(BatchAnswer.Outcome.APPLIED);
        assertThat(memory.load("r").orElseThrow().run().ownership().revision()).isEqualTo(5);
    }

    @Test
    @DisplayName("a store that fails for the moment is asked again until it answers")
    void a_failing_store_is_asked_again() {
        create("r");
        await().atMost(PATIENCE).until(() -> answered("r") == 1);
        store.die();
        apply(batch("r", 1));
        await().atMost(PATIENCE).until(() -> journal.failing().isPresent());
        assertThat(answered("r")).isEqualTo(1);
        store.revive();

        await().atMost(PATIENCE).until(() -> answered("r") == 2);
        assertThat(journal.failing()).isEmpty();
        assertThat(answers.get("r")).containsOnly(BatchAnswer.Outcome.APPLIED);
    }

    @Test
    @DisplayName("a write whose answer was lost is repeated, and counts once")
    void a_lost_answer_is_asked_for_again() {
        store.failAfter(1);
        create("r");
        await().atMost(PATIENCE).until(() -> answered("r") == 1);
        store.failAfter(1);
        apply(batch("r", 1));
        await().atMost(PATIENCE).until(() -> answered("r") == 2);

        assertThat(answers.get("r")).containsOnly(BatchAnswer.Outcome.APPLIED);
        assertThat(memory.load("r").orElseThrow().run().ownership().revision()).isEqualTo(1);
    }

    @Test
    @DisplayName("what the store cannot write at all is told so alone, and the others are written")
    void the_culprit_stands_alone() throws Exception {
        GroupCommit picky = new GroupCommit(refusing("r13"), 1, 1_000, Thread::new);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch reached = new CountDownLatch(1);
        picky.create(
                run("first"),
                answer -> {
                    reached.countDown();
                    awaitOpen(held);
                },
                failures::add);
        awaitOpen(reached);
        for (int i = 0; i < 64; i++) {
            String id = "r" + i;
            picky.create(run(id), answer -> told(id, answer.outcome()), failures::add);
        }
        held.countDown();
        assertThat(picky.close(PATIENCE)).isTrue();

        assertThat(answers).hasSize(63).doesNotContainKey("r13");
        assertThat(failures)
                .singleElement()
                .satisfies(failure ->
                        assertThat(failure).isInstanceOf(StoreException.class).hasMessageContaining("no room for r13"));
        assertThat(memory.load("r63")).isPresent();
        assertThat(groups).as("found by halves, not one by one").hasSizeLessThan(32);
    }

    @Test
    @DisplayName("an answer that is received badly keeps nobody else from theirs")
    void a_broken_receiver_harms_nobody() {
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        GroupCommit reporting = new GroupCommit(memory, 1, 10, task -> {
            Thread thread = new Thread(task);
            thread.setUncaughtExceptionHandler((where, defect) -> reported.add(defect));
            return thread;
        });
        reporting.create(
                run("a"),
                answer -> {
                    throw new AssertionError("broken");
                },
                failures::add);
        reporting.create(run("b"), answer -> told("b", answer.outcome()), failures::add);

        await().atMost(PATIENCE).until(() -> answered("b") == 1);
        assertThat(reported).singleElement().isInstanceOf(AssertionError.class);
    }

    @Test
    @DisplayName("R37 a close writes what waits, and refuses what comes after")
    void a_close_writes_what_waits() throws Exception {
        Hold first = store.holdBefore(1);
        create("r0");
        first.awaitReached();
        create("r1");
        first.release();

        assertThat(journal.close(PATIENCE)).isTrue();

        assertThat(answers).containsOnlyKeys("r0", "r1");
        create("r2");
        assertThat(failures).singleElement().isInstanceOf(GroupCommit.Closed.class);
    }

    @Test
    @DisplayName("R37 a close gives up what a store that is away does not take in time, and says so")
    void a_close_does_not_wait_for_a_store_that_is_away() throws Exception {
        store.die();
        create("r0");
        await().atMost(PATIENCE).until(() -> journal.failing().isPresent());

        assertThat(journal.close(Duration.ofMillis(1))).isFalse();

        assertThat(failures).singleElement().isInstanceOf(GroupCommit.Closed.class);
    }

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {1, 2, 8})
    @DisplayName("each write is answered once, whatever fails meanwhile")
    void each_write_is_answered_once(int threads) throws Exception {
        int runs = 50;
        int revisions = 40;
        AtomicInteger writes = new AtomicInteger();
        Threads.together(threads, thread -> {
            for (int run = thread; run < runs; run += threads) {
                create("r" + run);
                for (int revision = 1; revision <= revisions; revision++) {
                    apply(batch("r" + run, revision));
                    if (writes.incrementAndGet() % 97 == 0) {
                        store.failAfter(1);
                        store.failBefore(2);
                    }
                }
            }
        });

        await().atMost(PATIENCE)
                .until(() -> answers.values().stream().mapToInt(List::size).sum() == runs * (revisions + 1));
        assertThat(answers.values())
                .allSatisfy(outcomes ->
                        assertThat(outcomes).hasSize(revisions + 1).containsOnly(BatchAnswer.Outcome.APPLIED));
        assertThat(failures).isEmpty();
        for (int run = 0; run < runs; run++) {
            assertThat(memory.load("r" + run).orElseThrow().run().ownership().revision())
                    .isEqualTo(revisions);
        }
    }

    /** A store that fails for good as soon as a certain run is to be created. */
    private ForwardingExecutionStore refusing(String id) {
        return new ForwardingExecutionStore(memory) {
            @Override
            public List<CreateAnswer> create(List<NewRun> runs) {
                groups.add(runs.size());
                if (runs.stream().anyMatch(run -> run.header().executionId().equals(id))) {
                    throw StoreException.permanentFailure("no room for " + id, null, "Make room.");
                }
                return super.create(runs);
            }
        };
    }

    private GroupCommit journal() {
        return new GroupCommit(
                new ForwardingExecutionStore(store) {
                    @Override
                    public List<CreateAnswer> create(List<NewRun> runs) {
                        groups.add(runs.size());
                        return super.create(runs);
                    }
                },
                1,
                1_000,
                Thread::new);
    }

    private void create(String id) {
        journal.create(run(id), answer -> told(id, answer.outcome()), failures::add);
    }

    private void apply(RunBatch batch) {
        journal.apply(batch, answer -> told(batch.executionId(), answer.outcome()), failures::add, false);
    }

    /** A run that is there already, because the answer of its creation was lost, is as good as created. */
    private void told(String id, CreateAnswer.Outcome outcome) {
        told(id, outcome == CreateAnswer.Outcome.REJECTED ? BatchAnswer.Outcome.REJECTED : BatchAnswer.Outcome.APPLIED);
    }

    private void told(String id, BatchAnswer.Outcome outcome) {
        answers.computeIfAbsent(id, key -> new CopyOnWriteArrayList<>()).add(outcome);
    }

    private int answered(String id) {
        return answers.getOrDefault(id, List.of()).size();
    }

    private static NewRun run(String id) {
        return NewRun.owned(
                RunHeader.of(id, FLOW, "t", NOON).build(),
                RunInput.NONE,
                RunState.open(ExecutionStatus.RUNNING, Optional.of(NOON)),
                "worker");
    }

    private static RunBatch batch(String id, int revision) {
        return RunBatch.of(id, 1, revision).standing(Standing.owned()).build();
    }

    private static void awaitOpen(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
