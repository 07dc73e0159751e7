package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.Claim;
import dev.flowengine.persistence.ClaimRequest;
import dev.flowengine.persistence.Message;
import dev.flowengine.persistence.MessageType;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everybody repeats what failed, with the same arguments, until the database is back: nothing is lost, nothing done twice. */
@DisplayName("R8 a database that is restarted under load")
class RestartTest {
    private static final int OWNERS = 3;
    private static final int KINDS = OWNERS + 3;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    static Path folder;

    private final Set<String> failed = ConcurrentHashMap.newKeySet();
    private final AtomicInteger done = new AtomicInteger();
    private final ExecutorService executor = Executors.newFixedThreadPool(KINDS);
    private volatile boolean goesOn = true;

    @AfterEach
    void end() {
        goesOn = false;
        executor.shutdownNow();
    }

    @Test
    void nothing_is_lost_and_nothing_done_twice() throws Exception {
        try (RestartableServer server = new RestartableServer(folder);
                HikariDataSource pool = server.pool(KINDS)) {
            JdbcExecutionStore store =
                    JdbcExecutionStore.builder(pool).createSchema(true).build();
            store.renew(Runs.WORKER, Duration.ofHours(1));
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < OWNERS; i++) {
                String id = "owned-" + i;
                store.create(Runs.owned(id));
                all.add(executor.submit(() -> own(store, id)));
            }
            store.create(Runs.owned("posted"));
            all.add(executor.submit(() -> post(store)));
            all.add(executor.submit(() -> claim(store)));
            all.add(executor.submit(() -> renew(store)));
            await().atMost(PATIENCE).until(() -> done.get() > 100);

            server.stop();
            await().atMost(PATIENCE).until(() -> failed.size() == KINDS);
            server.start();
            int before = done.get();
            await().atMost(PATIENCE).until(() -> done.get() > before + 100);
            goesOn = false;
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    /** Batches one after the other: all of them are there, each once. */
    private Void own(JdbcExecutionStore store, String id) {
        long revision = 0;
        for (; goesOn; revision++) {
            RunBatch batch = RunBatch.of(id, 1, revision + 1)
                    .insert(Runs.completed("n" + revision))
                    .step(Runs.step("s" + revision))
                    .build();
            assertThat(repeat(id, () -> store.apply(batch))).isEqualTo(BatchAnswer.applied());
        }
        RunImage image = store.load(id).orElseThrow();
        assertThat(image.run().ownership().revision()).isEqualTo(revision);
        assertThat(image.nodes()).hasSize((int) revision);
        assertThat(image.steps()).hasSize((int) revision);
        return null;
    }

    private Void post(JdbcExecutionStore store) {
        int posted = 0;
        for (; goesOn; posted++) {
            Message message = Message.control("m" + posted, MessageType.PAUSE, "", "");
            repeat("posting", () -> store.post("posted", message));
        }
        assertThat(store.messages("posted")).hasSize(posted);
        return null;
    }

    /** What was claimed, or may have been, is owned; all of it under the first epoch. */
    private Void claim(JdbcExecutionStore store) {
        Set<String> claimed = ConcurrentHashMap.newKeySet();
        int created = 0;
        for (; goesOn; created++) {
            String id = "claimed-" + created;
            repeat("claiming", () -> store.create(Runs.claimable(id)));
            ClaimRequest request = new ClaimRequest(Runs.WORKER, Set.of(Runs.FLOW), 10);
            List<Claim> claims = repeat("claiming", () -> store.claim(request));
            claims.forEach(claim -> assertThat(claimed.add(claim.executionId())).isTrue());
        }
        List<Claim> owned = store.owned(Runs.WORKER).stream()
                .filter(claim -> claim.executionId().startsWith("claimed-"))
                .toList();
        assertThat(owned).hasSize(created).allMatch(claim -> claim.epoch() == 1);
        assertThat(owned).extracting(Claim::executionId).containsAll(claimed);
        return null;
    }

    private Void renew(JdbcExecutionStore store) {
        while (goesOn) {
            assertThat(repeat("renewing", () -> store.renew(Runs.WORKER, Duration.ofHours(1)))
                            .lapsed())
                    .isFalse();
        }
        return null;
    }

    /** The pool waits for the database, so that nobody need pause. */
    private <T> T repeat(String who, Supplier<T> call) {
        while (true) {
            try {
                T answer = call.get();
                done.incrementAndGet();
                return answer;
            } catch (StoreException e) {
                assertThat(e.isTransient()).as("%s", e).isTrue();
                failed.add(who);
            }
        }
    }
}
