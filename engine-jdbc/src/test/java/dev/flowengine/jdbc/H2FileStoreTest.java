package dev.flowengine.jdbc;

import dev.flowengine.persistence.tck.ExecutionStoreContract;
import dev.flowengine.persistence.tck.StoreFixture;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class H2FileStoreTest extends ExecutionStoreContract {
    @TempDir
    static Path folder;

    private static TestDatabase database;

    @BeforeAll
    static void start() {
        database = H2Databases.inFile(folder);
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
