package dev.flowengine.jdbc;

import dev.flowengine.persistence.tck.HostWork;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** A table of the host's in the database of the store. */
final class Ledger implements HostWork<Connection> {
    private final DataSource dataSource;

    Ledger(DataSource dataSource) {
        this.dataSource = dataSource;
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS ledger");
            statement.execute("CREATE TABLE ledger (line VARCHAR(100) NOT NULL)");
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public Class<Connection> resource() {
        return Connection.class;
    }

    @Override
    public void add(Connection connection, String line) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO ledger (line) VALUES (?)")) {
            insert.setString(1, line);
            insert.executeUpdate();
        }
    }

    @Override
    public List<String> done() {
        List<String> lines = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT line FROM ledger")) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
        return lines;
    }
}
