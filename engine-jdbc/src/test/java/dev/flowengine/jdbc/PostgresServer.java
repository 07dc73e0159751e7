package dev.flowengine.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;

/** One PostgreSQL server for all tests of this process, as durable as in production. It ends with the process. */
final class PostgresServer {
    private static final EmbeddedPostgres SERVER = start();
    private static final TestDatabase DATABASE = TestDatabase.over(SERVER.getPostgresDatabase());

    private PostgresServer() {}

    static TestDatabase database() {
        return DATABASE;
    }

    /** Where other processes find the same database. */
    static String url() {
        return SERVER.getJdbcUrl("postgres", "postgres");
    }

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
