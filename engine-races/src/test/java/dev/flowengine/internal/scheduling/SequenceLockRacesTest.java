package dev.flowengine.internal.scheduling;

import dev.flowengine.races.Races;
import java.util.List;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("a copy is of one moment")
class SequenceLockRacesTest {

    @Test
    void in_any_interleaving() {
        Races.modelCheck(Threads.class, Specification.class);
    }

    /** One thread changes two numbers, the others copy them. */
    public static class Threads {
        private final SequenceLock lock = new SequenceLock();
        private int first;
        private int second;

        @Operation(nonParallelGroup = "writer")
        public void change() {
            lock.beginChange();
            first++;
            second++;
            lock.endChange();
        }

        @Operation
        public List<Integer> copy() {
            return lock.read(() -> List.of(first, second));
        }
    }

    /** The same without threads. */
    public static class Specification {
        private int changes;

        public void change() {
            changes++;
        }

        public List<Integer> copy() {
            return List.of(changes, changes);
        }
    }
}
