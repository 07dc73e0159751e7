package dev.flowengine.engine;

import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is still to be told when an engine closes is told all the same. */
class DeliveryAtCloseTest {
    private static final int CLOSES = 100;
    private static final int RUNS = 20;

    private static Flow fan(int width) {
        FlowDefinition definition = Flow.definition("fan").trigger("t");
        for (int i = 0; i < width; i++) {
            definition.add(Nodes.tracing("n" + i)).connect("t", "n" + i);
        }
        return definition.build();
    }

    @WithThreads
    @DisplayName("S28 R37 every completion asked for before a close completes")
    void every_completion_asked_for_completes(int threads) throws Exception {
        Flow flow = fan(1);
        for (int close = 0; close < CLOSES; close++) {
            FlowEngine engine = Engines.withThreads(threads);
            List<CompletableFuture<?>> completions = new ArrayList<>();
            for (int i = 0; i < RUNS; i++) {
                FlowExecution run = engine.executeFromTrigger(flow, "t", i);
                completions.add(run.completion()
                        .thenAccept(result -> assertThat(result.executionId()).isEqualTo(run.id()))
                        .toCompletableFuture());
            }
            engine.close();
            CompletableFuture.allOf(completions.toArray(CompletableFuture<?>[]::new))
                    .get(Runs.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @WithThreads
    @DisplayName("S36 R37 every event of every execution is told, up to its end, although the engine closes at once")
    void every_event_is_told(int threads) {
        Flow flow = fan(3);
        for (int close = 0; close < CLOSES; close++) {
            Recorder recorder = new Recorder();
            FlowEngine engine = recorder.listeningTo(Engines.builder().workers(threads));
            List<FlowExecution> runs = new ArrayList<>();
            for (int i = 0; i < RUNS; i++) {
                runs.add(engine.executeFromTrigger(flow, "t", i));
            }
            engine.close();
            runs.forEach(run -> mustBeWhole(recorder.eventsOf(run.id()), run));
        }
    }

    @WithThreads
    @DisplayName("R37 whoever waits for an execution has been let go when the close returns")
    void a_close_waits_for_those_who_wait(int threads) throws Exception {
        Flow flow = fan(1);
        for (int close = 0; close < 4 * CLOSES; close++) {
            FlowEngine engine = Engines.builder()
                    .workers(threads)
                    .listener(new ExecutionListener() {})
                    .build();
            FlowExecution run = engine.executeFromTrigger(flow, "t", close);
            // Now and then the close comes while the execution is ending.
            for (int spin = 0; spin < close % 200 * 100; spin++) {
                Thread.onSpinWait();
            }
            engine.close();
            assertThat(run.await(Duration.ZERO)).isPresent();
        }
    }

    private static void mustBeWhole(List<ExecutionEvent> events, FlowExecution run) {
        assertThat(events)
                .extracting(ExecutionEvent::seq)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, events.size()).boxed().toList());
        assertThat(events.get(events.size() - 1))
                .isInstanceOfSatisfying(
                        ExecutionFinished.class,
                        end -> assertThat(end.status())
                                .isEqualTo(Runs.ended(run).status()));
    }

    @Test
    @DisplayName("S36 R21 a listener that is far behind when the engine closes is told the rest afterwards")
    void a_slow_listener_is_told_the_rest() {
        CountDownLatch release = new CountDownLatch(1);
        List<ExecutionEvent> told = new CopyOnWriteArrayList<>();
        ExecutionListener slow = new ExecutionListener() {
            @Override
            public void onEvent(ExecutionEvent event) {
                Runs.awaitOpen(release);
                told.add(event);
            }
        };
        FlowEngine engine = Engines.builder().listener(slow).build();
        FlowExecution run = engine.executeFromTrigger(fan(200), "t", 1);
        Runs.ended(run);
        engine.close();
        assertThat(told).as("the close does not wait for the listener").isEmpty();
        release.countDown();

        await().until(() -> !told.isEmpty() && told.get(told.size() - 1) instanceof ExecutionFinished);
        mustBeWhole(told, run);
        assertThat(told).hasSizeGreaterThan(2 * 200);
    }
}
