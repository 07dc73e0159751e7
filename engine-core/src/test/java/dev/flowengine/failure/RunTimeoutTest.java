package dev.flowengine.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.extension.TimeSource;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.Timeouts;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.RunOptions;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S27 a run may take only so long: by its timeout, or until its deadline")
class RunTimeoutTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();

    @AfterEach
    void let_go() {
        release.countDown();
    }

    private NodeDefinition.Builder stubborn() {
        return Nodes.node("a", context -> {
            calls.incrementAndGet();
            Nodes.ignoreInterruptsUntil(release);
            return 1;
        });
    }

    private static FlowExecution start(Bench bench, Flow flow, RunOptions.Builder options) {
        return bench.engine().executeFromTrigger(flow, "t", 1, options.build());
    }

    @Test
    @DisplayName("S27 S23 a run timeout ends the run at once, FAILED, whatever its bodies do; open nodes are CANCELLED")
    void a_run_timeout_ends_the_run() {
        Flow flow = Nodes.line(stubborn().build(), Nodes.echo("b"));
        try (Bench bench = Bench.observed()) {
            FlowExecution run = start(bench, flow, RunOptions.builder().timeout(LIMIT));
            Bench.awaitUntil("the body runs", () -> calls.get() == 1);
            bench.time().advance(LIMIT.minusNanos(1));
            assertThat(run.status()).isEqualTo(ExecutionStatus.RUNNING);
            bench.time().advance(Duration.ofNanos(1));

            ExecutionResult result = Bench.ended(run);
            assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(Bench.states(result))
                    .containsEntry("t", "COMPLETED")
                    .containsEntry("a", "CANCELLED")
                    .containsEntry("b", "CANCELLED");
            FlowException failure = result.failure().orElseThrow();
            assertThat(failure.kind()).isEqualTo(FailureKind.EXECUTION_TIMEOUT);
            assertThat(failure).hasMessageEndingWith("it took longer than PT1M");
            assertThat(failure.suggestedResolution()).isNotEmpty();
            assertThat(failure.executionPath()).containsExactly("t", "a");
            release.countDown();
            assertThat(bench.eventsOf(result, ExecutionFinished.class)).hasSize(1);
        }
    }

    @Test
    @DisplayName("S27 R14 the bodies of a run that timed out are interrupted and give up their places")
    void bodies_give_up_their_places() {
        Flow flow = Nodes.line(stubborn().build());
        try (Bench bench = Bench.with(builder -> builder.bodyThreads(1))) {
            FlowExecution run = start(bench, flow, RunOptions.builder().timeout(LIMIT));
            Bench.awaitUntil("the body runs", () -> calls.get() == 1);
            bench.time().advance(LIMIT);
            Bench.ended(run);

            assertThat(bench.run(Nodes.line(Nodes.fine("b").build())).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("S27 a run timeout also ends a run that only waits")
    void a_run_timeout_ends_a_waiting_run() {
        Flow flow = Nodes.line(Nodes.failing("a")
                .retry(RetryPolicy.fixed(LIMIT.multipliedBy(2)))
                .build());
        try (Bench bench = Bench.plain()) {
            FlowExecution run = start(bench, flow, RunOptions.builder().timeout(LIMIT));
            Bench.awaitStatus(run, ExecutionStatus.WAITING);
            bench.time().awaitPending(2);
            bench.time().advance(LIMIT);

            ExecutionResult result = Bench.ended(run);
            assertThat(result.failure().orElseThrow().kind()).isEqualTo(FailureKind.EXECUTION_TIMEOUT);
            assertThat(Bench.node(result, "a").status()).isEqualTo(NodeStatus.CANCELLED);
            assertThat(bench.time().pending()).isZero();
        }
    }

    @Test
    @DisplayName("S27 a deadline ends the run at its instant, and says so; one in the past ends it before it runs long")
    void a_deadline_ends_the_run() {
        Flow flow = Nodes.line(stubborn().build());
        try (Bench bench = Bench.plain()) {
            var deadline = bench.time().instant().plus(LIMIT);
            FlowExecution run = start(bench, flow, RunOptions.builder().deadline(deadline));
            Bench.awaitUntil("the body runs", () -> calls.get() == 1);
            bench.time().advance(LIMIT);

            FlowException failure = Bench.ended(run).failure().orElseThrow();
            assertThat(failure.kind()).isEqualTo(FailureKind.EXECUTION_TIMEOUT);
            assertThat(failure).hasMessageEndingWith("its deadline " + deadline + " has come");

            FlowExecution late = start(
                    bench,
                    flow,
                    RunOptions.builder().deadline(bench.time().instant().minusSeconds(1)));
            assertThat(Bench.ended(late).failure().orElseThrow().kind()).isEqualTo(FailureKind.EXECUTION_TIMEOUT);
        }
    }

    @Test
    @DisplayName("S27 of timeout and deadline the earlier one ends the run")
    void the_earlier_limit_counts() {
        Flow flow = Nodes.line(Nodes.failing("a")
                .retry(RetryPolicy.fixed(LIMIT.multipliedBy(9)))
                .build());
        try (Bench bench = Bench.plain()) {
            var soon = bench.time().instant().plus(LIMIT.dividedBy(2));
            FlowExecution run =
                    start(bench, flow, RunOptions.builder().timeout(LIMIT).deadline(soon));
            bench.time().awaitPending(3);
            bench.time().advance(LIMIT.dividedBy(2));

            assertThat(Bench.ended(run).failure().orElseThrow()).hasMessageContaining("its deadline");
        }
    }

    @Test
    @DisplayName("S27 options before flow before engine: each run has the limit of the closest that sets one")
    void the_closest_limit_counts() {
        NodeDefinition node =
                Nodes.failing("a").retry(RetryPolicy.fixed(Duration.ofHours(9))).build();
        Flow plain = Nodes.line(node);
        Flow limited = Nodes.lineOf(node)
                .timeouts(Timeouts.none().execution(Duration.ofSeconds(20)))
                .build();
        Timeouts ofEngine = Timeouts.none().execution(Duration.ofSeconds(30));
        try (Bench bench = Bench.with(builder -> builder.timeouts(ofEngine))) {
            assertThat(limitOf(bench, plain, RunOptions.builder())).isEqualTo("PT30S");
            assertThat(limitOf(bench, limited, RunOptions.builder())).isEqualTo("PT20S");
            assertThat(limitOf(bench, limited, RunOptions.builder().timeout(Duration.ofSeconds(10))))
                    .isEqualTo("PT10S");
            assertThat(limitOf(bench, limited, RunOptions.builder().timeout(Duration.ofSeconds(50))))
                    .as("also if it is longer")
                    .isEqualTo("PT50S");
        }
    }

    private static String limitOf(Bench bench, Flow flow, RunOptions.Builder options) {
        FlowExecution run = start(bench, flow, options);
        bench.time().awaitPending(2);
        bench.passNext();
        String message = Bench.ended(run).failure().orElseThrow().getMessage();
        return message.substring(message.lastIndexOf(' ') + 1);
    }

    @Test
    @DisplayName("S27 a deadline is an instant: a clock that is set forward brings it on, within a minute")
    void a_deadline_follows_the_clock() {
        VirtualTime time = new VirtualTime();
        AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
        TimeSource clock = new TimeSource() {
            @Override
            public Instant instant() {
                return time.instant().plus(ahead.get());
            }

            @Override
            public long nanoTime() {
                return time.nanoTime();
            }
        };
        Duration hours = Duration.ofHours(9);
        Flow flow = Nodes.line(
                Nodes.failing("a").retry(RetryPolicy.fixed(hours).cap(hours)).build());
        try (FlowEngine engine = Engines.builder().timeSource(clock).timer(time).build()) {
            Instant deadline = clock.instant().plus(Duration.ofHours(8));
            FlowExecution run = engine.executeFromTrigger(
                    flow, "t", 1, RunOptions.builder().deadline(deadline).build());
            Bench.awaitUntil("it waits", () -> run.status() == ExecutionStatus.WAITING);
            time.advance(Duration.ofHours(1));
            assertThat(run.status()).isEqualTo(ExecutionStatus.WAITING);
            ahead.set(Duration.ofHours(7));
            time.advance(Duration.ofMinutes(1));

            assertThat(Bench.ended(run).failure().orElseThrow()).hasMessageContaining("its deadline");
        }
    }
}
