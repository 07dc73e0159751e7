package dev.flowengine.jdbc;

import dev.flowengine.persistence.tck.ExecutionStoreContract;
import dev.flowengine.persistence.tck.StoreFixture;

class PostgresStoreTest extends ExecutionStoreContract {

    @Override
    protected StoreFixture open() {
        TestDatabase database = PostgresServer.database();
        return new JdbcFixture(database.dataSource(), database::clear);
    }
}
