package dev.flowengine.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.flowengine.jdbc.JdbcExecutionStore;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.RunQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Processes that are really killed. Nothing here depends on how long anything takes. */
@Timeout(600)
class CrashRecoveryCommandTest {
    @TempDir
    Path folder;

    @Test
    void what_a_killed_process_has_begun_is_ended_by_another() {
        CommandRun run = CommandRun.of("crash-recovery", "--json");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.outLines()).hasSize(1);
        assertThat(run.jsonKeys()).containsExactly("nodes", "completed", "recordedTwice", "repeatedAttempts", "status");
        JsonNode json = run.json();
        assertThat(json.get("nodes").intValue()).isEqualTo(200);
        assertThat(json.get("completed").intValue()).isEqualTo(200);
        assertThat(json.get("recordedTwice").intValue()).isZero();
        assertThat(json.get("status").stringValue()).isEqualTo("COMPLETED");
        assertThat(json.get("repeatedAttempts").values())
                .as("only those that ran when the process was killed")
                .hasSizeLessThan(100);
    }

    @Test
    void text_tells_what_happens_and_what_came_of_it() {
        CommandRun run = CommandRun.onTerminal("crash-recovery", "--nodes", "21");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.outLines())
                .anyMatch(line -> line.matches(".*process \\d+ begins"))
                .anyMatch(line -> line.matches(".*process \\d+ is killed after 1\\d of 21 nodes"))
                .anyMatch(line -> line.matches(".*process \\d+ goes on"))
                .anyMatch(line -> line.matches(".*process \\d+ ends"))
                .anyMatch(line -> line.matches("status +COMPLETED"))
                .anyMatch(line -> line.matches("completed +21 of 21 nodes, 1\\d of them before the kill"))
                .anyMatch(line -> line.matches("recorded twice +none"))
                .anyMatch(line -> line.matches("ran once +\\d+ of 20 bodies"))
                .anyMatch(line -> line.matches("ran again +(none|n-0.*)"));
        assertThat(run.out()).contains("##", "10/21");
    }

    @Test
    void a_database_that_is_given_keeps_the_execution() {
        String url = "jdbc:h2:file:" + folder.resolve("mine");
        String[] command = {
            "crash-recovery", "--json", "--nodes", "30", "--jdbc-url", url, "--user", "me", "--password", "secret"
        };
        assertThat(CommandRun.of(command).exitCode()).isZero();
        assertThat(CommandRun.of(command).exitCode())
                .as("once more on the same database")
                .isZero();

        try (HikariDataSource pool = new DatabaseAddress(url, "me", "secret").pool()) {
            JdbcExecutionStore store = JdbcExecutionStore.builder(pool).build();
            assertThat(store.query(RunQuery.all(10)).runs())
                    .hasSize(2)
                    .allMatch(found -> found.state().status() == ExecutionStatus.COMPLETED);
        }
    }

    @Test
    void a_drill_kills_in_the_middle_and_leaves_no_body_out() throws Exception {
        DatabaseAddress database = DatabaseAddress.inFolder(folder);
        createTables(database);
        RecoveryReport report = new CrashDrill(database, 100, folder, (what, completed) -> {}).run();

        assertThat(report.succeeded()).isTrue();
        assertThat(report.beforeKill())
                .as("the process halts at three quarters")
                .isBetween(50, 75);
        assertThat(report.bodies()).hasSize(99);
        assertThat(report.bodies().keySet()).allMatch(attempt -> attempt.number() == 1);
        assertThat(report.bodies().values()).allMatch(times -> times <= 2);
    }

    @Test
    void what_is_recorded_twice_is_found() throws Exception {
        DatabaseAddress database = DatabaseAddress.inFolder(folder);
        createTables(database);
        String id = new CrashDrill(database, 2, folder, (what, completed) -> {})
                .run()
                .executionId();
        RunImage image;
        try (HikariDataSource pool = database.pool()) {
            image = JdbcExecutionStore.builder(pool).build().load(id).orElseThrow();
        }

        RecoveryReport told = RecoveryReport.of(2, image, Map.of(), Set.of("start"), new TreeSet<>(Set.of("start")));
        assertThat(told.succeeded()).isFalse();
        assertThat(told.recordedTwice()).containsExactly("start");

        RunImage doubled = new RunImage(
                image.run(),
                image.input(),
                Stream.concat(image.nodes().stream(), image.nodes().stream()).toList(),
                image.steps(),
                image.messages());
        RecoveryReport twice = RecoveryReport.of(2, doubled, Map.of(), Set.of(), Set.of());
        assertThat(twice.succeeded()).isFalse();
        assertThat(twice.recordedTwice()).containsExactly("n-001", "start");
    }

    @Test
    void a_temporary_folder_goes_with_all_that_is_in_it() throws IOException {
        Path path;
        try (TemporaryFolder temporary = TemporaryFolder.create()) {
            path = temporary.path();
            Files.createDirectories(path.resolve("a/b"));
            Files.writeString(path.resolve("a/file"), "x");
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void a_process_that_fails_says_why() throws Exception {
        try (ChildProcess child =
                ChildProcess.start(List.of("crash-recovery-process", "--nodes", "x"), "", folder.resolve("errors"))) {
            assertThat(child.nextLine()).isEqualTo(Optional.empty());
            assertThat(child.exitCode()).isEqualTo(2);
            assertThat(child.lastError()).startsWith(": ").contains("--nodes");
        }
    }

    @Test
    void a_process_without_a_database_says_so_in_one_line() {
        CommandRun run =
                CommandRun.of("crash-recovery-process", "--nodes", "2", "--flow-version", "1", "--bodies", "x");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errLines()).singleElement().asString().contains("the input ends");
    }

    private static void createTables(DatabaseAddress database) {
        try (HikariDataSource pool = database.pool()) {
            JdbcExecutionStore.builder(pool).createSchema(true).build();
        }
    }
}
