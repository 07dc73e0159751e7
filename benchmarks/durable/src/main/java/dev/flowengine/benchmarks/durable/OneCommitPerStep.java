package dev.flowengine.benchmarks.durable;

import dev.flowengine.jdbc.JdbcExecutionStore;
import java.sql.Connection;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What one writes without an engine: a transaction that begins a flow, and one after each step. */
final class OneCommitPerStep implements Contender {
    private @Nullable DataSource dataSource;
    private @Nullable StepTimes times;

    @Override
    public String name() {
        return "JDBC, commit per step";
    }

    @Override
    public void open(DataSource pool, StepTimes to) {
        JdbcExecutionStore.create(pool);
        dataSource = pool;
        times = to;
    }

    @Override
    public void run(long flow) throws Exception {
        if (dataSource == null || times == null) {
            throw new IllegalStateException("not open");
        }
        String runId = UUID.randomUUID().toString();
        for (int step = 0; step <= STEPS; step++) {
            if (step > 0) {
                times.step(flow);
            }
            // As anybody would who does not want to hold a connection while a step is at work.
            try (Connection connection = dataSource.getConnection()) {
                connection.setAutoCommit(false);
                try (PlainRows rows = new PlainRows(connection)) {
                    if (step == 0) {
                        rows.begin(flow, runId);
                    } else {
                        rows.step(flow, runId, step);
                    }
                    rows.flush();
                }
                connection.commit();
            }
        }
        times.ended(flow);
    }
}
