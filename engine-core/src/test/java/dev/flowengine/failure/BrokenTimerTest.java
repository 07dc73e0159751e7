package dev.flowengine.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.HistoryQuery;
import dev.flowengine.extension.TimeSource;
import dev.flowengine.extension.Timer;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.Timeouts;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.RunOptions;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("R22 R26 a clock or a timer of the host that fails ends what depends on it, and hangs nothing")
class BrokenTimerTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final VirtualTime time = new VirtualTime();
    private final AtomicBoolean broken = new AtomicBoolean();

    private FlowEngine engine(Timer timer) {
        return Engines.builder().timeSource(time).timer(timer).build();
    }

    private Timer.Scheduled refuseIfBroken(Duration delay, Runnable task) {
        if (broken.get()) {
            throw new IllegalStateException("no more timers");
        }
        return time.schedule(delay, task);
    }

    private static void mustHaveFailedForTheTimer(ExecutionResult result) {
        assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
        FlowException failure = result.failure().orElseThrow();
        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_FLOW_STATE);
        assertThat(failure)
                .hasMessageContainingAll("timer could not be set", "no more timers")
                .hasRootCauseMessage("no more timers");
        assertThat(failure.suggestedResolution()).contains("timer");
    }

    @Test
    @DisplayName("S27 a run whose timeout cannot be set fails at once, and is not left among those that go on")
    void a_run_whose_timeout_cannot_be_set_fails() {
        broken.set(true);
        try (FlowEngine engine = engine(this::refuseIfBroken)) {
            Flow flow = Nodes.line(Nodes.echo("a"));
            FlowExecution run = engine.executeFromTrigger(
                    flow, "t", 1, RunOptions.builder().timeout(LIMIT).build());

            mustHaveFailedForTheTimer(Bench.ended(run));
            assertThat(engine.health().executions()).isZero();
            assertThat(Bench.ended(engine.executeFromTrigger(flow, "t", 1)).status())
                    .isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("S20 a run whose backoff cannot be set fails, whatever else it does")
    void a_run_whose_backoff_cannot_be_set_fails() {
        try (FlowEngine engine = engine(this::refuseIfBroken)) {
            broken.set(true);
            Flow flow = Nodes.line(
                    Nodes.failing("a").retry(RetryPolicy.fixed(LIMIT)).build());

            mustHaveFailedForTheTimer(Bench.ended(engine.executeFromTrigger(flow, "t", 1)));
        }
    }

    @Test
    @DisplayName("S26 a run whose grace cannot be set ends all the same when it is cancelled")
    void a_cancel_without_a_grace_ends_the_run() throws Exception {
        try (FlowEngine engine = engine(this::refuseIfBroken)) {
            Flow flow = Nodes.line(
                    Nodes.failing("a").retry(RetryPolicy.fixed(LIMIT)).build());
            FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
            Bench.awaitUntil("it waits", () -> run.status() == ExecutionStatus.WAITING);
            broken.set(true);
            run.cancel("enough");

            assertThat(Bench.ended(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
        }
    }

    @Test
    @DisplayName("S27 a timer that cannot take back what it was set to ends no run and lets none hang")
    void a_timer_that_takes_nothing_back_hangs_nothing() {
        Timer stubborn = (delay, task) -> {
            time.schedule(delay, task);
            return () -> {
                throw new IllegalStateException("cannot take it back");
            };
        };
        try (FlowEngine engine = engine(stubborn)) {
            Flow flow = Nodes.lineOf(Nodes.echo("a"))
                    .timeouts(Timeouts.none().execution(LIMIT).node(LIMIT).attempt(LIMIT))
                    .build();
            ExecutionResult result = Bench.ended(engine.executeFromTrigger(flow, "t", 1));

            time.advance(LIMIT);
            assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(result.snapshot().status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("S27 a deadline whose clock fails is kept by the time that passes")
    void a_deadline_whose_clock_fails_ends_the_run() {
        try (FlowEngine engine =
                Engines.builder().timeSource(new Breakable(false)).timer(time).build()) {
            Flow flow = Nodes.line(Nodes.failing("a")
                    .retry(RetryPolicy.fixed(Duration.ofHours(1)).cap(Duration.ofHours(1)))
                    .build());
            RunOptions options =
                    RunOptions.builder().deadline(time.instant().plus(LIMIT)).build();
            FlowExecution run = engine.executeFromTrigger(flow, "t", 1, options);
            Bench.awaitUntil("it waits", () -> run.status() == ExecutionStatus.WAITING);
            broken.set(true);
            time.advance(LIMIT);

            FlowException failure = Bench.ended(run).failure().orElseThrow();
            assertThat(failure.kind()).isEqualTo(FailureKind.EXECUTION_TIMEOUT);
            assertThat(failure).hasMessageContaining("its deadline");
        }
    }

    @Test
    @DisplayName("R22 a clock that fails altogether fails no run and lets none hang, whatever is timed in it")
    void a_clock_that_fails_altogether_hangs_nothing() {
        for (boolean cpuBound : new boolean[] {false, true}) {
            broken.set(false);
            try (FlowEngine engine = Engines.builder()
                    .timeSource(new Breakable(true))
                    .timer(time)
                    .build()) {
                var node = Nodes.node("a", context -> {
                    broken.set(true);
                    context.progress(0.5, "and the clock is gone");
                    return 1;
                });
                Flow flow = Nodes.lineOf((cpuBound ? node.cpuBound() : node.timeout(LIMIT)).build(), Nodes.echo("b"))
                        .timeouts(Timeouts.none().execution(LIMIT).node(LIMIT))
                        .build();
                ExecutionResult result = Bench.ended(engine.executeFromTrigger(flow, "t", 1));

                assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(engine.health().executions()).isZero();
                assertThat(engine.history(HistoryQuery.all()).executions()).hasSize(1);
            }
        }
    }

    /** The virtual time, until it breaks: the instants only, or both ways to tell the time. */
    private final class Breakable implements TimeSource {
        private final boolean altogether;

        Breakable(boolean altogether) {
            this.altogether = altogether;
        }

        @Override
        public Instant instant() {
            if (broken.get()) {
                throw new IllegalStateException("the clock stands");
            }
            return time.instant();
        }

        @Override
        public long nanoTime() {
            if (altogether && broken.get()) {
                throw new AssertionError("the clock stands");
            }
            return time.nanoTime();
        }
    }
}
