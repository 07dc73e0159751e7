package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.ThrowingBiFunction;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.ClaimRequest;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.StepRecord;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.StoreCall;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("R36 S42 a node that works in a transaction in which its result is recorded")
@Timeout(300)
class TransactionalNodeTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Over only where a clock is ahead. */
    private static final Duration LEASE = Duration.ofMinutes(10);

    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private Database.Opened opened;

    @AfterEach
    void end() {
        open.countDown();
        if (opened != null) {
            opened.database().execute("DROP TABLE booking");
            opened.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    @DisplayName("commits what it wrote and its result together")
    void commits_both(Database kind) throws Exception {
        open(kind);
        JdbcExecutionStore store = opened.store();
        try (FlowEngine engine = engine(store)) {
            ExecutionResult end = run(engine, booking(this::book));

            assertThat(end.output("told", String.class)).isEqualTo("booked 7, call 1");
            assertThat(bookings()).isEqualTo(1);
            assertThat(store.load(end.executionId()).orElseThrow().steps())
                    .extracting(StepRecord::key)
                    .singleElement()
                    .satisfies(key -> assertThat(key.nodeId()).isEqualTo("book"));
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    @DisplayName("commits nothing of an attempt that fails, or cannot be kept")
    void a_failed_attempt(Database kind) throws Exception {
        open(kind);
        try (FlowEngine engine = engine(opened.store())) {
            ExecutionResult end = run(engine, booking((connection, seat) -> {
                String booked = book(connection, seat);
                return switch (calls.get()) {
                    case 1 -> throw new IllegalStateException("no");
                    case 2 -> "x".repeat(5 << 20);
                    default -> booked;
                };
            }));

            assertThat(end.output("told", String.class)).isEqualTo("booked 7, call 3");
            assertThat(bookings()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    @DisplayName("is not called again after a crash between its commit and the write of its completion")
    void a_crash_after_the_commit(Database kind) throws Exception {
        open(kind);
        FaultyExecutionStore dying = FaultyExecutionStore.of(opened.store()).counting(Set.of(StoreCall.ABILITY));
        // The first call asks for connections, the second one is the transaction.
        dying.dieAfter(2);
        Flow flow = booking(this::book);
        FlowEngine lost = engine(dying);
        String id = lost.executeFromTrigger(flow, "t", 7).id();
        await().atMost(PATIENCE).until(dying::isDead);
        lost.close(Duration.ZERO);
        assertThat(bookings()).isEqualTo(1);

        try (FlowEngine next = engine(ahead())) {
            next.register(flow);
            ExecutionResult end = next.find(id).orElseThrow().await(PATIENCE).orElseThrow();
            assertThat(end.output("told", String.class)).isEqualTo("booked 7, call 1");
        }
        assertThat(calls).hasValue(1);
        assertThat(bookings()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    @DisplayName("goes on with the result if only the answer of its commit was lost")
    void a_lost_answer(Database kind) throws Exception {
        open(kind);
        FaultyExecutionStore store = FaultyExecutionStore.of(opened.store()).counting(Set.of(StoreCall.ABILITY));
        store.failAfter(2);
        try (FlowEngine engine = engine(store)) {
            assertThat(run(engine, booking(this::book)).output("told", String.class))
                    .isEqualTo("booked 7, call 1");
        }
        assertThat(calls).hasValue(1);
        assertThat(bookings()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    @DisplayName("R4 is undone if somebody else has taken the execution over meanwhile")
    void lost_ownership(Database kind) throws Exception {
        open(kind);
        Flow flow = booking((connection, seat) -> {
            String booked = book(connection, seat);
            entered.countDown();
            open.await();
            return booked;
        });
        try (FlowEngine engine = engine(opened.store())) {
            String id = engine.executeFromTrigger(flow, "t", 7).id();
            entered.await();
            JdbcExecutionStore other = ahead();
            other.renew("other", LEASE);
            FlowKey key = new FlowKey(flow.id(), flow.version());
            assertThat(other.claim(new ClaimRequest("other", Set.of(key), 1))).hasSize(1);
            open.countDown();

            await().atMost(PATIENCE).until(() -> engine.health().executions() == 0);
            assertThat(bookings()).isZero();
            assertThat(other.load(id).orElseThrow().steps()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    @DisplayName("leaves the end of the transaction to the engine")
    void the_end_is_the_engines(Database kind) throws Exception {
        open(kind);
        try (FlowEngine engine = engine(opened.store())) {
            ExecutionResult end = run(engine, booking((connection, seat) -> {
                assertThatExceptionOfType(SQLException.class).isThrownBy(connection::commit);
                assertThatExceptionOfType(SQLException.class).isThrownBy(connection::rollback);
                assertThatExceptionOfType(SQLException.class).isThrownBy(connection::close);
                assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connection.setAutoCommit(true));
                Savepoint before = connection.setSavepoint();
                book(connection, seat);
                connection.rollback(before);
                return book(connection, seat);
            }));

            assertThat(end.output("told", String.class)).isEqualTo("booked 7, call 2");
            assertThat(bookings()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("fails in an engine without a database, and says so")
    void without_a_store() throws Exception {
        try (FlowEngine engine = FlowEngine.create()) {
            ExecutionResult end = run(engine, booking(this::book));
            assertThat(end.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(end.snapshot()
                            .node("book")
                            .orElseThrow()
                            .failure()
                            .orElseThrow()
                            .summary())
                    .contains("java.sql.Connection");
        }
        assertThat(calls).hasValue(0);
    }

    private void open(Database kind) {
        opened = kind.open();
        opened.database().execute("CREATE TABLE booking (seat INTEGER)");
    }

    private long bookings() {
        return Long.parseLong(
                opened.database().texts("SELECT COUNT(*) FROM booking").get(0));
    }

    /** For whose clock all leases of others are over. */
    private JdbcExecutionStore ahead() {
        return JdbcExecutionStore.builder(opened.database().dataSource())
                .clockOffset(() -> LEASE.multipliedBy(2))
                .build();
    }

    private static FlowEngine engine(ExecutionStore store) {
        return FlowEngine.builder()
                .store(store)
                .lease(LEASE)
                .sweepInterval(Duration.ofMillis(50))
                .build();
    }

    private static ExecutionResult run(FlowEngine engine, Flow flow) throws InterruptedException {
        return engine.executeFromTrigger(flow, "t", 7).await(PATIENCE).orElseThrow();
    }

    private String book(Connection connection, Integer seat) throws SQLException {
        int call = calls.incrementAndGet();
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO booking VALUES (?)")) {
            insert.setInt(1, seat);
            insert.executeUpdate();
        }
        return "booked " + seat + ", call " + call;
    }

    private static Flow booking(ThrowingBiFunction<Connection, Integer, String> body) {
        FlowBuilder f = Flow.builder("booking").version("1");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<String> booked = f.contextNode("book", t, JdbcNodes.transactional(String.class, body))
                .returns(String.class)
                .retry(RetryPolicy.fixed(Duration.ofMillis(1)).maxAttempts(3));
        f.node("told", booked, text -> text).returns(String.class);
        return f.build();
    }
}
