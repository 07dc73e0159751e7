package dev.flowengine.jdbc;

import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.tck.HostWork;
import dev.flowengine.persistence.tck.StoreFixture;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;

/** Two stores over one database, whose time is set forward together. */
final class JdbcFixture implements StoreFixture {
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private final JdbcExecutionStore store;
    private final JdbcExecutionStore another;
    private final DataSource dataSource;
    private final Runnable end;

    JdbcFixture(DataSource dataSource, Runnable end) {
        this.dataSource = dataSource;
        this.store = open(dataSource);
        this.another = open(dataSource);
        this.end = end;
    }

    private JdbcExecutionStore open(DataSource dataSource) {
        return JdbcExecutionStore.builder(dataSource)
                .createSchema(true)
                .clockOffset(ahead::get)
                .build();
    }

    @Override
    public ExecutionStore store() {
        return store;
    }

    @Override
    public ExecutionStore anotherStore() {
        return another;
    }

    @Override
    public void advance(Duration by) {
        ahead.updateAndGet(by::plus);
    }

    @Override
    public Optional<HostWork<?>> hostWork() {
        return Optional.of(new Ledger(dataSource));
    }

    @Override
    public void close() {
        end.run();
    }
}
