package dev.flowengine.examples;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a database is. It goes from process to process by their input: what stands on a command line is seen by everybody.
 *
 * @param url the JDBC URL
 * @param user who connects; empty if the URL says it
 * @param password of the user; empty if there is none, or the URL says it
 */
record DatabaseAddress(String url, String user, String password) {
    private static final int CONNECTIONS = 8;

    /** A new H2 database. */
    static DatabaseAddress inFolder(Path folder) {
        return of("jdbc:h2:file:" + folder.resolve("flows"), "sa", "");
    }

    /**
     * A database that has written what it has committed. H2 does so half a second later, unless it is told otherwise: a kill
     * takes what was committed since then.
     */
    static DatabaseAddress of(String url, String user, String password) {
        boolean writesLater = url.startsWith("jdbc:h2:")
                && !url.startsWith("jdbc:h2:tcp:")
                && !url.startsWith("jdbc:h2:ssl:")
                && !url.toUpperCase(Locale.ROOT).contains(";WRITE_DELAY=");
        return new DatabaseAddress(writesLater ? url + ";WRITE_DELAY=0" : url, user, password);
    }

    /** Reads what {@link #lines()} has written. */
    static DatabaseAddress read(BufferedReader in) throws IOException {
        return new DatabaseAddress(line(in), line(in), line(in));
    }

    /** Three lines. */
    String lines() {
        return url + "\n" + user + "\n" + password + "\n";
    }

    /** The kind of database, such as {@code jdbc:h2:}: the rest of the URL may hold a password. */
    String kind() {
        int end = url.indexOf(':', url.indexOf(':') + 1);
        return end < 0 ? OneLine.of(url) : OneLine.of(url.substring(0, end + 1));
    }

    /** Connects once. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(url, unlessEmpty(user), unlessEmpty(password));
    }

    /** Connects as often as an engine needs it. */
    HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(unlessEmpty(user));
        config.setPassword(unlessEmpty(password));
        config.setMaximumPoolSize(CONNECTIONS);
        // H2 closes a database that nobody is connected to.
        config.setMinimumIdle(1);
        return new HikariDataSource(config);
    }

    private static @Nullable String unlessEmpty(String text) {
        return text.isEmpty() ? null : text;
    }

    private static String line(BufferedReader in) throws IOException {
        String line = in.readLine();
        if (line == null) {
            throw new ChildFailedException("the input ends before URL, user and password of the database");
        }
        return line;
    }

    /** Hides the password. */
    @Override
    public String toString() {
        return kind();
    }
}
