package dev.flowengine.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.testing.Threads;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class StartLogTest {

    @Test
    @DisplayName("S16 the execution path is the order of starts, whatever threads the nodes run on")
    void lists_recorded_and_queued_starts_in_one_order() {
        StartLog log = new StartLog(3, 3);
        log.record(10);
        IntStream.range(0, 3).forEach(log.queue()::add);
        log.queue().poll();
        log.record(11);
        log.record(12);
        assertThat(log.nodes()).containsExactly(10, 0, 11, 12);

        log.queue().poll();
        assertThat(log.nodes()).containsExactly(10, 0, 11, 12, 1);
    }

    @RepeatedTest(20)
    @DisplayName("S16 the execution path is the order of starts: each thread's in order, none lost, none twice")
    void eight_threads_log_their_starts() throws Exception {
        int threads = 8;
        int each = 2_000;
        StartLog log = new StartLog(0, threads * each);
        AtomicInteger recording = new AtomicInteger(threads);

        Threads.together(threads + 1, thread -> {
            if (thread == threads) {
                requireGrowing(log, recording);
            } else {
                IntStream.range(thread * each, (thread + 1) * each).forEach(log::record);
                recording.decrementAndGet();
            }
        });

        int[] nodes = log.nodes();
        assertThat(Arrays.stream(nodes).sorted())
                .containsExactly(IntStream.range(0, threads * each).boxed().toArray(Integer[]::new));
        IntStream.range(0, threads)
                .forEach(thread -> assertThat(Arrays.stream(nodes)
                                .filter(node -> node / each == thread)
                                .toArray())
                        .isSorted());
    }

    @RepeatedTest(20)
    @DisplayName("S16 a node is listed after all that had started before it, at any moment")
    void mixed_starts_keep_the_order_of_each_thread() throws Exception {
        int threads = 4;
        int each = 2_000;
        int queued = threads * each / 2;
        StartLog log = new StartLog(queued, queued);
        IntStream.range(0, queued).forEach(log.queue()::add);
        int[] startedBy = new int[threads * each];
        AtomicInteger running = new AtomicInteger(threads);

        // Each thread starts one of its own, then one from the queue, and so on.
        Threads.together(threads + 2, thread -> {
            if (thread > threads) {
                requireGrowing(log, running);
                return;
            }
            if (thread == threads) {
                while (running.get() > 0) {
                    requireAlternating(log.nodes(), startedBy, queued);
                }
                return;
            }
            for (int i = 0; i < each / 2; i++) {
                int own = queued + thread * each / 2 + i;
                log.record(own);
                startedBy[log.queue().poll()] = own;
            }
            running.decrementAndGet();
        });

        int[] nodes = log.nodes();
        assertThat(nodes).hasSize(threads * each);
        requireAlternating(nodes, startedBy, queued);
    }

    /** Whatever a thread took from the queue comes after what it had recorded right before. */
    private static void requireAlternating(int[] nodes, int[] startedBy, int queued) {
        boolean[] seen = new boolean[2 * queued];
        for (int node : nodes) {
            seen[node] = true;
            if (node < queued && startedBy[node] != 0) {
                assertThat(seen[startedBy[node]])
                        .as("%d before %d", startedBy[node], node)
                        .isTrue();
            }
        }
    }

    /** Reads until nobody records; what was once read must stay, in its order, though others may come in between. */
    private static void requireGrowing(StartLog log, AtomicInteger recording) {
        int[] before = {};
        while (recording.get() > 0) {
            int[] now = log.nodes();
            int found = 0;
            for (int i = 0; i < now.length && found < before.length; i++) {
                found += now[i] == before[found] ? 1 : 0;
            }
            if (found < before.length) {
                throw new AssertionError(before[found] + " was listed among " + before.length + ", and is not among "
                        + now.length + " any more");
            }
            before = now;
            Thread.onSpinWait();
        }
    }
}
