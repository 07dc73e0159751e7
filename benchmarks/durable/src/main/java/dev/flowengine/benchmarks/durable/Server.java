package dev.flowengine.benchmarks.durable;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/** A PostgreSQL server that loses nothing it has committed, below a folder of this machine. */
final class Server implements AutoCloseable {
    private final EmbeddedPostgres postgres;
    private final DataSource admin;

    private Server(EmbeddedPostgres postgres) {
        this.postgres = postgres;
        this.admin = postgres.getPostgresDatabase();
    }

    static Server start(Path folder) throws IOException {
        return new Server(EmbeddedPostgres.builder()
                .setDataDirectory(Files.createTempDirectory(folder, "durable-ratios"))
                .setCleanDataDirectory(true)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .start());
    }

    /** A pool over a new database. */
    HikariDataSource pool(String database, int connections) throws SQLException {
        try (Connection connection = admin.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database);
        }
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(postgres.getJdbcUrl("postgres", database));
        config.setMaximumPoolSize(connections);
        return new HikariDataSource(config);
    }

    /** What is set, for the report. */
    String settings() throws SQLException {
        return text("SELECT string_agg(name || '=' || setting, ', ' ORDER BY name) FROM pg_settings WHERE name IN"
                + " ('server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method')");
    }

    /** How many bytes have been written to the log ahead of the data, of the whole server. */
    long walBytes() throws SQLException {
        return Long.parseLong(text("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"));
    }

    /** How many rows have been inserted, updated and deleted in a database; closes its idle connections. */
    static long rows(HikariDataSource pool) throws SQLException {
        long before = -1;
        long now = 0;
        // Servers count a connection's rows when it ends.
        while (before != now) {
            pool.getHikariPoolMXBean().softEvictConnections();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
            before = now;
            try (Connection connection = pool.getConnection()) {
                now = Long.parseLong(text(
                        connection,
                        "SELECT COALESCE(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint FROM pg_stat_user_tables"));
            }
        }
        return now;
    }

    private String text(String sql) throws SQLException {
        try (Connection connection = admin.getConnection()) {
            return text(connection, sql);
        }
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            found.next();
            return found.getString(1);
        }
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
