package dev.flowengine.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** A database with the tables of a store, which each test finds empty. */
final class TestDatabase implements AutoCloseable {
    static final List<String> TABLES = List.of(
            "flow",
            "flow_node",
            "flow_connection",
            "run",
            "ownership",
            "node",
            "step",
            "message",
            "log",
            "audit",
            "purged",
            "worker",
            "mark",
            "counter",
            "counter_holder",
            "result_cache");
    private static final int CONNECTIONS = 12;

    private final HikariDataSource pool;

    private TestDatabase(HikariDataSource pool) {
        this.pool = pool;
    }

    static TestDatabase at(String url, String user, String password) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        return of(config);
    }

    static TestDatabase over(DataSource dataSource) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(dataSource);
        return of(config);
    }

    private static TestDatabase of(HikariConfig config) {
        config.setMaximumPoolSize(CONNECTIONS);
        // A database in memory lives as long as somebody is connected.
        config.setMinimumIdle(1);
        return new TestDatabase(new HikariDataSource(config));
    }

    DataSource dataSource() {
        return pool;
    }

    void clear() {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String table : TABLES) {
                statement.execute("DELETE FROM fe_" + table);
            }
            connection.commit();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    void execute(String sql) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /** The first column of what a query finds. */
    List<String> texts(String sql) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (row.next()) {
                texts.add(row.getString(1));
            }
            return texts;
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    long count(String table) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM fe_" + table)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(table, e);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
