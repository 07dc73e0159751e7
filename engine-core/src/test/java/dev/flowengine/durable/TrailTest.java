package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSnapshot;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.LogLine;
import dev.flowengine.node.NodeLog;
import dev.flowengine.persistence.AuditRecord;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.testing.Engines;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S45 what nodes have written, and what happened to an execution, can be read as long as it is kept")
@Timeout(60)
class TrailTest {
    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final CompletableFuture<Void> released = new CompletableFuture<>();

    @AfterEach
    void release() {
        released.complete(null);
    }

    @Test
    @DisplayName("the log of an ended execution is shown by the next process as it was by the one that ran it")
    void the_next_process_shows_the_log() throws Exception {
        Flow flow = writing(List.of("one", "two"), List.of("three"));
        released.complete(null);
        ExecutionSnapshot there;
        try (FlowEngine engine = Durable.engine(memory)) {
            there = engine.executeFromTrigger(flow, "t", 1).await().snapshot();
        }
        assertThat(texts(there.log().lines())).containsExactly("one", "two", "three");

        try (FlowEngine next = Durable.engine(memory)) {
            assertThat(next.trail(there.executionId()).logs())
                    .as("without the flow")
                    .hasSameSizeAs(there.log().lines());
            next.register(flow);
            List<LogLine> here = next.find(there.executionId())
                    .orElseThrow()
                    .snapshot()
                    .log()
                    .lines();
            assertThat(texts(here)).containsExactly("one", "two", "three");
            assertThat(here).extracting(LogLine::nodeId).containsExactly("a", "a", "b");
        }
    }

    @Test
    @DisplayName("after a recovery the log goes on where it was: no line is lost that was kept, and none is kept twice")
    void the_log_goes_on_after_a_recovery() throws Exception {
        Flow flow = writing(List.of("one", "two"), List.of("three"));
        FaultyExecutionStore store = FaultyExecutionStore.of(memory);
        FlowEngine lost = Durable.engine(store);
        String id = lost.executeFromTrigger(flow, "t", 1).id();
        await().until(() -> memory.trail(id).orElseThrow().logs().size() == 2);
        store.die();
        lost.close(Duration.ZERO);
        memory.advance(Durable.LEASE.multipliedBy(2));

        try (FlowEngine next = Durable.engine(memory)) {
            next.register(flow);
            await().until(() -> next.trail(id).audit().stream()
                    .anyMatch(record -> record.action().equals("recovered")));
            released.complete(null);
            ExecutionResult result = next.find(id).orElseThrow().await();
            assertThat(texts(result.snapshot().log().lines())).containsExactly("one", "two", "three");
            assertThat(texts(next.trail(id).logs())).containsExactly("one", "two", "three");
        }
    }

    @Test
    @DisplayName("R31 as many lines are kept as the execution keeps in memory")
    void the_log_is_bounded() throws Exception {
        List<String> many = IntStream.range(0, NodeLog.MOST_LINES - 1)
                .mapToObj(Integer::toString)
                .toList();
        Flow flow = writing(many, List.of("the last one", "one too many"));
        released.complete(null);
        try (FlowEngine engine = Durable.engine(memory)) {
            ExecutionSnapshot ended =
                    engine.executeFromTrigger(flow, "t", 1).await().snapshot();
            assertThat(ended.log().dropped()).isEqualTo(1);
            assertThat(texts(engine.trail(ended.executionId()).logs()))
                    .hasSize(NodeLog.MOST_LINES)
                    .endsWith("the last one");
        }
    }

    @Test
    @DisplayName("a line no store can keep costs nothing but the letters that are in the way")
    void hostile_lines_are_cleaned() throws Exception {
        Flow flow = writing(List.of("nul \0 and half \uD83D"), List.of("x".repeat(100_000)));
        released.complete(null);
        try (FlowEngine engine = Durable.engine(memory)) {
            ExecutionResult result = engine.executeFromTrigger(flow, "t", 1).await();
            assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(texts(engine.trail(result.executionId()).logs()))
                    .satisfiesExactly(
                            first -> assertThat(first).isEqualTo("nul \uFFFD and half \uFFFD"),
                            second -> assertThat(second).hasSize(LogLine.MOST_CHARACTERS));
        }
    }

    @Test
    @DisplayName("the audit tells who did what, why, and how the status changed")
    void the_audit_tells_who_did_what() throws Exception {
        FlowExecution run;
        try (FlowEngine engine = Durable.engine(memory)) {
            run = engine.executeFromTrigger(writing(List.of(), List.of()), "t", 1);
            run.cancel("nobody needs it");
            run.await();
        }
        try (FlowEngine next = Durable.engine(memory)) {
            List<AuditRecord> audit = next.trail(run.id()).audit();
            assertThat(audit).extracting(AuditRecord::actor).doesNotContain("").isNotEmpty();
            assertThat(audit).anySatisfy(record -> {
                assertThat(record.action()).isEqualTo("cancel");
                assertThat(record.detail()).isEqualTo("nobody needs it");
            });
            assertThat(audit.stream().flatMap(record -> record.status().stream()))
                    .endsWith(ExecutionStatus.CANCELLED);
        }
    }

    @Test
    @DisplayName("an engine without a store has the log alone; of an execution that is not there it says so")
    void without_a_store_there_is_the_log_alone() throws Exception {
        released.complete(null);
        try (FlowEngine engine = Engines.create()) {
            String id = engine.executeFromTrigger(writing(List.of("one"), List.of()), "t", 1)
                    .await()
                    .executionId();
            assertThat(texts(engine.trail(id).logs())).containsExactly("one");
            assertThat(engine.trail(id).audit()).isEmpty();
            assertNotThere(engine);
        }
        try (FlowEngine engine = Durable.engine(memory)) {
            assertNotThere(engine);
        }
    }

    private static void assertNotThere(FlowEngine engine) {
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> engine.trail("none"))
                .satisfies(refused -> assertThat(refused.kind()).isEqualTo(FailureKind.NOT_FOUND));
    }

    private static List<String> texts(List<LogLine> lines) {
        return lines.stream().map(LogLine::text).toList();
    }

    /** Node a writes and ends; node b writes as soon as it may. */
    private Flow writing(List<String> first, List<String> second) {
        FlowBuilder f = Flow.builder("writing");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Integer> a = f.contextNode("a", t, (n, context) -> {
                    first.forEach(context.log()::info);
                    return n;
                })
                .returns(Integer.class);
        f.contextNode("b", a, (n, context) -> {
                    released.get();
                    second.forEach(context.log()::info);
                    return n;
                })
                .returns(Integer.class);
        return f.build();
    }
}
