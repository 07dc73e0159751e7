package dev.flowengine.jdbc;

import dev.flowengine.persistence.tck.ExecutionStoreContract;
import dev.flowengine.persistence.tck.StoreFixture;

class MariaDbStoreTest extends ExecutionStoreContract {

    @Override
    protected StoreFixture open() {
        TestDatabase database = MariaDbServer.database();
        return new JdbcFixture(database.dataSource(), database::clear);
    }
}
