package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.Claim;
import dev.flowengine.persistence.ClaimRequest;
import dev.flowengine.persistence.Message;
import dev.flowengine.persistence.MessageType;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.PurgeRequest;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Everybody at once, each with many rows in an order of its own. */
@DisplayName("R9 locks in one order")
class ContentionTest {
    private static final int RUNS = 120;
    private static final int WORKERS = 3;
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final int ROUNDS = 20_000;

    @ParameterizedTest
    @EnumSource(Database.class)
    void workers_posters_and_purges_come_to_an_end_together(Database kind) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(WORKERS + 2);
        try (Database.Opened opened = kind.open()) {
            JdbcExecutionStore store = opened.store();
            create(store);
            AtomicInteger left = new AtomicInteger(RUNS);
            CyclicBarrier beginning = new CyclicBarrier(WORKERS + 2);
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                String worker = "worker-" + i;
                all.add(executor.submit(() -> {
                    beginning.await();
                    return work(opened.store(), worker, left);
                }));
            }
            Future<Integer> purged = executor.submit(() -> {
                beginning.await();
                return purge(store, left);
            });
            Future<Integer> posted = executor.submit(() -> {
                beginning.await();
                return post(store, left);
            });

            int ended = 0;
            for (Future<Integer> one : all) {
                ended += one.get();
            }
            assertThat(ended).isEqualTo(RUNS);
            assertThat(posted.get()).isPositive();
            int rest = store.purge(PurgeRequest.keeping(ExecutionStatus.COMPLETED, 0, RUNS));
            assertThat(purged.get() + rest).isEqualTo(RUNS);
            assertThat(store.query(RunQuery.all(1)).runs()).isEmpty();
        } finally {
            executor.shutdownNow();
        }
    }

    private static void create(JdbcExecutionStore store) {
        List<NewRun> runs = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            runs.add(Runs.claimable("run-" + i));
        }
        store.create(runs);
    }

    /** Claims runs, writes to all of them together in any order, hands some back, and ends the others. */
    private static int work(JdbcExecutionStore store, String worker, AtomicInteger left) {
        Random random = new Random(worker.hashCode());
        int ended = 0;
        for (int round = 0; left.get() > 0; round++) {
            assertThat(round).isLessThan(ROUNDS);
            store.renew(worker, LEASE);
            List<Claim> claims = new ArrayList<>(store.claim(new ClaimRequest(worker, Set.of(Runs.FLOW), 10)));
            Collections.shuffle(claims, random);
            List<RunBatch> steps = new ArrayList<>();
            List<RunBatch> ends = new ArrayList<>();
            List<String> back = new ArrayList<>();
            for (Claim claim : claims) {
                long revision = store.find(claim.executionId())
                        .orElseThrow()
                        .ownership()
                        .revision();
                steps.add(RunBatch.of(claim.executionId(), claim.epoch(), revision + 1)
                        .insert(Runs.completed("node-" + revision))
                        .build());
                if (random.nextInt(4) == 0) {
                    back.add(claim.executionId());
                } else {
                    ends.add(RunBatch.of(claim.executionId(), claim.epoch(), revision + 2)
                            .state(Runs.COMPLETED)
                            .build());
                }
            }
            assertThat(store.apply(steps)).allMatch(BatchAnswer.applied()::equals);
            assertThat(store.release(worker, back)).isEqualTo(back.size());
            Collections.shuffle(ends, random);
            assertThat(store.apply(ends)).allMatch(BatchAnswer.applied()::equals);
            ended += ends.size();
            left.addAndGet(-ends.size());
        }
        return ended;
    }

    private static int purge(JdbcExecutionStore store, AtomicInteger left) {
        int removed = 0;
        for (int round = 0; left.get() > 0; round++) {
            assertThat(round).isLessThan(ROUNDS);
            removed += store.purge(PurgeRequest.keeping(ExecutionStatus.COMPLETED, 0, 7));
        }
        return removed;
    }

    private static int post(JdbcExecutionStore store, AtomicInteger left) {
        int posted = 0;
        for (int round = 0; posted == 0 || left.get() > 0; round++) {
            assertThat(round).isLessThan(ROUNDS);
            store.post("run-" + round % RUNS, Message.control("m" + round, MessageType.PAUSE, "", ""));
            posted++;
        }
        return posted;
    }
}
