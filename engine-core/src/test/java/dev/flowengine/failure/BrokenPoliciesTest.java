package dev.flowengine.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Predicates and backoffs are the host's: whatever they do, the node settles with the failure of its body. */
@DisplayName("S20 a policy that is itself broken never hides the failure, nor hangs the run")
class BrokenPoliciesTest {
    private static final RetryPolicy ALWAYS = RetryPolicy.fixed(Duration.ZERO);

    static Stream<Named<RetryPolicy>> broken() {
        return Stream.of(
                Named.of("predicate throws", ALWAYS.when(thrown -> {
                    throw new IllegalArgumentException("broken policy");
                })),
                Named.of("predicate throws what the body threw", ALWAYS.when(thrown -> {
                    throw sneaky(thrown);
                })),
                Named.of("predicate throws an Error", ALWAYS.when(thrown -> {
                    throw new AssertionError("broken policy");
                })),
                Named.of("predicate throws a checked exception nobody declared", ALWAYS.when(thrown -> {
                    throw sneaky(new IOException("broken policy"));
                })),
                Named.of("backoff throws", RetryPolicy.custom(failed -> {
                    throw new IllegalArgumentException("broken policy");
                })),
                Named.of("backoff returns null", RetryPolicy.custom(failed -> null)));
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the cast is the trick
    private static <X extends Throwable> RuntimeException sneaky(Throwable thrown) throws X {
        throw (X) thrown;
    }

    private static void mustFailOnce(NodeDefinition.Builder node, RetryPolicy broken) {
        Flow flow = Nodes.line(node.retry(broken).build());
        try (Bench bench = Bench.plain()) {
            for (int i = 0; i < 3; i++) {
                ExecutionResult result = bench.run(flow);
                FlowError failure = Bench.node(result, "a").failure().orElseThrow();

                assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
                assertThat(failure.summary()).isEqualTo("java.lang.IllegalStateException: of the body");
                assertThat(failure.attempt()).isEqualTo(1);
            }
        }
    }

    private static NodeDefinition.Builder throwing() {
        return Nodes.node("a", context -> {
            throw new IllegalStateException("of the body");
        });
    }

    @ParameterizedTest
    @MethodSource("broken")
    @DisplayName("S20 R22 on a body thread")
    void on_a_body_thread(RetryPolicy broken) {
        mustFailOnce(throwing(), broken);
    }

    @ParameterizedTest
    @MethodSource("broken")
    @DisplayName("S20 R22 on a worker")
    void on_a_worker(RetryPolicy broken) {
        mustFailOnce(throwing().cpuBound(), broken);
    }

    @ParameterizedTest
    @MethodSource("broken")
    @DisplayName("S20 R22 on the thread that fails a stage")
    void on_the_thread_of_a_stage(RetryPolicy broken) {
        mustFailOnce(
                NodeDefinition.builder("a")
                        .asyncBody(context -> CompletableFuture.failedFuture(new IllegalStateException("of the body"))),
                broken);
    }

    @ParameterizedTest
    @MethodSource("broken")
    @DisplayName("S20 R22 after a timeout")
    void after_a_timeout(RetryPolicy broken) {
        CountDownLatch never = new CountDownLatch(1);
        NodeDefinition node = Nodes.node("a", context -> {
                    Nodes.awaitOpen(never);
                    return 1;
                })
                .timeout(Duration.ofSeconds(1))
                .retry(broken)
                .build();
        try (Bench bench = Bench.plain()) {
            FlowExecution run = bench.start(Nodes.line(node));
            bench.passNext();

            FlowError failure = Bench.node(Bench.ended(run), "a").failure().orElseThrow();
            assertThat(failure.kind()).isEqualTo(FailureKind.NODE_TIMEOUT);
            assertThat(failure.attempt()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("R14 S26 S27 a policy that blocks is interrupted and gives its place to others, like a body")
    void a_policy_that_blocks_gives_its_place_to_others() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        RetryPolicy blocking = ALWAYS.when(thrown -> {
            asked.countDown();
            try {
                Nodes.awaitOpen(new CountDownLatch(1));
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return true;
        });
        try (Bench bench = Bench.with(builder -> builder.bodyThreads(1))) {
            FlowExecution run =
                    bench.start(Nodes.line(throwing().retry(blocking).build()));
            asked.await();
            run.cancel("enough");
            Bench.awaitUntil("it is being cancelled", () -> run.status() == ExecutionStatus.CANCELLING);
            bench.time().advance(Duration.ofSeconds(10));

            assertThat(Bench.ended(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(bench.run(Nodes.line(Nodes.fine("b").build())).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }
}
