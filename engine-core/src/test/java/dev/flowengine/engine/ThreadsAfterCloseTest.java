package dev.flowengine.engine;

import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.testing.Engines;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ThreadsAfterCloseTest {

    private static Set<Thread> engineThreads() {
        Set<Thread> threads = new HashSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("flowengine-")) {
                threads.add(thread);
            }
        }
        return threads;
    }

    private static Flow mixed() {
        FlowDefinition definition = Flow.definition("mixed").trigger("t");
        for (int i = 0; i < 50; i++) {
            definition
                    .add(i % 2 == 0 ? Nodes.passing("n" + i) : Nodes.tracing("n" + i))
                    .connect("t", "n" + i);
        }
        return definition.build();
    }

    @Test
    @DisplayName("R37 no thread of an engine is left after its close")
    void no_thread_is_left_after_a_close() {
        Set<Thread> before = engineThreads();
        Recorder recorder = new Recorder();
        FlowEngine engine = recorder.listeningTo(Engines.builder());
        FlowExecution run = engine.executeFromTrigger(mixed(), "t", 1);
        run.completion().thenAccept(result -> {});
        recorder.eventsOf(Runs.ended(run).executionId());
        Set<Thread> during = engineThreads();
        during.removeAll(before);
        assertThat(during).as("the engine had threads").isNotEmpty().allMatch(Thread::isDaemon);
        engine.close();

        await().untilAsserted(() -> assertThat(during).noneMatch(Thread::isAlive));
        await().until(() -> before.containsAll(engineThreads()));
    }
}
