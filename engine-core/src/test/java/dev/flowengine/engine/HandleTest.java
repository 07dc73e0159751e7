package dev.flowengine.engine;

import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.flowengine.FlowEngine;
import dev.flowengine.FlowEngineBuilder;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Handles on executions: finding, awaiting, completion, and the flows an engine knows. */
class HandleTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private static Flow waitingFor(CompletableFuture<Object> stage) {
        return Flow.definition("waiting")
                .trigger("t")
                .add(Nodes.async("a", stage))
                .connect("t", "a")
                .build();
    }

    @Test
    @DisplayName("S8 a live execution is found while it runs, and after it has ended")
    void an_execution_is_found_while_it_runs_and_afterwards() throws InterruptedException {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        try (FlowEngine engine = Engines.create()) {
            FlowExecution run = engine.executeFromTrigger(waitingFor(stage), "t", 1);
            Runs.awaitNode(engine.find(run.id()).orElseThrow(), "a", NodeStatus.RUNNING);

            stage.complete("done");
            Runs.ended(run);
            FlowExecution found = engine.find(run.id()).orElseThrow();
            assertThat(found.id()).isEqualTo(run.id());
            assertThat(found.flowId()).isEqualTo("waiting");
            assertThat(found.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(found.await().output("a", String.class)).isEqualTo("done");
            assertThat(found.await(Duration.ZERO)).isPresent();
            assertThat(found.completion().toCompletableFuture()).isCompleted();
            assertThat(Runs.states(found.snapshot())).isEqualTo(Runs.states(run.snapshot()));
            assertThat(engine.find("nobody")).isEmpty();
        }
    }

    @Test
    @DisplayName("R31 the archive keeps the last executions only, up to its size")
    void the_archive_is_bounded_by_count() {
        Flow flow = Flow.definition("short").trigger("t").build();
        try (FlowEngine engine = Engines.builder().archive(2, HOUR).build();
                FlowEngine forgetful = Engines.builder().archive(0, HOUR).build()) {
            List<String> ids = new CopyOnWriteArrayList<>();
            for (int i = 0; i < 4; i++) {
                ids.add(Runs.ended(engine.executeFromTrigger(flow, "t", i)).executionId());
            }
            assertThat(ids).extracting(id -> engine.find(id).isPresent()).containsExactly(false, false, true, true);

            ExecutionResult forgotten = Runs.ended(forgetful.executeFromTrigger(flow, "t", 1));
            assertThat(forgetful.find(forgotten.executionId())).isEmpty();
        }
    }

    @Test
    @DisplayName("R31 the archive keeps executions up to their age")
    void the_archive_is_bounded_by_age() {
        ManualTime time = new ManualTime();
        Flow flow = Flow.definition("short").trigger("t").build();
        try (FlowEngine engine =
                Engines.builder().archive(10, HOUR).timeSource(time).build()) {
            String id = Runs.ended(engine.executeFromTrigger(flow, "t", 1)).executionId();
            time.advance(HOUR);
            assertThat(engine.find(id)).isPresent();

            time.advance(Duration.ofNanos(1));
            assertThat(engine.find(id)).isEmpty();
        }
    }

    @Test
    @DisplayName("S8 await gives up after its time, and the run goes on")
    void await_gives_up_after_its_time() throws InterruptedException {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        try (FlowEngine engine = Engines.create()) {
            FlowExecution run = engine.executeFromTrigger(waitingFor(stage), "t", 1);

            assertThat(run.await(Duration.ofMillis(1))).isEmpty();
            assertThat(run.await(Duration.ZERO)).isEmpty();
            stage.complete(1);
            assertThat(run.await(Duration.ofSeconds(Long.MAX_VALUE))).isPresent();
            assertThat(run.await().status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @WithThreads
    @DisplayName("S28 completion calls back once, on no thread that runs bodies")
    void completion_calls_back_off_the_workers(int threads) {
        Flow flow = Flow.definition("chain")
                .trigger("t")
                .add(Nodes.tracing("a"))
                .add(Nodes.passing("b"))
                .connect("t", "a")
                .connect("a", "b")
                .build();
        List<String> calledBackOn = new CopyOnWriteArrayList<>();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            for (int i = 0; i < 100; i++) {
                FlowExecution run = engine.executeFromTrigger(flow, "t", i);
                run.completion()
                        .thenAccept(result ->
                                calledBackOn.add(Thread.currentThread().getName()));
            }
            await().until(() -> calledBackOn.size() == 100);
        }
        assertThat(calledBackOn)
                .noneMatch(name -> name.startsWith("flowengine-worker") || name.startsWith("flowengine-body"));
    }

    @Test
    @DisplayName("S28 a callback that blocks or throws holds up no other execution")
    void a_callback_that_blocks_holds_up_nobody() {
        Flow flow = Flow.definition("short").trigger("t").build();
        CompletableFuture<Object> stage = new CompletableFuture<>();
        CompletableFuture<Object> never = new CompletableFuture<>();
        try (FlowEngine engine = Engines.withThreads(1)) {
            FlowExecution first = engine.executeFromTrigger(waitingFor(stage), "t", 1);
            CompletionStage<Object> blocked = first.completion().thenApply(result -> never.join());
            CompletionStage<Object> thrown = first.completion().thenApply(result -> {
                throw new IllegalStateException("planned");
            });
            stage.complete(1);

            Runs.ended(first);
            for (int i = 0; i < 100; i++) {
                Runs.ended(engine.executeFromTrigger(flow, "t", i));
            }
            assertThat(blocked.toCompletableFuture()).isNotDone();
            never.complete("released");
            await().until(() -> blocked.toCompletableFuture().isDone()
                    && thrown.toCompletableFuture().isCompletedExceptionally());
        }
    }

    @Test
    @DisplayName("S8 nobody but the engine can complete an execution")
    void nobody_else_can_complete_an_execution() {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        try (FlowEngine engine = Engines.create()) {
            FlowExecution run = engine.executeFromTrigger(waitingFor(stage), "t", 1);
            run.completion().toCompletableFuture().cancel(true);
            stage.complete(1);

            assertThat(run.completion().toCompletableFuture().join().status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("S30 the same flow can be registered again, another structure under its id and version cannot")
    void a_conflicting_registration_is_refused() {
        Flow one = Flow.definition("flow").trigger("t").build();
        Flow same = Flow.definition("flow").trigger("t").build();
        Flow changed = Flow.definition("flow")
                .trigger("t")
                .add(Nodes.tracing("a"))
                .connect("t", "a")
                .build();
        Flow next = Flow.definition("flow").version("2").trigger("other").build();
        try (FlowEngine engine = Engines.create()) {
            engine.register(one);
            engine.register(same);
            engine.register(next);

            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.register(changed))
                    .withMessageContaining("flow 'flow' version '1' is registered already with another structure")
                    .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_DEFINITION))
                    .satisfies(
                            refusal -> assertThat(refusal.suggestedResolution()).contains("new version"));
        }
    }

    @Test
    @DisplayName("S28 impossible settings are refused at once")
    void impossible_settings_are_refused() {
        FlowEngineBuilder builder = FlowEngine.builder();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.workers(0))
                .withMessageContaining("workers is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.bodyThreads(-1))
                .withMessageContaining("bodyThreads is -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.archive(1, Duration.ZERO))
                .withMessageContaining("archive age");
    }
}
