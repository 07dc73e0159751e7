package dev.flowengine.internal.scheduling;

import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.Signal;
import dev.flowengine.races.Races;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("R28 everything that happens to a run passes one mailbox: each signal taken once, in order, by one taker")
class MailboxRacesTest {

    @Test
    void in_any_interleaving() {
        Races.modelCheck(Threads.class, Specification.class);
    }

    /** Threads that keep to the rule: only who was made responsible takes. */
    public static class Threads {
        private static final int MOST = 8;

        private final Mailbox mailbox = new Mailbox();
        /** Each cell is its thread's own. */
        private final boolean[] responsible = new boolean[MOST];

        @Operation
        public boolean post(@Param(gen = ThreadIdGen.class) int thread, @Param(gen = IntGen.class) int value) {
            boolean mine = mailbox.post(new Note(value));
            responsible[thread] |= mine;
            return mine;
        }

        @Operation
        public boolean claim(@Param(gen = ThreadIdGen.class) int thread) {
            boolean mine = mailbox.claim();
            responsible[thread] |= mine;
            return mine;
        }

        @Operation
        public List<Integer> take(@Param(gen = ThreadIdGen.class) int thread) {
            List<Integer> taken = new ArrayList<>();
            if (responsible[thread]) {
                Signal first = mailbox.take();
                responsible[thread] = first != null;
                for (Signal signal = first; signal != null; signal = signal.next()) {
                    taken.add(((Note) signal).value);
                }
            }
            return taken;
        }
    }

    /** A list, and who is responsible for it. */
    public static class Specification {
        private static final int NOBODY = -1;

        private final List<Integer> waiting = new ArrayList<>();
        private int responsible = NOBODY;

        public boolean post(int thread, int value) {
            waiting.add(value);
            return becomes(thread);
        }

        public boolean claim(int thread) {
            return becomes(thread);
        }

        public List<Integer> take(int thread) {
            if (responsible != thread) {
                return List.of();
            }
            List<Integer> taken = List.copyOf(waiting);
            waiting.clear();
            responsible = taken.isEmpty() ? NOBODY : thread;
            return taken;
        }

        private boolean becomes(int thread) {
            boolean free = responsible == NOBODY;
            responsible = free ? thread : responsible;
            return free;
        }
    }

    private static final class Note extends Signal {
        private final int value;

        Note(int value) {
            this.value = value;
        }

        @Override
        public void applyTo(ExecutionMachine machine) {
            throw new AssertionError("only carried");
        }
    }
}
