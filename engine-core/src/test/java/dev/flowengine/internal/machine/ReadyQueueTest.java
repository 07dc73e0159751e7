package dev.flowengine.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.testing.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadyQueueTest {

    @Test
    void gives_nodes_in_the_order_they_were_added() {
        ReadyQueue queue = new ReadyQueue(4);
        queue.add(7);
        queue.add(3);
        assertThat(queue.size()).isEqualTo(2);

        assertThat(queue.poll()).isEqualTo(7);
        queue.add(5);
        assertThat(queue.poll()).isEqualTo(3);
        assertThat(queue.poll()).isEqualTo(5);
        assertThat(queue.poll()).isEqualTo(ReadyQueue.EMPTY);
        assertThat(queue.size()).isZero();
    }

    @Test
    void gives_nothing_once_it_is_held_and_says_how_many_are_left() {
        ReadyQueue queue = new ReadyQueue(3);
        IntStream.range(0, 3).forEach(queue::add);
        queue.poll();

        assertThat(queue.hold()).isEqualTo(2);

        assertThat(queue.poll()).isEqualTo(ReadyQueue.EMPTY);
        assertThat(queue.size()).isZero();
        assertThat(queue.taken()).isEqualTo(1);
    }

    @Test
    @DisplayName("S25 what was held is given out in the same order once it is released, with what was added meanwhile")
    void gives_what_was_held_once_it_is_released() {
        ReadyQueue queue = new ReadyQueue(3);
        queue.add(7);
        queue.add(3);
        queue.poll();
        queue.hold();
        assertThat(queue.hold()).as("held again").isEqualTo(1);
        queue.add(5);
        assertThat(queue.poll()).isEqualTo(ReadyQueue.EMPTY);

        assertThat(queue.release()).isEqualTo(2);
        assertThat(queue.size()).isEqualTo(2);
        assertThat(queue.poll()).isEqualTo(3);
        assertThat(queue.poll()).isEqualTo(5);
        assertThat(queue.poll()).isEqualTo(ReadyQueue.EMPTY);
    }

    @ParameterizedTest(name = "{0} takers")
    @ValueSource(ints = {1, 2, 8})
    @DisplayName("S25 holding and releasing while others take neither loses a node nor gives one twice")
    void holding_and_releasing_while_others_take(int takers) throws Exception {
        int nodes = 5_000;
        ReadyQueue queue = new ReadyQueue(nodes);
        IntStream.range(0, nodes).forEach(queue::add);
        List<List<Integer>> taken = new ArrayList<>();
        IntStream.range(0, takers).forEach(taker -> taken.add(new ArrayList<>()));
        AtomicInteger left = new AtomicInteger(nodes);

        Threads.together(takers + 1, thread -> {
            if (thread < takers) {
                takeAll(queue, left, taken.get(thread));
                return;
            }
            while (left.get() > 0) {
                int waiting = queue.hold();
                assertThat(queue.taken()).isEqualTo(nodes - waiting);
                assertThat(queue.release()).isEqualTo(waiting);
            }
        });

        assertThat(taken.stream().flatMap(List::stream).sorted().toList())
                .isEqualTo(IntStream.range(0, nodes).boxed().toList());
    }

    @RepeatedTest(50)
    void what_is_taken_and_what_is_left_when_it_is_held_is_all_there_was() throws Exception {
        int nodes = 1_000;
        ReadyQueue queue = new ReadyQueue(nodes);
        IntStream.range(0, nodes).forEach(queue::add);
        AtomicInteger taken = new AtomicInteger();
        AtomicInteger left = new AtomicInteger();

        Threads.together(3, thread -> {
            if (thread == 0) {
                left.set(queue.hold());
                return;
            }
            while (queue.poll() != ReadyQueue.EMPTY) {
                taken.incrementAndGet();
            }
        });

        assertThat(taken.get() + left.get()).isEqualTo(nodes);
        assertThat(queue.taken()).isEqualTo(taken.get());
    }

    @ParameterizedTest(name = "{0} takers")
    @ValueSource(ints = {1, 2, 8})
    void each_node_is_taken_once_and_the_longest_waiting_first(int takers) throws Exception {
        for (int round = 0; round < 20; round++) {
            int nodes = 2_000;
            ReadyQueue queue = new ReadyQueue(nodes);
            List<List<Integer>> taken = new ArrayList<>();
            IntStream.range(0, takers).forEach(taker -> taken.add(new ArrayList<>()));
            AtomicInteger left = new AtomicInteger(nodes);

            Threads.together(takers + 1, thread -> {
                if (thread == takers) {
                    // Added backwards, so that order of adding and order of numbers differ.
                    IntStream.range(0, nodes).forEach(i -> queue.add(nodes - 1 - i));
                } else {
                    takeAll(queue, left, taken.get(thread));
                }
            });

            assertThat(taken.stream().flatMap(List::stream).sorted().toList())
                    .isEqualTo(IntStream.range(0, nodes).boxed().toList());
            taken.forEach(own -> assertThat(own).isSortedAccordingTo((a, b) -> b - a));
        }
    }

    private static void takeAll(ReadyQueue queue, AtomicInteger left, List<Integer> own) {
        while (left.get() > 0) {
            int node = queue.poll();
            if (node == ReadyQueue.EMPTY) {
                Thread.onSpinWait();
            } else {
                own.add(node);
                left.decrementAndGet();
            }
        }
    }
}
