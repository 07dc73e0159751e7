package dev.flowengine.benchmarks.durable;

import dev.flowengine.jdbc.JdbcExecutionStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The same rows as {@link OneCommitPerStep} writes, of {@value #BATCH} flows at a time: a commit takes one step of each of
 * them. About as fast as these rows can be written by hand; as many threads write as there are such groups of flows.
 */
final class BatchedSteps implements Contender {
    private static final int BATCH = 64;

    private @Nullable DataSource dataSource;
    private @Nullable StepTimes times;

    @Override
    public String name() {
        return "JDBC, 64 steps per commit";
    }

    @Override
    public int flowsPerCall() {
        return BATCH;
    }

    @Override
    public int callers(int concurrent) {
        return Math.max(1, concurrent / BATCH);
    }

    @Override
    public void open(DataSource pool, StepTimes to) {
        JdbcExecutionStore.create(pool);
        dataSource = pool;
        times = to;
    }

    @Override
    public void run(long first) throws SQLException {
        if (dataSource == null || times == null) {
            throw new IllegalStateException("not open");
        }
        List<String> runIds = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            runIds.add(UUID.randomUUID().toString());
        }
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (PlainRows rows = new PlainRows(connection)) {
                for (int i = 0; i < BATCH; i++) {
                    rows.begin(first + i, runIds.get(i));
                }
                rows.flush();
                connection.commit();
                for (int step = 1; step <= STEPS; step++) {
                    for (int i = 0; i < BATCH; i++) {
                        times.step(first + i);
                        rows.step(first + i, runIds.get(i), step);
                    }
                    rows.flush();
                    connection.commit();
                }
                for (int i = 0; i < BATCH; i++) {
                    times.ended(first + i);
                }
            }
        }
    }
}
