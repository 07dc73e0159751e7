package dev.flowengine.engine;

import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.event.ExecutionStarted;
import dev.flowengine.event.NodeCompleted;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;

@DisplayName("S36 R20 R21 a listener may call back into the engine from within an event")
class ListenerCallsBackTest {
    private final Recorder recorder = new Recorder();
    private final AtomicReference<FlowEngine> engine = new AtomicReference<>();
    private final CountDownLatch ready = new CountDownLatch(1);

    private static Flow line(int nodes) {
        var flow = Flow.definition("line").trigger("t");
        String last = "t";
        for (int i = 0; i < nodes; i++) {
            flow.add(NodeDefinition.builder("n" + i)
                            .body(context -> context.input())
                            .build())
                    .connect(last, "n" + i);
            last = "n" + i;
        }
        return flow.build();
    }

    private FlowEngine engine(int threads, ExecutionListener listener) {
        FlowEngine created = recorder.listeningTo(Engines.builder(threads).listener(listener));
        engine.set(created);
        ready.countDown();
        return created;
    }

    private FlowEngine engine() {
        Runs.awaitOpen(ready);
        return engine.get();
    }

    private void mustHaveToldEverything(ExecutionResult result) {
        List<ExecutionEvent> events = recorder.eventsOf(result.executionId());
        assertThat(events)
                .extracting(ExecutionEvent::seq)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, events.size()).boxed().toList());
        assertThat(events.get(events.size() - 1))
                .isInstanceOfSatisfying(
                        ExecutionFinished.class,
                        last -> assertThat(last.status()).isEqualTo(result.status()));
    }

    @WithThreads
    void to_look_at_the_execution_as_often_as_it_likes(int threads) {
        List<Throwable> trouble = new CopyOnWriteArrayList<>();
        ExecutionListener looking = new ExecutionListener() {
            @Override
            public void onEvent(ExecutionEvent event) {
                try {
                    FlowExecution run = engine().find(event.executionId()).orElseThrow();
                    assertThat(run.snapshot().executionId()).isEqualTo(event.executionId());
                    assertThat(run.explain("n0")).startsWith("Node 'n0'");
                    assertThat(engine().health().executions()).isNotNegative();
                } catch (RuntimeException | AssertionError e) {
                    trouble.add(e);
                }
            }
        };
        try (FlowEngine engine = engine(threads, looking)) {
            for (int i = 0; i < 20; i++) {
                ExecutionResult result = Runs.ended(engine.executeFromTrigger(line(10), "t", i));
                assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
                mustHaveToldEverything(result);
            }
        }
        assertThat(trouble).isEmpty();
    }

    @WithThreads
    void to_cancel_the_execution_it_is_told_of(int threads) {
        ExecutionListener cancelling = new ExecutionListener() {
            @Override
            public void onExecutionStarted(ExecutionStarted event) {
                engine().cancel(event.executionId(), "the listener does not like it");
            }
        };
        CountDownLatch release = new CountDownLatch(1);
        try (FlowEngine engine = engine(threads, cancelling)) {
            Flow waiting = Flow.definition("waiting")
                    .trigger("t")
                    .add(NodeDefinition.builder("n0")
                            .body(context -> {
                                Runs.awaitOpen(release);
                                return 1;
                            })
                            .build())
                    .add(NodeDefinition.builder("n1").passThrough().build())
                    .connect("t", "n0")
                    .connect("n0", "n1")
                    .build();
            FlowExecution run = engine.executeFromTrigger(waiting, "t", 1);
            await().until(() -> run.status() != ExecutionStatus.RUNNING && run.status() != ExecutionStatus.QUEUED);
            release.countDown();
            ExecutionResult result = Runs.ended(run);

            assertThat(result.status()).isEqualTo(ExecutionStatus.CANCELLED);
            mustHaveToldEverything(result);
        }
    }

    @WithThreads
    void to_start_further_executions_and_wait_for_them(int threads) {
        AtomicInteger left = new AtomicInteger(50);
        List<ExecutionResult> started = new CopyOnWriteArrayList<>();
        ExecutionListener chaining = new ExecutionListener() {
            @Override
            public void onNodeCompleted(NodeCompleted event) {
                if (event.nodeId().equals("n0") && left.getAndDecrement() > 0) {
                    started.add(Runs.ended(engine().executeFromTrigger(line(2), "t", 1)));
                }
            }
        };
        try (FlowEngine engine = engine(threads, chaining)) {
            ExecutionResult first = Runs.ended(engine.executeFromTrigger(line(2), "t", 1));
            await().until(() -> started.size() == 50);

            mustHaveToldEverything(first);
            assertThat(started).allSatisfy(result -> {
                assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
                mustHaveToldEverything(result);
            });
        }
    }
}
