package dev.flowengine.examples;

import com.zaxxer.hikari.HikariDataSource;
import dev.flowengine.jdbc.JdbcExecutionStore;
import dev.flowengine.persistence.StoreException;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The example of durability: a process is killed in the middle of a flow, and another one goes on. */
@Command(
        name = "crash-recovery",
        description = {
            "Runs a flow in a process of its own, kills that in the middle, has another process go on, and shows which "
                    + "bodies ran once and which ran again: those that the kill interrupted.",
            "The exit code is 0 if the execution completed and no node was recorded as completed twice."
        })
final class CrashRecoveryCommand implements Callable<Integer> {
    private static final int MOST_NODES = 10_000;

    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "200",
            description = "How many nodes the flow has, with its trigger (default: ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(
            names = "--jdbc-url",
            paramLabel = "URL",
            description =
                    "A database that outlives a process; default: H2 on a temporary file. Missing tables (fe_...) are "
                            + "created, and the execution stays there. The driver of another database than H2 must be on the class "
                            + "path: java -cp engine-examples.jar:driver.jar dev.flowengine.examples.Main crash-recovery ... "
                            + "H2 is told to write at each commit (WRITE_DELAY=0), unless the URL says otherwise.")
    private @Nullable String url;

    @Option(names = "--user", paramLabel = "USER", description = "Who connects to the database.")
    private @Nullable String user;

    @Option(names = "--password", paramLabel = "PASSWORD", description = "The password of the user.")
    private @Nullable String password;

    @Option(
            names = "--json",
            description = "Print one JSON object instead of text: nodes, completed, recordedTwice (all three numbers), "
                    + "repeatedAttempts (the ids of the nodes whose body ran again) and status.")
    private boolean json;

    CrashRecoveryCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        checkOptions();
        try (TemporaryFolder folder = TemporaryFolder.create()) {
            DatabaseAddress database = url == null
                    ? DatabaseAddress.inFolder(folder.path())
                    : DatabaseAddress.of(url, text(user), text(password));
            prepare(database);
            RecoveryReport report = new CrashDrill(database, nodes, folder.path(), this::show).run();
            if (json) {
                console.line(JsonLine.of(report.entries()));
            } else {
                report.lines().forEach(console::line);
            }
            return report.succeeded() ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }

    private void checkOptions() {
        if (nodes < 2 || nodes > MOST_NODES) {
            throw wrong("--nodes is " + nodes + "; expected a number from 2 to " + MOST_NODES);
        }
        if (url == null && (user != null || password != null)) {
            throw wrong((user == null ? "--password" : "--user") + " needs --jdbc-url");
        }
        if (url != null && url.startsWith("jdbc:h2:mem:")) {
            throw wrong("--jdbc-url is a database in memory, which is lost with its process");
        }
    }

    /** Finds out whether the database can be used before anything is started. */
    private void prepare(DatabaseAddress database) {
        try {
            DriverManager.getDriver(database.url());
        } catch (SQLException none) {
            throw wrong("--jdbc-url: no driver on the class path takes '" + database.kind() + "'");
        }
        try {
            // A pool would try for half a minute.
            database.connect().close();
            createTables(database);
        } catch (SQLException | StoreException | IllegalArgumentException unusable) {
            throw wrong("--jdbc-url: the database cannot be used: " + OneLine.of(unusable));
        }
    }

    private static void createTables(DatabaseAddress database) {
        try (HikariDataSource pool = database.pool()) {
            JdbcExecutionStore.builder(pool).createSchema(true).build();
        }
    }

    private void show(String what, int completed) {
        if (json) {
            return;
        }
        Bar bar = new Bar(console);
        if (!what.isEmpty()) {
            if (console.isTerminal()) {
                bar.clear();
            }
            console.line(what);
        }
        if (console.isTerminal() && completed < nodes) {
            bar.show(completed, nodes);
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
