package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.extension.TimeSource;
import dev.flowengine.flow.Flow;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An execution is started on one thread while another closes the engine. */
class StartMeetsCloseTest {
    private static final Duration LONG_GRACE = Duration.ofHours(1);
    private static final int STARTERS = 4;
    private static final int BACKLOG = 20;

    private final Flow flow = Flow.definition("met")
            .trigger("t")
            .add(Nodes.tracing("a"))
            .connect("t", "a")
            .build();

    @WithThreads
    @Timeout(60)
    @DisplayName(
            "S24 R37 a start that meets a close ends or is refused without a trace, and does not hold up the close")
    void a_start_that_meets_a_close_ends_or_is_refused(int threads) {
        for (int i = 0; i < 200; i++) {
            Recorder recorder = new Recorder();
            FlowEngine engine =
                    recorder.listeningTo(Engines.builder().workers(threads).bodyThreads(threads));
            CountDownLatch running = new CountDownLatch(STARTERS);
            List<CompletableFuture<List<FlowExecution>>> starters = Stream.generate(
                            () -> starting(engine, recorder, running))
                    .limit(STARTERS)
                    .toList();
            Runs.awaitOpen(running);
            engine.close(LONG_GRACE);

            Set<String> started = new HashSet<>();
            starters.forEach(starter -> starter.join().forEach(run -> {
                assertThat(Runs.ended(run).status().isTerminal()).isTrue();
                recorder.eventsOf(run.id());
                started.add(run.id());
            }));
            mustNotKnowOthers(engine, recorder, started);
        }
    }

    private static void mustNotKnowOthers(FlowEngine engine, Recorder recorder, Set<String> started) {
        Set<String> refused = new HashSet<>(recorder.executions());
        refused.removeAll(started);
        assertThat(refused).as("executions that were refused, but told of").isEmpty();
        assertThat(refused).allSatisfy(id -> assertThat(engine.find(id)).isEmpty());
    }

    /** Starts executions on a thread of its own until the engine is closed. */
    private CompletableFuture<List<FlowExecution>> starting(
            FlowEngine engine, Recorder recorder, CountDownLatch running) {
        CompletableFuture<List<FlowExecution>> started = new CompletableFuture<>();
        onThread(() -> {
            List<FlowExecution> runs = new ArrayList<>();
            try {
                running.countDown();
                while (true) {
                    FlowExecution run = engine.executeFromTrigger(flow, "t", runs.size());
                    runs.add(run);
                    if (runs.size() % BACKLOG == 0) {
                        // Also told: no more events wait for the listener than it has room for.
                        recorder.eventsOf(run.id());
                    }
                }
            } catch (FlowException refusal) {
                complete(started, runs, refusal);
            }
        });
        return started;
    }

    private static <T> void complete(CompletableFuture<T> future, T value, FlowException refusal) {
        if (refusal.kind() == FailureKind.ENGINE_CLOSED) {
            future.complete(value);
        } else {
            future.completeExceptionally(refusal);
        }
    }

    private static void onThread(Runnable task) {
        Thread thread = new Thread(task, "starter");
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    @Timeout(60)
    @DisplayName("S24 R37 a start that is under way while the engine closes is refused, and nobody is told of it")
    void a_start_under_way_is_refused() throws Exception {
        Recorder recorder = new Recorder();
        HeldTime time = new HeldTime();
        FlowEngine engine = recorder.listeningTo(Engines.builder().timeSource(time));
        CompletableFuture<FlowException> refused = new CompletableFuture<>();
        onThread(() -> {
            try {
                FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
                refused.completeExceptionally(new AssertionError("started " + run.id()));
            } catch (FlowException refusal) {
                refused.complete(refusal);
            }
        });
        Runs.awaitOpen(time.reached);
        engine.close(LONG_GRACE);
        time.release.countDown();

        assertThat(refused.get(30, TimeUnit.SECONDS).kind()).isEqualTo(FailureKind.ENGINE_CLOSED);
        assertThat(recorder.executions()).isEmpty();
    }

    /** A clock that holds up who asks for the time, as a start does when it has been checked. */
    private static final class HeldTime implements TimeSource {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);

        @Override
        public Instant instant() {
            reached.countDown();
            Runs.awaitOpen(release);
            return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
            return 0;
        }
    }
}
