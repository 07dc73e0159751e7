package dev.flowengine.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S27 an asynchronous body may take only so long, its stage included")
class AsyncTimeoutTest {
    private static final Duration LIMIT = Duration.ofMillis(50);

    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void let_go() {
        release.countDown();
    }

    private static Bench bench() {
        return Bench.with(builder -> builder.bodyThreads(1));
    }

    /** Lets the time of a stage run out, after the body that started it has returned and left the only body thread. */
    private static void timeOut(Bench bench) {
        bench.time().awaitPending(1);
        assertThat(bench.run(Nodes.line(Nodes.fine("other").build())).status()).isEqualTo(ExecutionStatus.COMPLETED);
        bench.passNext();
    }

    @Test
    @DisplayName("S27 the future of an asynchronous body is cancelled")
    void the_future_of_an_asynchronous_body_is_cancelled() {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        NodeDefinition node = NodeDefinition.builder("a")
                .asyncBody(context -> stage)
                .timeout(LIMIT)
                .build();
        try (Bench bench = bench()) {
            FlowExecution run = bench.start(Nodes.line(node));
            timeOut(bench);

            assertThat(Bench.node(Bench.ended(run), "a").failure().orElseThrow().kind())
                    .isEqualTo(FailureKind.NODE_TIMEOUT);
            Bench.awaitUntil("the stage is cancelled", stage::isCancelled);
        }
    }

    @Test
    @DisplayName("S27 R14 a stage that refuses to be cancelled, or is no future, times out all the same")
    void a_stage_that_cannot_be_cancelled_times_out() {
        CompletableFuture<Object> throwing = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterrupt) {
                throw new UnsupportedOperationException("not this one");
            }
        };
        List<CompletionStage<Object>> stages = List.of(new CompletableFuture<>().minimalCompletionStage(), throwing);
        for (CompletionStage<Object> stage : stages) {
            NodeDefinition node = NodeDefinition.builder("a")
                    .asyncBody(context -> stage)
                    .timeout(LIMIT)
                    .onError(ErrorHandling.fallback("plan B"))
                    .build();
            try (Bench bench = bench()) {
                FlowExecution run = bench.start(Nodes.line(node, Nodes.echo("b")));
                timeOut(bench);

                assertThat(Bench.ended(run).output("b", String.class)).isEqualTo("plan B");
            }
        }
    }

    @Test
    @DisplayName("S27 S21 what the host attached to the stage and blocks on its cancel holds up no timeout")
    void a_blocking_callback_of_the_stage_holds_up_nothing() {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        CompletableFuture<Object> blocked = stage.whenComplete((value, thrown) -> Nodes.ignoreInterruptsUntil(release));
        NodeDefinition node = NodeDefinition.builder("a")
                .asyncBody(context -> stage)
                .timeout(LIMIT)
                .build();
        try (Bench bench = bench()) {
            FlowExecution run = bench.start(Nodes.line(node));
            timeOut(bench);

            assertThat(Bench.ended(run).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(blocked).isNotDone();
        }
    }

    @Test
    @DisplayName("R14 S20 a stage that completes after its timeout is dropped; the next attempt's counts")
    void a_late_stage_is_dropped() {
        List<CompletableFuture<Object>> stages = List.of(new Uncancellable(), new CompletableFuture<>());
        NodeDefinition node = NodeDefinition.builder("a")
                .asyncBody(context -> stages.get(context.attempt() - 1))
                .timeout(LIMIT)
                .retry(RetryPolicy.fixed(Duration.ofSeconds(1)))
                .build();
        try (Bench bench = bench()) {
            FlowExecution run = bench.start(Nodes.line(node, Nodes.echo("b")));
            timeOut(bench);
            Bench.awaitStatus(run, ExecutionStatus.WAITING);
            stages.get(0).complete("late");
            bench.passNext();
            bench.time().awaitPending(1);
            stages.get(1).complete("in time");

            assertThat(Bench.ended(run).output("b", String.class)).isEqualTo("in time");
        }
    }

    /** A future that takes no notice of a cancel. */
    private static final class Uncancellable extends CompletableFuture<Object> {
        @Override
        public boolean cancel(boolean mayInterrupt) {
            return false;
        }
    }

    @Test
    @DisplayName("S8 S20 cancelling the stage is no late result, and no second failure to ask the policy about")
    void cancelling_the_stage_is_no_result() {
        List<Throwable> asked = new CopyOnWriteArrayList<>();
        CompletableFuture<Object> stage = new CompletableFuture<>();
        NodeDefinition node = NodeDefinition.builder("a")
                .asyncBody(context -> stage)
                .timeout(LIMIT)
                .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxAttempts(2).when(thrown -> {
                    asked.add(thrown);
                    return false;
                }))
                .build();
        try (Bench bench = bench()) {
            FlowExecution run = bench.start(Nodes.line(node));
            timeOut(bench);
            Bench.ended(run);
            Bench.awaitUntil("the stage is cancelled", stage::isCancelled);

            assertThat(asked).singleElement().isInstanceOf(TimeoutException.class);
            assertThat(bench.engine().health().lateResults()).isZero();
        }
    }

    @Test
    @DisplayName("S8 S20 what a body makes after its timeout is a late result, and its failure is nobody's business")
    void what_a_body_makes_after_its_timeout_is_late() {
        List<Throwable> asked = new CopyOnWriteArrayList<>();
        NodeDefinition node = Nodes.node("a", context -> {
                    Nodes.ignoreInterruptsUntil(release);
                    throw new IllegalStateException("late");
                })
                .timeout(LIMIT)
                .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxAttempts(2).when(thrown -> {
                    asked.add(thrown);
                    return false;
                }))
                .build();
        try (Bench bench = Bench.plain()) {
            FlowExecution run = bench.start(Nodes.line(node));
            bench.time().awaitPending(1);
            bench.passNext();
            Bench.ended(run);
            release.countDown();
            Bench.awaitUntil("the late result", () -> bench.engine().health().lateResults() == 1);

            assertThat(asked).singleElement().isInstanceOf(TimeoutException.class);
        }
    }
}
