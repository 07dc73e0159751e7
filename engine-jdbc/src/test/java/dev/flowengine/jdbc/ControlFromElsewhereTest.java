package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.persistence.AuditRecord;
import dev.flowengine.persistence.NodeRecord;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S25 S26 a process controls executions that another process on the same PostgreSQL owns")
@Timeout(300)
class ControlFromElsewhereTest {
    private static final Duration NEVER = Duration.ofMinutes(10);

    private final Database.Opened opened = Database.POSTGRESQL.open();
    private final JdbcExecutionStore store = opened.store();
    private final FlowEngine here = FlowEngine.builder()
            .store(store)
            .lease(NEVER)
            .sweepInterval(Duration.ofMillis(100))
            .build();
    private Worker owner;

    @BeforeEach
    void start() throws Exception {
        // Each third of its lease it learns what it was told.
        owner = Worker.start(PostgresServer.url(), Duration.ofSeconds(10), 0);
        here.register(WorkerFlow.of(context -> {
            throw new AssertionError("nothing is to run here, but " + context.nodeId());
        }));
        owner.tell("start 2");
        owner.awaitLines("held", 2);
    }

    @AfterEach
    void end() {
        here.close(Duration.ZERO);
        owner.close();
        opened.close();
    }

    @Test
    @DisplayName("it pauses one, which starts nothing more, and resumes it; the others go on meanwhile")
    void pause_and_resume() throws Exception {
        FlowExecution paused = find(0);
        FlowExecution other = find(1);

        paused.pause();
        await().atMost(Worker.PATIENCE).until(() -> paused.status() == ExecutionStatus.PAUSING);
        owner.tell("open");
        await().atMost(Worker.PATIENCE).until(() -> paused.status() == ExecutionStatus.PAUSED);
        assertThat(other.await(Worker.PATIENCE).orElseThrow().output("sum", Integer.class))
                .isEqualTo(WorkerFlow.sumOf(1));
        assertThat(paused.status()).isEqualTo(ExecutionStatus.PAUSED);
        assertThat(status(paused, WorkerFlow.MIDDLE)).isEqualTo(NodeStatus.COMPLETED);
        assertThat(owner.heard("ran")).doesNotContain(paused.id() + " last");

        paused.resume();
        ExecutionResult end = paused.await(Worker.PATIENCE).orElseThrow();
        assertThat(end.output("sum", Integer.class)).isEqualTo(WorkerFlow.sumOf(0));
        assertThat(actions(paused)).containsSubsequence("pause", "resume");
        ranAtItsOwner(paused);
        ranAtItsOwner(other);
    }

    @Test
    @DisplayName("it cancels one, whatever its bodies do; the others go on")
    void cancel() throws Exception {
        FlowExecution cancelled = find(0);
        FlowExecution other = find(1);

        cancelled.cancel("no longer wanted");
        ExecutionResult end = cancelled.await(Worker.PATIENCE).orElseThrow();
        assertThat(end.status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(end.failure().orElseThrow()).hasMessageContaining("no longer wanted");
        assertThat(status(cancelled, WorkerFlow.MIDDLE)).isEqualTo(NodeStatus.CANCELLED);
        assertThat(other.status()).isEqualTo(ExecutionStatus.RUNNING);

        owner.tell("open");
        assertThat(other.await(Worker.PATIENCE).orElseThrow().status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(actions(cancelled)).contains("cancel");
        ranAtItsOwner(cancelled);
        ranAtItsOwner(other);
    }

    @Test
    @DisplayName("S35 it sends a signal to one, twice, which counts once, whether or not it knows the flow")
    void signal() throws Exception {
        owner.tell("ask");
        owner.tell("ask");
        owner.awaitLines("asked", 2);
        FlowExecution unknown = here.find(owner.heard("asked").get(0)).orElseThrow();
        FlowExecution known = here.find(owner.heard("asked").get(1)).orElseThrow();

        unknown.signal("answer", "no", "1");
        unknown.signal("answer", "yes", "1");
        here.register(WorkerFlow.asking());
        assertThatThrownBy(() -> known.signal("question", "?")).hasMessageContainingAll("'question'", "answer");
        assertThatThrownBy(() -> known.signal("answer", 17)).hasMessageContaining("java.lang.Integer");
        here.signal(known.id(), "answer", "so");

        assertThat(unknown.await(Worker.PATIENCE).orElseThrow().output("last", String.class))
                .isEqualTo("nono");
        assertThat(known.await(Worker.PATIENCE).orElseThrow().output("last", String.class))
                .isEqualTo("soso");
        assertThat(actions(unknown)).containsOnlyOnce("signal");
        assertThat(store.find(List.of(unknown.id())).get(0).ownership().epoch()).isEqualTo(1);
    }

    private FlowExecution find(int which) {
        return here.find(owner.heard("started").get(which)).orElseThrow();
    }

    private NodeStatus status(FlowExecution run, String node) {
        return store.load(run.id()).orElseThrow().nodes().stream()
                .filter(row -> row.key().nodeId().equals(node))
                .map(NodeRecord::status)
                .findFirst()
                .orElseThrow();
    }

    private List<String> actions(FlowExecution run) {
        return store.trail(run.id()).orElseThrow().audit().stream()
                .map(AuditRecord::action)
                .toList();
    }

    /** Nobody has taken it over. */
    private void ranAtItsOwner(FlowExecution run) {
        assertThat(store.find(List.of(run.id())).get(0).ownership().epoch()).isEqualTo(1);
        owner.awaitLines("ended", 2);
        assertThat(owner.heard("ended")).anyMatch(line -> line.startsWith(run.id()));
    }
}
