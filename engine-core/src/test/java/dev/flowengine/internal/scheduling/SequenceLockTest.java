package dev.flowengine.internal.scheduling;

import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.testing.Threads;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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

    @Test
    void a_writer_waits_for_a_reader_that_kept_finding_changes() throws Exception {
        SequenceLock lock = new SequenceLock();
        AtomicInteger copies = new AtomicInteger();
        Thread writer = new Thread(() -> {
            lock.beginChange();
            lock.endChange();
        });

        Thread.State writerMeanwhile = lock.read(() -> {
            if (copies.incrementAndGet() <= 16) {
                lock.beginChange();
                lock.endChange();
                return Thread.State.NEW;
            }
            writer.start();
            await().until(() -> writer.getState() == Thread.State.WAITING || !writer.isAlive());
            return writer.getState();
        });

        assertThat(writerMeanwhile).isEqualTo(Thread.State.WAITING);
        writer.join();
        assertThat(copies.get()).isEqualTo(17);
    }

    @ParameterizedTest(name = "{0} readers, {1} cells, {2} changes")
    @CsvSource({"1, 8, 200000", "3, 8, 200000", "3, 5000, 5000"})
    void readers_see_one_moment_and_never_go_back(int readers, int cells, int changes) throws Exception {
        SequenceLock lock = new SequenceLock();
        long[] state = new long[cells];
        AtomicBoolean done = new AtomicBoolean();

        Threads.together(readers + 1, thread -> {
            if (thread < readers) {
                readUntil(done, lock, state);
                return;
            }
            for (int change = 0; change < changes; change++) {
                lock.beginChange();
                for (int i = 0; i < cells; i++) {
                    state[i]++;
                }
                lock.endChange();
            }
            done.set(true);
        });

        assertThat(lock.read(state::clone)).containsOnly(changes);
    }

    private static void readUntil(AtomicBoolean done, SequenceLock lock, long[] state) {
        long before = 0;
        do {
            long[] copy = lock.read(state::clone);
            long first = copy[0];
            assertThat(Arrays.stream(copy).allMatch(value -> value == first))
                    .as("of one moment")
                    .isTrue();
            assertThat(first).isGreaterThanOrEqualTo(before);
            before = first;
        } while (!done.get());
    }
}
