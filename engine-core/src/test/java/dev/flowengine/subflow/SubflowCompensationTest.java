package dev.flowengine.subflow;

import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.HistoryQuery;
import dev.flowengine.flow.CompensationPolicy;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.SubflowRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.node.RunOptions;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.NeedsOverlap;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S26 S34 executions that undo what they have done, and those that wait for them")
@Timeout(60)
class SubflowCompensationTest {
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** Whose limits no test comes to, however often it lets a grace go by. */
    private static final CompensationPolicy UNHURRIED =
            CompensationPolicy.always().timeout(Duration.ofDays(1)).attemptTimeout(Duration.ofDays(1));

    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final List<String> undone = new CopyOnWriteArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger failuresAfterwards = new AtomicInteger();
    private final CountDownLatch undoing = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);

    /** Books under a key, then fails as often as it is to; undoes the booking if it is said to. */
    private Flow booking(boolean undoes, RetryPolicy retry) {
        FlowBuilder f = Flow.builder("trip");
        trip(f, undoes, retry);
        return f.build();
    }

    private TriggerRef<String> trip(FlowBuilder f, boolean undoes, RetryPolicy retry) {
        FlowBuilder c = Flow.builder("booking");
        if (undoes) {
            c.compensate(CompensationPolicy.onFailure());
        }
        TriggerRef<String> begin = c.trigger("begin", String.class);
        var book = c.contextNode("book", begin, (text, context) -> {
                    keys.add(context.idempotencyKey());
                    return text;
                })
                .returns(String.class)
                .compensate((text, context) -> undone.add(context.idempotencyKey()));
        c.node("charge", book, text -> {
                    if (failures.getAndDecrement() > 0) {
                        throw new IllegalStateException("no money");
                    }
                    return text;
                })
                .returns(String.class);
        Flow child = c.build();
        TriggerRef<String> t = f.trigger("t", String.class);
        SubflowRef<String> booked = f.subflow("booked", t, child, begin).retry(retry);
        f.node("end", booked, id -> {
                    if (failuresAfterwards.getAndDecrement() > 0) {
                        throw new IllegalStateException("no ticket");
                    }
                    return id;
                })
                .returns(String.class);
        return t;
    }

    /** Starts the trip, which undoes nothing itself, again when it has failed. */
    private Flow retriedTrip() {
        FlowBuilder m = Flow.builder("trip");
        TriggerRef<String> begin = trip(m, true, RetryPolicy.none());
        Flow trip = m.build();
        FlowBuilder f = Flow.builder("journey");
        TriggerRef<String> t = f.trigger("t", String.class);
        f.subflow("tripped", t, trip, begin).retry(twice());
        return f.build();
    }

    private static RetryPolicy twice() {
        return RetryPolicy.fixed(Duration.ofMillis(1)).maxAttempts(3);
    }

    @Test
    @DisplayName("S42 a retry after a child that has undone what it did has keys of its own")
    void new_keys_after_undoing() throws Exception {
        failures.set(2);
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult end =
                    engine.executeFromTrigger(booking(true, twice()), "t", "x").await();
            assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(undone).hasSize(2);
            assertThat(keys).hasSize(3).doesNotHaveDuplicates();
        }
    }

    @Test
    @DisplayName("S29 so has a redrive that keeps its keys")
    void new_keys_in_a_redrive() throws Exception {
        failures.set(1);
        try (FlowEngine engine = Engines.create()) {
            Flow flow = booking(true, RetryPolicy.none());
            ExecutionResult first = engine.executeFromTrigger(flow, "t", "x").await();
            assertThat(first.status()).isEqualTo(ExecutionStatus.FAILED);
            failures.set(1);
            ExecutionResult second =
                    engine.redrive(first.executionId()).keepKeys().start().await();
            ExecutionResult third =
                    engine.redrive(second.executionId()).keepKeys().start().await();
            assertThat(third.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(keys).hasSize(3).doesNotHaveDuplicates();
        }
    }

    @Test
    @DisplayName(
            "S29 a redrive that keeps its keys finds what a child has done that undoes nothing, however it was retried")
    void same_keys_if_nothing_is_undone() throws Exception {
        failures.set(3);
        try (FlowEngine engine = Engines.create()) {
            Flow flow = booking(false, twice());
            ExecutionResult first = engine.executeFromTrigger(flow, "t", "x").await();
            assertThat(first.status()).isEqualTo(ExecutionStatus.FAILED);
            engine.redrive(first.executionId()).keepKeys().start().await();
            assertThat(keys).hasSize(4);
            assertThat(keys.stream().distinct()).hasSize(1);
        }
    }

    @Test
    @DisplayName("S42 so has a retry of what undoes nothing itself, but waited for a child that has")
    void new_keys_after_undoing_below() throws Exception {
        failures.set(1);
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult end =
                    engine.executeFromTrigger(retriedTrip(), "t", "x").await();
            assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(undone).hasSize(1);
            assertThat(keys).hasSize(2).doesNotHaveDuplicates();
        }
    }

    @Test
    @DisplayName("S42 but not if that child could have undone something, and has not")
    void same_keys_if_nothing_is_undone_below() throws Exception {
        failuresAfterwards.set(1);
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult end =
                    engine.executeFromTrigger(retriedTrip(), "t", "x").await();
            assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(undone).isEmpty();
            assertThat(keys).hasSize(2);
            assertThat(keys.stream().distinct()).hasSize(1);
        }
    }

    @Test
    @DisplayName("S42 a retry after a child that is not kept, and may have undone what it did, has keys of its own")
    void new_keys_if_it_is_forgotten() throws Exception {
        failures.set(2);
        try (FlowEngine engine =
                Engines.builder().archive(0, Duration.ofHours(1)).build()) {
            engine.executeFromTrigger(booking(true, twice()), "t", "x").await();
            assertThat(undone).hasSize(2);
            assertThat(keys).hasSize(3).doesNotHaveDuplicates();
        }
    }

    @Test
    @DisplayName("S42 one that can undo nothing has the same keys, kept or not")
    void same_keys_if_it_is_forgotten() throws Exception {
        failures.set(2);
        try (FlowEngine engine =
                Engines.builder().archive(0, Duration.ofHours(1)).build()) {
            engine.executeFromTrigger(booking(false, twice()), "t", "x").await();
            assertThat(keys).hasSize(3);
            assertThat(keys.stream().distinct()).hasSize(1);
        }
    }

    @Test
    @DisplayName(
            "S26 what a child has done that completed is undone by what its node names, with what the child returned")
    void undone_by_the_parent() throws Exception {
        FlowBuilder c = Flow.builder("booking");
        TriggerRef<String> begin = c.trigger("begin", String.class);
        NodeRef<String> book =
                c.node("book", begin, text -> "booking of " + text).returns(String.class);
        Flow child = c.build();
        FlowBuilder f = Flow.builder("trip").compensate(CompensationPolicy.onFailure());
        TriggerRef<String> t = f.trigger("t", String.class);
        SubflowRef<String> booked = f.subflow("booked", t, child, begin)
                .returning(book)
                .compensate((booking, context) -> undone.add(booking + ", " + context.nodeId()));
        f.action("charge", booked, booking -> {
            throw new IllegalStateException("no money");
        });
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult end = engine.executeFromTrigger(flow, "t", "x").await();
            assertThat(end.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(undone).containsExactly("booking of x, booked");
        }
    }

    /** A parent that has done something before its child, whose compensation is held up. */
    private Flow nested(FailureMode mode) {
        FlowBuilder c = Flow.builder("inner").compensate(UNHURRIED);
        TriggerRef<String> begin = c.trigger("begin", String.class);
        var did = c.node("did", begin, text -> text).returns(String.class).compensate((text, context) -> {
            undoing.countDown();
            gate.await();
            undone.add("inner");
        });
        c.waitForSignal("never", did, String.class);
        Flow child = c.build();
        FlowBuilder f = Flow.builder("outer").compensate(UNHURRIED).failureMode(mode);
        TriggerRef<String> t = f.trigger("t", String.class);
        var before = f.node("before", t, text -> text)
                .returns(String.class)
                .compensate((text, context) -> undone.add("outer"));
        f.subflow("child", before, child, begin);
        f.node("bad", f.waitForSignal("go", before, String.class), text -> {
            throw new IllegalStateException(text);
        });
        return f.build();
    }

    private FlowExecution waiting(FlowEngine engine, Flow flow, RunOptions options) {
        FlowExecution run = engine.executeFromTrigger(flow, "t", "x", options);
        await().until(() -> engine.history(HistoryQuery.all().childrenOf(run.id())).executions().stream()
                .anyMatch(child -> child.status() == ExecutionStatus.WAITING));
        await().until(() -> run.status() == ExecutionStatus.WAITING);
        return run;
    }

    private void endsInOrder(FlowExecution run, VirtualTime time, ExecutionStatus status) throws Exception {
        undoing.await();
        // The grace is over, and over again: what undoes something is no body that does not heed a cancel.
        await().until(() -> {
            time.advance(GRACE);
            return run.status() == ExecutionStatus.COMPENSATING;
        });
        time.advance(GRACE);
        time.advance(GRACE);
        assertThat(undone).isEmpty();
        gate.countDown();
        assertThat(run.await().status()).isEqualTo(status);
        assertThat(undone).containsExactly("inner", "outer");
    }

    @NeedsOverlap
    @Test
    @DisplayName("S26 a cancelled child has undone what it did before its parent undoes what came before it")
    void cancelled() throws Exception {
        VirtualTime time = new VirtualTime();
        try (FlowEngine engine = time.in(Engines.builder()).cancelGrace(GRACE).build()) {
            FlowExecution run = waiting(engine, nested(FailureMode.ISOLATE_BRANCH), RunOptions.ofDefaults());
            run.cancel("no longer needed");
            endsInOrder(run, time, ExecutionStatus.CANCELLED);
        }
    }

    @NeedsOverlap
    @Test
    @DisplayName("S22 so it is after a fail-fast stop")
    void failed_fast() throws Exception {
        VirtualTime time = new VirtualTime();
        try (FlowEngine engine = time.in(Engines.builder()).cancelGrace(GRACE).build()) {
            FlowExecution run = waiting(engine, nested(FailureMode.FAIL_FAST), RunOptions.ofDefaults());
            run.signal("go", "bad");
            endsInOrder(run, time, ExecutionStatus.FAILED);
        }
    }

    @NeedsOverlap
    @Test
    @DisplayName("S27 a timeout of a parent that has begun to stop does not cut short what its child undoes")
    void times_out_meanwhile() throws Exception {
        VirtualTime time = new VirtualTime();
        RunOptions limited = RunOptions.builder().timeout(Duration.ofHours(1)).build();
        try (FlowEngine engine = time.in(Engines.builder()).cancelGrace(GRACE).build()) {
            FlowExecution run = waiting(engine, nested(FailureMode.FAIL_FAST), limited);
            run.signal("go", "bad");
            undoing.await();
            time.advance(Duration.ofHours(2));
            endsInOrder(run, time, ExecutionStatus.FAILED);
            assertThat(run.await().failure().orElseThrow()).hasMessageContaining("bad");
        }
    }

    @NeedsOverlap
    @Test
    @DisplayName("S27 and after a timeout of the parent")
    void timed_out() throws Exception {
        VirtualTime time = new VirtualTime();
        RunOptions limited = RunOptions.builder().timeout(Duration.ofHours(1)).build();
        try (FlowEngine engine = time.in(Engines.builder()).cancelGrace(GRACE).build()) {
            FlowExecution run = waiting(engine, nested(FailureMode.ISOLATE_BRANCH), limited);
            time.advance(Duration.ofHours(1));
            endsInOrder(run, time, ExecutionStatus.FAILED);
        }
    }
}
