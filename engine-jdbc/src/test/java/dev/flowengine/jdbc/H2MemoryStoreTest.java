package dev.flowengine.jdbc;

import dev.flowengine.persistence.tck.ExecutionStoreContract;
import dev.flowengine.persistence.tck.StoreFixture;

class H2MemoryStoreTest extends ExecutionStoreContract {

    @Override
    protected StoreFixture open() {
        TestDatabase database = H2Databases.inMemory();
        return new JdbcFixture(database.dataSource(), database::close);
    }
}
