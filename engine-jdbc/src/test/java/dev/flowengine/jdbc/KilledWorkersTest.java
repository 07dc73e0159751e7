package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.persistence.AuditRecord;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Processes that are really killed and really stopped. Nothing here depends on how long anything takes. */
@DisplayName("R3 R4 S43 of several processes on one PostgreSQL one is killed and another stopped")
@EnabledOnOs(value = OS.LINUX, disabledReason = "processes are stopped by a signal, and asked about in /proc")
@Timeout(300)
class KilledWorkersTest {
    private static final int RUNS = 200;
    /** Of the processes that are killed and stopped: over soon. */
    private static final Duration SHORT = Duration.ofSeconds(2);
    /** Of the process that goes on: never over. */
    private static final Duration LONG = Duration.ofMinutes(10);

    /** What is kept of runs. The heartbeats are not. */
    private static final List<String> TABLES = List.of("run", "ownership", "node", "step", "message", "log", "audit");

    private final Database.Opened opened = Database.POSTGRESQL.open();
    private final JdbcExecutionStore store = opened.store();
    private final List<Worker> workers = new ArrayList<>();

    @AfterEach
    void end() {
        for (Worker worker : workers) {
            worker.close();
        }
        opened.close();
    }

    @Test
    @DisplayName("every run ends once, nothing that was recorded is done again, and the one that wakes changes nothing")
    void killed_and_stopped() throws Exception {
        Worker killed = start(SHORT, 30);
        Worker stopped = start(SHORT, 30);
        killed.tell("start " + RUNS / 2);
        stopped.tell("start 10");
        killed.awaitLines("started", RUNS / 2);
        awaitMiddle(killed);
        killed.kill();
        // So that it is in the middle of many things when it is stopped.
        stopped.tell("start " + (RUNS / 2 - 10));
        awaitMiddle(stopped);
        stopped.stop();
        Set<String> recorded = settledNodes();

        Worker third = start(LONG, 20);
        await().atMost(Worker.PATIENCE).until(() -> allThatGoesOnIsHeldBy(third));
        List<String> known = opened.database().texts("SELECT run_no FROM fe_run");
        Set<String> rows = rowsOf(known);
        stopped.tell("open");
        stopped.wake();
        stopped.awaitOwnsNothing();
        Set<String> changed = rowsOf(known);
        changed.removeAll(rows);
        assertThat(changed).as("written by the one that was stopped").isEmpty();

        third.tell("open");
        await().atMost(Worker.PATIENCE).until(() -> open().isEmpty());
        stopped.awaitLines("ended", RUNS / 2);
        assertThat(stopped.heard("ended"))
                .as("each is told once")
                .doesNotHaveDuplicates()
                .allMatch(line -> line.endsWith(" COMPLETED"));
        assertThat(stopped.exitCode()).isZero();
        assertThat(third.exitCode()).isZero();
        assertThat(third.heard("ran")).as("nothing recorded is done again").doesNotContainAnyElementsOf(recorded);
        assertThat(third.heard("ran")).as("nor anything twice").doesNotHaveDuplicates();
        assertAllEndedOnce();
    }

    private void assertAllEndedOnce() throws Exception {
        List<RunImage> images = images();
        assertThat(images)
                .allSatisfy(
                        image -> assertThat(endings(image.run().executionId())).hasSize(1));
        assertThat(images).hasSize(RUNS).allSatisfy(KilledWorkersTest::endedOnce);
        assertThat(images)
                .as("runs the third has taken over")
                .filteredOn(image -> image.run().ownership().epoch() > 1)
                .hasSizeGreaterThan(40);
    }

    /** Some of its runs have ended, and some are in the middle. */
    private static void awaitMiddle(Worker worker) {
        worker.awaitLines("ended", 10);
        worker.awaitLines("held", 20);
    }

    /** Each run that goes on has nothing left to do but what the worker holds. */
    private boolean allThatGoesOnIsHeldBy(Worker worker) {
        Set<String> held = Set.copyOf(worker.heard("held"));
        return open().stream()
                .allMatch(run -> held.contains(run.executionId())
                        && store.load(run.executionId()).orElseThrow().nodes().stream()
                                .allMatch(row -> row.status().isSettled()
                                        || row.key().nodeId().equals(WorkerFlow.MIDDLE)));
    }

    private static void endedOnce(RunImage image) {
        assertThat(image.run().state().status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(image.nodes())
                .extracting(row -> row.key().nodeId())
                .containsExactlyInAnyOrderElementsOf(WorkerFlow.NODES);
        assertThat(image.nodes()).extracting(NodeRecord::status).containsOnly(NodeStatus.COMPLETED);
    }

    /** What the audit says of how a run ended. */
    private List<ExecutionStatus> endings(String id) {
        return store.trail(id).orElseThrow().audit().stream()
                .map(AuditRecord::status)
                .flatMap(Optional::stream)
                .filter(ExecutionStatus::isTerminal)
                .toList();
    }

    private Set<String> settledNodes() {
        Set<String> settled = new TreeSet<>();
        for (RunImage image : images()) {
            image.nodes().stream()
                    .filter(row -> row.status().isSettled())
                    .forEach(row -> settled.add(
                            image.run().executionId() + " " + row.key().nodeId()));
        }
        return settled;
    }

    private List<RunImage> images() {
        return all().stream()
                .map(run -> store.load(run.executionId()).orElseThrow())
                .toList();
    }

    private List<RunRecord> open() {
        return all().stream().filter(run -> !run.state().status().isTerminal()).toList();
    }

    private List<RunRecord> all() {
        return store.query(RunQuery.all(2 * RUNS)).runs();
    }

    /** Everything that is kept of some runs. */
    private Set<String> rowsOf(List<String> numbers) {
        Set<String> rows = new TreeSet<>();
        for (String table : TABLES) {
            String of = " t WHERE run_no IN (" + String.join(", ", numbers) + ")";
            opened.database().texts("SELECT t::text FROM fe_" + table + of).forEach(row -> rows.add(table + " " + row));
        }
        return rows;
    }

    private Worker start(Duration lease, int holdAfter) throws Exception {
        Worker worker = Worker.start(PostgresServer.url(), lease, holdAfter);
        workers.add(worker);
        return worker;
    }
}
