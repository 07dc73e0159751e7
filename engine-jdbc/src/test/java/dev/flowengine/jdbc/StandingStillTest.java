package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.Claim;
import dev.flowengine.persistence.ClaimRequest;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.StoreException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** As a process is that was stopped, or whose machine is asleep: connected, and silent in the middle of a transaction. */
@DisplayName("R4 S43 a worker that stands still in the middle of a transaction")
@Timeout(300)
class StandingStillTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LEASE = Duration.ofMinutes(1);

    private final CountDownLatch wakes = new CountDownLatch(1);
    private final CountDownLatch stands = new CountDownLatch(1);
    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    @AfterEach
    void end() {
        wakes.countDown();
        executor.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRESQL", "MARIADB"})
    @DisplayName("of a batch is taken over all the same, and its batch counts no more")
    void of_a_batch(Database kind) throws Exception {
        try (Database.Opened opened = kind.open()) {
            JdbcExecutionStore store = opened.store();
            store.renew(Runs.WORKER, LEASE);
            store.create(Runs.owned("r"));
            RunBatch batch = RunBatch.of("r", 1, 1).step(Runs.step("s")).build();
            JdbcExecutionStore standing = standing(opened);
            Future<?> call = executor.submit(() -> fails(() -> standing.apply(batch)));
            stands.await();

            assertThat(claimed(opened)).containsExactly("r");
            wakes.countDown();
            call.get();

            assertThat(standing.apply(batch)).isEqualTo(BatchAnswer.fenced());
            assertThat(store.load("r").orElseThrow().steps()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRESQL", "MARIADB"})
    @DisplayName("of a heartbeat is taken over all the same")
    void of_a_heartbeat(Database kind) throws Exception {
        try (Database.Opened opened = kind.open()) {
            opened.store().renew(Runs.WORKER, LEASE);
            opened.store().create(Runs.owned("r"));
            JdbcExecutionStore standing = standing(opened);
            Future<?> call = executor.submit(() -> fails(() -> standing.renew(Runs.WORKER, LEASE)));
            stands.await();

            assertThat(claimed(opened)).containsExactly("r");
            wakes.countDown();
            call.get();

            assertThat(standing.owned(Runs.WORKER)).isEmpty();
        }
    }

    private static void fails(Runnable call) {
        try {
            call.run();
            throw new AssertionError("nobody has undone the transaction");
        } catch (StoreException e) {
            assertThat(e.isTransient()).as("%s", e).isTrue();
        }
    }

    /** Asks, by a clock that is ahead, until somebody else gets something. */
    private static List<String> claimed(Database.Opened opened) {
        JdbcExecutionStore other = JdbcExecutionStore.builder(opened.database().dataSource())
                .clockOffset(() -> LEASE.multipliedBy(2))
                .build();
        other.renew("other", LEASE);
        List<String> claimed = new ArrayList<>();
        await().atMost(PATIENCE).until(() -> {
            other.claim(new ClaimRequest("other", Set.of(Runs.FLOW), 10)).stream()
                    .map(Claim::executionId)
                    .forEach(claimed::add);
            return !claimed.isEmpty();
        });
        return claimed;
    }

    /** A store that stands still before its first commit. */
    private JdbcExecutionStore standing(Database.Opened opened) {
        return JdbcExecutionStore.builder(
                        new StandingDataSource(opened.database().dataSource()))
                .statementTimeout(Duration.ofSeconds(1))
                .build();
    }

    private final class StandingDataSource extends PlainDataSource {
        private final DataSource inner;

        StandingDataSource(DataSource inner) {
            this.inner = inner;
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = inner.getConnection();
            return (Connection) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("commit")
                                && Thread.currentThread().getName().startsWith("pool-")) {
                            stands.countDown();
                            wakes.await();
                        }
                        try {
                            return method.invoke(connection, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }
}
