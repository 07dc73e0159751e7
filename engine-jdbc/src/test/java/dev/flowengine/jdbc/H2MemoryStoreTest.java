package dev.flowengine.jdbc;

import dev.flowengine.persistence.tck.ExecutionStoreContract;
import dev.flowengine.persistence.tck.StoreFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class H2MemoryStoreTest extends ExecutionStoreContract {
    private static TestDatabase database;

    @BeforeAll
    static void start() {
        database = H2Databases.inMemory();
    }

    @AfterAll
    static void end() {
        database.close();
    }

    @Override
    protected StoreFixture open() {
        return new JdbcFixture(database.dataSource(), database::clear);
    }
}
