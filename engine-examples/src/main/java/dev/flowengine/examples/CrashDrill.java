package dev.flowengine.examples;

import com.zaxxer.hikari.HikariDataSource;
import dev.flowengine.jdbc.JdbcExecutionStore;
import dev.flowengine.persistence.RunImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.ObjIntConsumer;

/**
 * Has a flow begun by one process, which is killed in the middle of it, and ended by another. Nothing is waited for but
 * what the processes write, and for nothing for ever.
 */
final class CrashDrill {
    private final DatabaseAddress database;
    private final int nodes;
    private final Path folder;
    private final ObjIntConsumer<String> progress;
    private final String version;
    private final Set<String> beforeKill = new TreeSet<>();
    private final Set<String> afterKill = new TreeSet<>();
    private String executionId = "";

    /**
     * Creates it.
     *
     * @param database where the execution is kept
     * @param nodes how many there are, at least 2
     * @param folder for files; empty
     * @param progress is told what happens, and how many nodes are recorded as completed then
     */
    CrashDrill(DatabaseAddress database, int nodes, Path folder, ObjIntConsumer<String> progress) {
        this.database = database;
        this.nodes = nodes;
        this.folder = folder;
        this.progress = progress;
        // Executions that earlier drills have left in the database are not to be gone on with.
        this.version = nodes + "-" + UUID.randomUUID();
    }

    RecoveryReport run() throws IOException, InterruptedException {
        begin();
        goOn();
        try (HikariDataSource pool = database.pool()) {
            RunImage image = JdbcExecutionStore.builder(pool)
                    .build()
                    .load(executionId)
                    .orElseThrow(
                            () -> new ChildFailedException("execution " + executionId + " is not in the database"));
            return RecoveryReport.of(nodes, image, bodies().beginnings(), beforeKill, afterKill);
        }
    }

    private void begin() throws IOException, InterruptedException {
        // On a busy machine the process may be far ahead of what is read here: it halts, so that it is killed in any
        // case.
        int haltAt = (nodes * 3 + 3) / 4;
        try (ChildProcess first = start("process-1", "--halt-at", String.valueOf(haltAt))) {
            tell("process " + first.pid() + " begins");
            while (executionId.isEmpty() || beforeKill.size() < nodes / 2) {
                String line = first.nextLine()
                        .orElseThrow(() -> new ChildFailedException(
                                "process " + first.pid() + " ended before it was killed" + first.lastError()));
                take(line, beforeKill);
            }
            first.kill();
            for (Optional<String> line = first.nextLine(); line.isPresent(); line = first.nextLine()) {
                take(line.get(), beforeKill);
            }
            tell("process " + first.pid() + " is killed after " + beforeKill.size() + " of " + nodes + " nodes");
        }
    }

    private void goOn() throws IOException, InterruptedException {
        try (ChildProcess second = start("process-2", "--execution", executionId)) {
            tell("process " + second.pid() + " goes on");
            for (Optional<String> line = second.nextLine(); line.isPresent(); line = second.nextLine()) {
                take(line.get(), afterKill);
            }
            int exitCode = second.exitCode();
            if (exitCode != 0) {
                throw new ChildFailedException(
                        "process " + second.pid() + " ended with exit code " + exitCode + second.lastError());
            }
            tell("process " + second.pid() + " ends");
        }
    }

    private ChildProcess start(String name, String option, String value) throws IOException {
        List<String> args = new ArrayList<>(List.of("crash-recovery-process", "--nodes", String.valueOf(nodes)));
        args.addAll(
                List.of("--flow-version", version, "--bodies", bodies().file().toString(), option, value));
        return ChildProcess.start(args, database.lines(), folder.resolve(name + ".err"));
    }

    private void take(String line, Set<String> completed) {
        if (line.endsWith(CrashProcessCommand.STARTED)) {
            executionId = line.substring(0, line.length() - CrashProcessCommand.STARTED.length());
        } else if (line.endsWith(CrashProcessCommand.COMPLETED)) {
            completed.add(line.substring(0, line.length() - CrashProcessCommand.COMPLETED.length()));
            tell("");
        }
    }

    private void tell(String what) {
        progress.accept(what, beforeKill.size() + afterKill.size());
    }

    private BodyLog bodies() {
        return new BodyLog(folder.resolve("bodies"));
    }
}
