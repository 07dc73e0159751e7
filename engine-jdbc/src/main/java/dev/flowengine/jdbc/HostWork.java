package dev.flowengine.jdbc;

import dev.flowengine.persistence.StepRecord;
import dev.flowengine.persistence.TransactionalSteps;
import java.sql.Connection;

/** Work of the host's in transactions on connections of the store's. */
final class HostWork implements TransactionalSteps {
    private final JdbcExecutionStore store;
    private final Transactions transactions;

    HostWork(JdbcExecutionStore store, Transactions transactions) {
        this.store = store;
        this.transactions = transactions;
    }

    @Override
    public boolean offers(Class<?> resource) {
        return resource == Connection.class;
    }

    @Override
    public <C> boolean record(String executionId, long epoch, Class<C> resource, Work<? super C> work)
            throws Exception {
        if (!offers(resource)) {
            throw new IllegalArgumentException("there are connections, but no " + resource.getName());
        }
        return transactions.forHost("a step in a transaction", connection -> {
            StepRecord step = work.with(resource.cast(OpenTransaction.over(connection)));
            return store.recordStep(connection, executionId, epoch, step);
        });
    }
}
