package dev.flowengine.jdbc;

import dev.flowengine.persistence.tck.ExecutionStoreContract;
import dev.flowengine.persistence.tck.StoreFixture;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class H2FileStoreTest extends ExecutionStoreContract {
    @TempDir
    static Path folder;

    @Override
    protected StoreFixture open() {
        TestDatabase database = H2Databases.inFile(folder);
        return new JdbcFixture(database.dataSource(), database::close);
    }
}
