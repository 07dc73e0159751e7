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
            seen[1] = starts.log.nodes();
            Races.join(List.of(one, other));

            starts.check(seen[0]);
            starts.check(seen[1]);
            starts.checkStays(seen[0], seen[1]);
            starts.checkComplete(starts.log.nodes());
            starts.checkStays(seen[1], starts.log.nodes());
        });
    }

    /** Starts nodes, remembering when each did: those taken have the lowest numbers. */
    private static final class Starts {
        private final StartLog log;
        private final AtomicInteger clock = new AtomicInteger();
        private final int[] began;
        private final int[] ended;

        Starts(int queued, int recorded) {
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

        /** What an earlier reading lists is in a later one too, in the same order. */
        void checkStays(int[] before, int[] after) {
            int[] same = Arrays.stream(after)
                    .filter(node -> Arrays.stream(before).anyMatch(listed -> listed == node))
                    .toArray();
            Races.require(Arrays.equals(before, same), Arrays.toString(before) + " became " + Arrays.toString(after));
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
