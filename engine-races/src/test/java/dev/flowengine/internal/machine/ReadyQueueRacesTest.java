package dev.flowengine.internal.machine;

import dev.flowengine.races.Races;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("a ready queue, to which one thread adds and from which any take, is a queue that can be held")
class ReadyQueueRacesTest {

    @Test
    void in_any_interleaving() {
        Races.modelCheck(Threads.class, Specification.class);
    }

    /** What only the thread that adds may do is in one group. */
    public static class Threads {
        private static final int MOST = 32;
        private static final String MACHINE = "machine";

        private final ReadyQueue queue = new ReadyQueue(MOST);

        @Operation(nonParallelGroup = MACHINE)
        public void add(@Param(gen = IntGen.class) int node) {
            queue.add(node);
        }

        @Operation
        public int poll() {
            return queue.poll();
        }

        @Operation
        public int taken() {
            return queue.taken();
        }

        @Operation(nonParallelGroup = MACHINE)
        public int size() {
            return queue.size();
        }

        @Operation(nonParallelGroup = MACHINE)
        public int release() {
            return queue.release();
        }

        /** Holds, and tells how many are left and which. */
        @Operation(nonParallelGroup = MACHINE)
        public List<Integer> hold() {
            List<Integer> left = new ArrayList<>();
            left.add(queue.hold());
            IntList nodes = new IntList();
            queue.drainTo(nodes);
            for (int i = 0; i < nodes.size(); i++) {
                left.add(nodes.get(i));
            }
            return left;
        }
    }

    /** A queue and a flag. */
    public static class Specification {
        private final Queue<Integer> waiting = new ArrayDeque<>();
        private boolean held;
        private int taken;

        public void add(int node) {
            waiting.add(node);
        }

        public int poll() {
            if (held || waiting.isEmpty()) {
                return ReadyQueue.EMPTY;
            }
            taken++;
            return waiting.remove();
        }

        public int taken() {
            return taken;
        }

        public int size() {
            return held ? 0 : waiting.size();
        }

        public int release() {
            held = false;
            return waiting.size();
        }

        public List<Integer> hold() {
            held = true;
            List<Integer> left = new ArrayList<>(List.of(waiting.size()));
            left.addAll(waiting);
            return left;
        }
    }
}
