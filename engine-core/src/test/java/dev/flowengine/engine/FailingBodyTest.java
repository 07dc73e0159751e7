package dev.flowengine.engine;

import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.node.AsyncBody;
import dev.flowengine.node.ValueBody;
import dev.flowengine.testing.Engines;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FailingBodyTest {

    /** An exception that cannot even say what it is. */
    private static final class Speechless extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("speechless");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    private static FlowError failureOf(NodeDefinition node) {
        for (int threads : new int[] {1, 8}) {
            ExecutionResult result = run(node, threads);
            assertThat(result.status()).isEqualTo(ExecutionStatus.PARTIAL);
            assertThat(Runs.states(result))
                    .containsEntry("a", "FAILED")
                    .containsEntry("next", "SKIPPED(UPSTREAM_FAILED)")
                    .containsEntry("other", "COMPLETED");
        }
        return Runs.node(run(node, 2), "a").failure().orElseThrow();
    }

    private static ExecutionResult run(NodeDefinition node, int threads) {
        FlowDefinition definition = Flow.definition("failing")
                .trigger("t")
                .add(node)
                .add(Nodes.tracing("next"))
                .add(Nodes.tracing("other"))
                .connect("t", "a")
                .connect("t", "other")
                .connect("a", "next");
        try (FlowEngine engine = Engines.withThreads(threads)) {
            return Runs.ended(engine.executeFromTrigger(definition.build(), "t", 1));
        }
    }

    private static FlowError failureOf(ValueBody body) {
        FlowError onWorker =
                failureOf(NodeDefinition.builder("a").body(body).cpuBound().build());
        FlowError onBodyThread = failureOf(Nodes.node("a", body));
        assertThat(onWorker.summary()).isEqualTo(onBodyThread.summary());
        return onBodyThread;
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the cast is the trick
    private static <X extends Throwable> X sneaky(Throwable thrown) throws X {
        throw (X) thrown;
    }

    @Test
    @DisplayName("S19 a failure tells type, message, stack, node and attempt")
    void a_failure_tells_what_happened() {
        FlowError error = failureOf(context -> {
            throw new IOException("no route to host");
        });

        assertThat(error.kind()).isEqualTo(FailureKind.NODE_EXECUTION_FAILED);
        assertThat(error.type()).isEqualTo("java.io.IOException");
        assertThat(error.message()).isEqualTo("no route to host");
        assertThat(error.stackText()).contains("no route to host", "FailingBodyTest");
        assertThat(error.nodeId()).isEqualTo("a");
        assertThat(error.attempt()).isEqualTo(1);
        assertThat(error.summary()).isEqualTo("java.io.IOException: no route to host");
    }

    @Test
    @DisplayName("R22 an Error fails its node like any exception")
    void an_error_fails_its_node() {
        FlowError error = failureOf(context -> {
            throw new AssertionError("wrong");
        });

        assertThat(error.summary()).isEqualTo("java.lang.AssertionError: wrong");
    }

    @Test
    @DisplayName("R22 a checked exception that nobody declared fails its node")
    void a_sneaky_exception_fails_its_node() {
        FlowError error = failureOf(context -> {
            throw FailingBodyTest.<RuntimeException>sneaky(new IOException("sneaky"));
        });

        assertThat(error.summary()).isEqualTo("java.io.IOException: sneaky");
    }

    @Test
    @DisplayName("R22 a throwable that is neither exception nor error fails its node")
    void a_plain_throwable_fails_its_node() {
        FlowError error = failureOf(context -> {
            throw FailingBodyTest.<RuntimeException>sneaky(new Throwable("plain"));
        });

        assertThat(error.summary()).isEqualTo("java.lang.Throwable: plain");
    }

    @Test
    @DisplayName("R22 an exception that fails to describe itself fails its node all the same")
    void an_exception_without_words_fails_its_node() {
        FlowError error = failureOf(context -> {
            throw new Speechless();
        });

        assertThat(error.type()).isEqualTo(Speechless.class.getName());
        assertThat(error.message()).isEmpty();
    }

    @Test
    @DisplayName("S19 R22 a StackOverflowError fails its node, and is rethrown off the path of the outcome")
    void a_stack_overflow_fails_its_node() {
        List<Throwable> rethrown = new CopyOnWriteArrayList<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> rethrown.add(thrown));
        try {
            FlowError error = failureOf(context -> endless(1));

            assertThat(error.type()).isEqualTo("java.lang.StackOverflowError");
            assertThat(error.stackText()).as("bounded").hasSizeLessThan(10_000);
            await().dontCatchUncaughtExceptions().atMost(Runs.PATIENCE).until(() -> rethrown.size() == 6);
            assertThat(rethrown).hasOnlyElementsOfType(StackOverflowError.class);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int endless(int depth) {
        return 1 + endless(depth + 1);
    }

    @Test
    @DisplayName("S19 a stage that fails fails its node with the cause, not with the CompletionException around it")
    void a_failed_stage_is_unwrapped() {
        CompletableFuture<Object> source = new CompletableFuture<>();
        CompletableFuture<Object> dependent = source.thenApply(value -> value);
        source.completeExceptionally(new IOException("broken pipe"));

        assertThat(failureOf(Nodes.async("a", dependent)).summary()).isEqualTo("java.io.IOException: broken pipe");
        assertThat(failureOf(Nodes.async("a", CompletableFuture.failedFuture(new CompletionException("bare", null))))
                        .summary())
                .isEqualTo("java.util.concurrent.CompletionException: bare");
    }

    @Test
    @DisplayName("R22 a cancelled stage fails its node")
    void a_cancelled_stage_fails_its_node() {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        stage.cancel(true);

        assertThat(failureOf(Nodes.async("a", stage)).type()).isEqualTo("java.util.concurrent.CancellationException");
    }

    @Test
    @DisplayName("R22 a null stage fails its node, and the error names the node")
    void a_null_stage_fails_its_node() {
        assertThat(failureOf(Nodes.async("a", null)).message())
                .isEqualTo("the body of node 'a' returned null instead of a stage");
    }

    @Test
    @DisplayName("R22 an async body that throws instead of returning a stage fails its node")
    void a_throwing_async_body_fails_its_node() {
        AsyncBody body = context -> {
            throw new IOException("before the stage");
        };

        assertThat(failureOf(NodeDefinition.builder("a").anyBody(body).build()).summary())
                .isEqualTo("java.io.IOException: before the stage");
    }

    @Test
    @DisplayName("R22 a body that leaves the interrupt flag set does not disturb the next one")
    void a_left_interrupt_flag_does_not_reach_the_next_body() {
        FlowDefinition definition = Flow.definition("flags").trigger("t");
        for (int i = 0; i < 50; i++) {
            NodeDefinition.Builder node = NodeDefinition.builder("n" + i).body(context -> {
                boolean seen = Thread.currentThread().isInterrupted();
                Thread.currentThread().interrupt();
                return seen;
            });
            definition.add((i % 2 == 0 ? node.cpuBound() : node).build()).connect("t", "n" + i);
        }
        try (FlowEngine engine = Engines.withThreads(1)) {
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(definition.build(), "t", 1));
            for (int i = 0; i < 50; i++) {
                assertThat(result.output("n" + i, Boolean.class)).isFalse();
            }
        }
    }
}
