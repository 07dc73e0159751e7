package dev.flowengine.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.ExecutionStore;
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
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.testing.Threads;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("R8 R13 one execution's writes that fail do not hold up the others")
@Timeout(120)
class WriteLanesTest {
    private static final FlowKey FLOW = new FlowKey("orders", "1");
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String STUCK = "stuck";

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final Map<String, List<BatchAnswer.Outcome>> answers = new ConcurrentHashMap<>();
    private final List<RuntimeException> failures = new CopyOnWriteArrayList<>();
    private volatile boolean isStuck = true;

    @ParameterizedTest(name = "{0} lanes")
    @ValueSource(ints = {1, 3})
    @DisplayName(
            "a write with which alone the store fails for the moment waits, and so does what follows of its execution")
    void others_go_on(int lanes) throws Exception {
        GroupCommit commits = new GroupCommit(failingFor(STUCK), lanes, 256, Thread::new);
        create(commits, STUCK);
        for (int i = 0; i < 40; i++) {
            create(commits, "r" + i);
        }
        await().atMost(PATIENCE).until(() -> answers.size() == 41);
        for (int revision = 1; revision <= 3; revision++) {
            apply(commits, STUCK, revision);
            for (int i = 0; i < 40; i++) {
                apply(commits, "r" + i, revision);
            }
        }

        await().atMost(PATIENCE).until(() -> sum() == 41 + 3 * 40);
        assertThat(answered(STUCK)).isEqualTo(1);
        assertThat(commits.failing()).as("health says so").isPresent();

        isStuck = false;
        await().atMost(PATIENCE).until(() -> answered(STUCK) == 4);
        assertThat(answers.values()).allSatisfy(each -> assertThat(each).containsOnly(BatchAnswer.Outcome.APPLIED));
        await().atMost(PATIENCE).until(() -> commits.failing().isEmpty());
        assertThat(commits.close(PATIENCE)).isTrue();
        assertThat(failures).isEmpty();
    }

    @Test
    @DisplayName("R37 a close gives up what still waits")
    void a_close_gives_up_what_still_waits() throws Exception {
        GroupCommit commits = new GroupCommit(failingFor(STUCK), 1, 256, Thread::new);
        create(commits, STUCK);
        await().atMost(PATIENCE).until(() -> answered(STUCK) == 1);
        apply(commits, STUCK, 1);
        await().atMost(PATIENCE).until(() -> commits.failing().isPresent());
        apply(commits, STUCK, 2);

        assertThat(commits.close(Duration.ofMillis(1))).isFalse();

        assertThat(failures).hasSize(2).hasOnlyElementsOfType(GroupCommit.Closed.class);
    }

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {1, 2, 8})
    @DisplayName("the writes of an execution keep their order in all lanes, whatever fails meanwhile")
    void order_is_kept(int threads) throws Exception {
        FaultyExecutionStore faulty = FaultyExecutionStore.of(memory);
        GroupCommit commits = new GroupCommit(faulty, 3, 256, Thread::new);
        Threads.together(threads, thread -> {
            for (int run = thread; run < 40; run += threads) {
                create(commits, "r" + run);
                for (int revision = 1; revision <= 20; revision++) {
                    apply(commits, "r" + run, revision);
                }
                if (run % 7 == 0) {
                    faulty.failAfter(1);
                    faulty.failBefore(2);
                }
            }
        });

        await().atMost(PATIENCE).until(() -> sum() == 40 * 21);
        assertThat(commits.close(PATIENCE)).isTrue();
        assertThat(failures).isEmpty();
        assertThat(answers.values()).allSatisfy(each -> assertThat(each).containsOnly(BatchAnswer.Outcome.APPLIED));
    }

    /** A store that fails for the moment whenever a batch of a run is among what it is to write. */
    private ExecutionStore failingFor(String run) {
        return new ForwardingExecutionStore(memory) {
            @Override
            public List<BatchAnswer> apply(List<RunBatch> batches) {
                if (isStuck
                        && batches.stream()
                                .anyMatch(batch -> batch.executionId().equals(run))) {
                    throw StoreException.transientFailure("somebody holds a row of " + run, null);
                }
                return super.apply(batches);
            }
        };
    }

    private void create(GroupCommit commits, String id) {
        NewRun run = NewRun.owned(
                RunHeader.of(id, FLOW, "t", NOON).build(),
                RunInput.NONE,
                RunState.open(ExecutionStatus.RUNNING, Optional.of(NOON)),
                "worker");
        commits.create(run, answer -> told(id, BatchAnswer.Outcome.APPLIED), failures::add);
    }

    private void apply(GroupCommit commits, String id, int revision) {
        RunBatch batch = RunBatch.of(id, 1, revision).standing(Standing.owned()).build();
        commits.apply(batch, answer -> told(id, answer.outcome()), failures::add, false);
    }

    private void told(String id, BatchAnswer.Outcome outcome) {
        answers.computeIfAbsent(id, key -> new CopyOnWriteArrayList<>()).add(outcome);
    }

    private int answered(String id) {
        return answers.getOrDefault(id, List.of()).size();
    }

    private int sum() {
        return answers.values().stream().mapToInt(List::size).sum();
    }
}
