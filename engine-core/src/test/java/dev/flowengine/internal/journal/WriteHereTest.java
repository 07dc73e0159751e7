package dev.flowengine.internal.journal;

import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.Rejection;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("S41 a thread that may wait writes what comes alone")
@Timeout(120)
class WriteHereTest {
    private static final FlowKey FLOW = new FlowKey("orders", "1");
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final FaultyExecutionStore store = FaultyExecutionStore.of(memory);
    private final Map<String, List<Answer>> answers = new ConcurrentHashMap<>();
    private final List<RuntimeException> failures = new CopyOnWriteArrayList<>();

    @Test
    @DisplayName(
            "who may wait is answered before the call returns, on the same thread; who may not is answered by another")
    void answered_here() throws Exception {
        GroupCommit commits = new GroupCommit(store, 1, 256, Thread::new);
        int next = writtenHere(commits, "a");
        apply(commits, "a", next, true);
        assertThat(answers.get("a"))
                .element(next - 1)
                .isEqualTo(new Answer(BatchAnswer.Outcome.APPLIED, Thread.currentThread()));

        apply(commits, "a", next + 1, false);
        awaitAnswers("a", next + 1);
        assertThat(answers.get("a").get(next).by()).isNotEqualTo(Thread.currentThread());
        assertThat(commits.close(PATIENCE)).isTrue();
    }

    @Test
    @DisplayName("while another thread writes nobody waits, and all that came meanwhile is written together")
    void what_comes_meanwhile() throws Exception {
        List<Integer> sizes = new CopyOnWriteArrayList<>();
        GroupCommit commits = new GroupCommit(sizesOf(sizes), 1, 256, Thread::new);
        for (String id : List.of("a", "b", "c", "d")) {
            create(commits, id);
        }
        Hold held = store.holdBefore(1);
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> apply(commits, "a", 1, true));
        held.awaitReached();
        apply(commits, "b", 1, true);
        apply(commits, "c", 1, true);
        apply(commits, "d", 1, false);
        assertThat(answers).doesNotContainKeys("a", "b", "c", "d");

        held.release();
        first.get();
        awaitAnswers("b", 1);
        awaitAnswers("c", 1);
        awaitAnswers("d", 1);
        assertThat(sizes).containsExactly(1, 3);

