package dev.flowengine.internal.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.Signal;
import dev.flowengine.testing.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("R28 everything that happens to a run passes one mailbox with one taker at a time")
class MailboxTest {

    @Test
    void the_first_post_makes_its_thread_responsible_until_a_take_finds_nothing() {
        Mailbox mailbox = new Mailbox();

        assertThat(mailbox.post(new Note(0, 0))).isTrue();
        assertThat(mailbox.post(new Note(0, 1))).isFalse();
        assertThat(sequences(mailbox.take())).containsExactly(0, 1);
        assertThat(mailbox.post(new Note(0, 2))).isFalse();
        assertThat(sequences(mailbox.take())).containsExactly(2);
        assertThat(mailbox.take()).isNull();
        assertThat(mailbox.post(new Note(0, 3))).isTrue();
    }

    @Test
    void a_claim_makes_responsible_without_a_signal_if_nobody_is_and_nothing_waits() {
        Mailbox mailbox = new Mailbox();

        assertThat(mailbox.claim()).isTrue();
        assertThat(mailbox.claim()).isFalse();
        assertThat(mailbox.post(new Note(0, 0))).isFalse();
        assertThat(mailbox.claim()).isFalse();
        assertThat(sequences(mailbox.take())).containsExactly(0);
        assertThat(mailbox.take()).isNull();
        assertThat(mailbox.claim()).isTrue();
    }

    @Test
    void a_signal_can_be_posted_again_once_it_was_delivered() {
        Mailbox mailbox = new Mailbox();
        Note note = new Note(0, 5);
        mailbox.post(note);
        assertThat(sequences(mailbox.take())).containsExactly(5);
        assertThat(mailbox.take()).isNull();

        assertThat(mailbox.post(note)).isTrue();
        assertThat(sequences(mailbox.take())).containsExactly(5);
    }

    @ParameterizedTest(name = "{0} threads, {1} rounds of {2} posts")
    @CsvSource({"1, 20, 5000", "2, 200, 1000", "8, 200, 250"})
    void no_signal_is_lost_or_doubled_and_each_threads_signals_stay_in_order(int threads, int rounds, int posts)
            throws Exception {
        for (int round = 0; round < rounds; round++) {
            Taker taker = new Taker(threads);

            Threads.together(threads, thread -> {
                for (int i = 0; i < posts; i++) {
                    taker.tell(new Note(thread, i), i % 2 == 0);
                }
            });

            assertThat(taker.faults).as("round %d", round).isEmpty();
            assertThat(taker.expected).containsOnly(posts);
            assertThat(taker.mailbox.post(new Note(0, 0))).as("released").isTrue();
        }
    }

    private static List<Integer> sequences(Signal first) {
        List<Integer> sequences = new ArrayList<>();
        Signal signal = first;
        while (signal != null) {
            sequences.add(((Note) signal).sequence);
            Signal next = signal.next();
            signal.next(null);
            signal = next;
        }
        return sequences;
    }

    /** Takes as a run loop does, on whichever thread is responsible; its fields are guarded by that responsibility. */
    private static final class Taker {
        private final Mailbox mailbox = new Mailbox();
        private final AtomicInteger takers = new AtomicInteger();
        private final List<String> faults = new ArrayList<>();
        private final int[] expected;

        Taker(int threads) {
            this.expected = new int[threads];
        }

        /** As a run loop does: a signal that finds nobody may skip the mailbox. */
        void tell(Note note, boolean claiming) {
            if (claiming && mailbox.claim()) {
                deliver(note);
                takeAll();
            } else if (mailbox.post(note)) {
                takeAll();
            }
        }

        private void takeAll() {
            Signal batch = take();
            while (batch != null) {
                deliver(batch);
                batch = take();
            }
        }

        private Signal take() {
            if (takers.incrementAndGet() != 1) {
                throw new AssertionError("two threads take at once");
            }
            // Before the take, which may release.
            takers.decrementAndGet();
            return mailbox.take();
        }

        private void deliver(Signal first) {
            if (takers.incrementAndGet() != 1) {
                throw new AssertionError("two threads deliver at once");
            }
            Signal signal = first;
            while (signal != null) {
                Note note = (Note) signal;
                if (expected[note.thread]++ != note.sequence) {
                    faults.add("thread " + note.thread + " sent " + note.sequence + " out of turn");
                }
                signal = note.next();
                note.next(null);
            }
            takers.decrementAndGet();
        }
    }

    private static final class Note extends Signal {
        private final int thread;
        private final int sequence;

        Note(int thread, int sequence) {
            this.thread = thread;
            this.sequence = sequence;
        }

        @Override
        public void applyTo(ExecutionMachine machine) {
            throw new AssertionError("only carried");
        }
    }
}
