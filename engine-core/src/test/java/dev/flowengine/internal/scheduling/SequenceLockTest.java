package dev.flowengine.internal.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SequenceLockTest {

    @Test
    void a_read_between_changes_copies_once() {
        SequenceLock lock = new SequenceLock();
        AtomicInteger copies = new AtomicInteger();
        lock.beginChange();
        lock.endChange();

        assertThat(lock.read(copies::incrementAndGet)).isEqualTo(1);
    }

    @Test
    void a_copy_during_which_something_changed_is_thrown_away() {
        SequenceLock lock = new SequenceLock();
        AtomicInteger copies = new AtomicInteger();

        int kept = lock.read(() -> {
            int copy = copies.incrementAndGet();
            if (copy <= 3) {
                lock.beginChange();
                lock.endChange();
            }
            return copy;
        });

        assertThat(kept).isEqualTo(4);
    }

    @ParameterizedTest(name = "{0} readers, {1} cells")
    @CsvSource({"1, 8", "3, 8", "3, 5000"})
    void readers_see_one_moment_and_never_go_back_while_the_writer_never_rests(int readers, int cells)
            throws Exception {
        SequenceLock lock = new SequenceLock();
        long[] state = new long[cells];
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger reading = new AtomicInteger(readers);
        AtomicLong changes = new AtomicLong();

        Threads.together(readers + 1, thread -> {
            if (thread == readers) {
                do {
                    lock.beginChange();
                    for (int i = 0; i < cells; i++) {
                        state[i]++;
                    }
                    lock.endChange();
                    changes.incrementAndGet();
                } while (!done.get());
            } else {
                try {
                    readAgainAndAgain(lock, state);
                } finally {
                    done.compareAndSet(false, reading.decrementAndGet() == 0);
                }
            }
        });

        assertThat(changes.get()).isPositive();
        assertThat(lock.read(state::clone)).containsOnly(changes.get());
    }

    private static void readAgainAndAgain(SequenceLock lock, long[] state) {
        long before = 0;
        for (int i = 0; i < 1_000; i++) {
            long[] copy = lock.read(state::clone);
            long first = copy[0];
            assertThat(Arrays.stream(copy).allMatch(value -> value == first))
                    .as("of one moment")
                    .isTrue();
            assertThat(first).isGreaterThanOrEqualTo(before);
            before = first;
        }
    }
}
