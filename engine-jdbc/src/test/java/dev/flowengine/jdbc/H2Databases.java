package dev.flowengine.jdbc;

import java.nio.file.Path;
import java.util.UUID;

/** Databases of H2, which end with their last connection. */
final class H2Databases {

    private H2Databases() {}

    static TestDatabase inMemory() {
        return TestDatabase.at("jdbc:h2:mem:" + UUID.randomUUID(), "sa", "");
    }

    static TestDatabase inFile(Path folder) {
        return TestDatabase.at("jdbc:h2:file:" + folder.resolve("flows-" + UUID.randomUUID()), "sa", "");
    }
}
