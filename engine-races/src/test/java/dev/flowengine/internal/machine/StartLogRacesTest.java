package dev.flowengine.internal.machine;

import dev.flowengine.races.Races;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S16 a node is listed once, and after all that had started before it, at any moment")
class StartLogRacesTest {

    @Test
    void whether_nodes_are_recorded_or_taken() {
        Races.interleave(() -> {
            Starts starts = new Starts(2, 3);
            int[][] seen = new int[2][];
            Thread one = new Thread(() -> {
                starts.record(2);
                starts.take();
            });
            Thread other = new Thread(() -> {
                starts.record(3);
                starts.take();
                starts.record(4);
            });
            one.start();
            other.start();
            seen[0] = starts.log.nodes();
            seen[1] = starts.log.nodesAtEnd();
            Races.join(List.of(one, other));

            starts.check(seen[0]);
            starts.checkOnce(seen[1]);
            starts.checkComplete(starts.log.nodes());
            starts.checkComplete(starts.log.nodesAtEnd());
            starts.checkStays(seen[0], starts.log.nodes());
        });
    }

    /** Starts nodes, remembering when each did: those taken have the lowest numbers. */
    private static final class Starts {
        private final int queued;
        private final StartLog log;
        private final AtomicInteger clock = new AtomicInteger();
        private final int[] began;
        private final int[] ended;

        Starts(int queued, int recorded) {
            this.queued = queued;
            this.log = new StartLog(queued, recorded);
            this.began = new int[queued + recorded];
            this.ended = new int[queued + recorded];
            for (int node = 0; node < queued; node++) {
                log.queue().add(node);
            }
        }

        void record(int node) {
            began[node] = clock.incrementAndGet();
            log.record(node);
            ended[node] = clock.incrementAndGet();
        }

        void take() {
            int before = clock.incrementAndGet();
            int node = log.queue().poll();
            began[node] = before;
            ended[node] = clock.incrementAndGet();
        }

        void checkComplete(int[] nodes) {
            check(nodes);
            Races.require(nodes.length == began.length, "not all in " + Arrays.toString(nodes));
        }

        /** What is recorded keeps its place: those of an earlier reading come first in a later one. */
        void checkStays(int[] before, int[] after) {
            int[] earlier = recorded(before);
            int[] later = Arrays.copyOf(recorded(after), earlier.length);
            Races.require(Arrays.equals(earlier, later), Arrays.toString(before) + " became " + Arrays.toString(after));
        }

        private int[] recorded(int[] nodes) {
            return Arrays.stream(nodes).filter(node -> node >= queued).toArray();
        }

        void checkOnce(int[] nodes) {
            boolean[] listed = new boolean[began.length];
            for (int node : nodes) {
                Races.require(!listed[node], "twice in " + Arrays.toString(nodes));
                listed[node] = true;
            }
        }

        void check(int[] nodes) {
            checkOnce(nodes);
            boolean[] listed = new boolean[began.length];
            for (int node : nodes) {
                for (int earlier = 0; earlier < began.length; earlier++) {
                    Races.require(
                            ended[earlier] > began[node] || listed[earlier],
                            earlier + " not before " + node + " in " + Arrays.toString(nodes));
                }
                listed[node] = true;
            }
        }
    }
}