        // Those three are about to come again: one of them is no reason to have the others wait for its transaction.
        apply(commits, "b", 2, true);
        awaitAnswers("b", 2);
        assertThat(answers.get("b").get(1).by()).isNotEqualTo(Thread.currentThread());
        assertThat(commits.close(PATIENCE)).isTrue();
    }

    @Test
    @DisplayName("R8 what the store does not take for the moment is tried again elsewhere, and its thread is free")
    void store_that_is_away() throws Exception {
        GroupCommit commits = new GroupCommit(store, 1, 256, Thread::new);
        int next = writtenHere(commits, "a");
        store.failBefore(1);

        apply(commits, "a", next, true);

        awaitAnswers("a", next);
        Answer last = answers.get("a").get(next - 1);
        assertThat(last.outcome()).isEqualTo(BatchAnswer.Outcome.APPLIED);
        assertThat(last.by()).isNotEqualTo(Thread.currentThread());
        assertThat(commits.close(PATIENCE)).isTrue();
    }

    @Test
    @DisplayName("what the store refuses altogether is told before the call returns")
    void refused_here() throws Exception {
        StoreException refusal = StoreException.refused(new Rejection(Rejection.Reason.STORE_FULL, "no room"));
        AtomicBoolean refuses = new AtomicBoolean();
        GroupCommit commits = new GroupCommit(
                new ForwardingExecutionStore(memory) {
                    @Override
                    public List<BatchAnswer> apply(List<RunBatch> batches) {
                        if (refuses.get()) {
                            throw refusal;
                        }
                        return super.apply(batches);
                    }
                },
                1,
                256,
                Thread::new);
        int next = writtenHere(commits, "a");
        refuses.set(true);

        apply(commits, "a", next, true);

        assertThat(failures).containsExactly(refusal);
        assertThat(commits.close(PATIENCE)).isTrue();
    }

    @Test
    @DisplayName("R37 a close waits for what is being written, and nobody writes after it")
    void close() throws Exception {
        GroupCommit commits = new GroupCommit(store, 1, 256, Thread::new);
        int next = writtenHere(commits, "a");
        Hold held = store.holdBefore(1);
        CompletableFuture<Void> writes = CompletableFuture.runAsync(() -> apply(commits, "a", next, true));
        held.awaitReached();
        CompletableFuture<Boolean> closed = CompletableFuture.supplyAsync(() -> {
            try {
                return commits.close(PATIENCE);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(closed).isNotDone();

        held.release();
        assertThat(closed.get()).isTrue();
        writes.get();
        apply(commits, "a", next + 1, true);
        assertThat(failures).hasSize(1).hasOnlyElementsOfType(GroupCommit.Closed.class);
        assertThat(memory.find(List.of("a")).get(0).ownership().revision()).isEqualTo(next);
    }

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {1, 2, 8})
    @DisplayName("executions keep the order of their writes, whoever writes and whatever fails meanwhile")
    void order_is_kept(int threads) throws Exception {
        GroupCommit commits = new GroupCommit(store, 2, 256, Thread::new);
        Threads.together(threads, thread -> {
            for (int run = thread; run < 40; run += threads) {
                String id = "r" + run;
                create(commits, id);
                for (int revision = 1; revision <= 50; revision++) {
                    apply(commits, id, revision, revision % 3 != 0);
                }
                if (run % 7 == 0) {
                    store.failAfter(1);
                    store.failBefore(2);
                }
            }
        });

        await().atMost(PATIENCE)
                .until(() -> answers.values().stream().mapToInt(List::size).sum() == 40 * 50);
        assertThat(commits.close(PATIENCE)).isTrue();
        assertThat(failures).isEmpty();
        assertThat(answers.values())
                .allSatisfy(
                        each -> assertThat(each).extracting(Answer::outcome).containsOnly(BatchAnswer.Outcome.APPLIED));
    }

    private ForwardingExecutionStore sizesOf(List<Integer> sizes) {
        return new ForwardingExecutionStore(store) {
            @Override
            public List<BatchAnswer> apply(List<RunBatch> batches) {
                sizes.add(batches.size());
                return super.apply(batches);
            }
        };
    }

    /** Creates a run, and writes batches of it until nobody else is found writing; gives the revision of the next. */
    private int writtenHere(GroupCommit commits, String id) {
        create(commits, id);
        int revision = 1;
        do {
            apply(commits, id, revision, true);
            awaitAnswers(id, revision);
        } while (answers.get(id).get(revision++ - 1).by() != Thread.currentThread());
        return revision;
    }

    /** Creates a run, and waits until it is there. */
    private static void create(GroupCommit commits, String id) {
        NewRun run = NewRun.owned(
                RunHeader.of(id, FLOW, "t", NOON).build(),
                RunInput.NONE,
                RunState.open(ExecutionStatus.RUNNING, Optional.of(NOON)),
                "worker");
        CompletableFuture<Void> created = new CompletableFuture<>();
        commits.create(run, answer -> created.complete(null), created::completeExceptionally);
        created.join();
    }

    private void apply(GroupCommit commits, String id, int revision, boolean mayWait) {
        RunBatch batch = RunBatch.of(id, 1, revision).standing(Standing.owned()).build();
        commits.apply(batch, answer -> told(id, answer.outcome()), failures::add, mayWait);
    }

    private void told(String id, BatchAnswer.Outcome outcome) {
        answers.computeIfAbsent(id, key -> new CopyOnWriteArrayList<>())
                .add(new Answer(outcome, Thread.currentThread()));
    }

    private void awaitAnswers(String id, int count) {
        await().atMost(PATIENCE).until(() -> answers.getOrDefault(id, List.of()).size() == count);
    }

    private record Answer(BatchAnswer.Outcome outcome, Thread by) {}
}
