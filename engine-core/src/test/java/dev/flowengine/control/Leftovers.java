package dev.flowengine.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.node.ValueBody;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;

/** Looks for what executions may have left behind: places among the bodies, workers, threads. */
final class Leftovers {
    private final Set<Thread> before = engineThreads();

    /** So many bodies of each kind that wait for each other end only if so many run at once: no place was lost. */
    static void assertNoPlaceLost(FlowEngine engine, Watch watch, int threads) {
        for (boolean computing : new boolean[] {false, true}) {
            CyclicBarrier barrier = new CyclicBarrier(threads);
            ValueBody meet = context -> barrier.await(Watch.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            FlowDefinition flow = Flows.fan();
            for (int i = 0; i < threads; i++) {
                NodeDefinition.Builder node = Flows.node("n" + i, meet);
                flow.add((computing ? node.cpuBound() : node).build()).connect("t", "n" + i);
            }
            assertThat(watch.ended(engine.executeFromTrigger(flow.build(), "t", 1))
                            .status())
                    .as("room for %d bodies, computing: %s", threads, computing)
                    .isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    /** Every thread that came since this was created has gone; to be called once the engine is closed. */
    void assertNoThreadLeft() {
        Watch.awaiting("the end of the engine's threads").untilAsserted(() -> {
            Set<Thread> left = engineThreads();
            left.removeAll(before);
            assertThat(left).isEmpty();
        });
    }

    private static Set<Thread> engineThreads() {
        Set<Thread> threads = new HashSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("flowengine-")) {
                threads.add(thread);
            }
        }
        return threads;
    }
}
