package dev.flowengine.internal.scheduling;

import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.Signal;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The signals of one execution on their way to its machine: many threads post, one thread at a time takes.
 *
 * <p>One word says everything: null when nobody takes and nothing waits, {@code TAKING} when somebody takes and nothing
 * waits, else the signal posted last, linked to those before it (Treiber, <i>Systems programming: coping with
 * parallelism</i>, 1986). The post that finds null makes its thread responsible for taking; whoever takes stays
 * responsible until a take finds nothing and swaps {@code TAKING} for null. So there is one taker at a time, no signal
 * is left behind, and each taker sees what the one before it did: both meet at this word.
 */
final class Mailbox {
    private static final Signal TAKING = new Marker();

    private final AtomicReference<@Nullable Signal> last = new AtomicReference<>();

    /**
     * Makes the calling thread responsible for taking, if nobody is and nothing waits.
     *
     * @return true if it is now
     */
    boolean claim() {
        return last.get() == null && last.compareAndSet(null, TAKING);
    }

    /**
     * Adds a signal.
     *
     * @return true if the calling thread is now responsible for taking
     */
    boolean post(Signal signal) {
        while (true) {
            Signal seen = last.get();
            signal.next(seen == TAKING ? null : seen);
            if (last.compareAndSet(seen, signal)) {
                return seen == null;
            }
        }
    }

    /**
     * Whether signals wait that have not been taken. Only for the thread that is responsible.
     *
     * @return true if there are any
     */
    boolean hasMore() {
        return last.get() != TAKING;
    }

    /**
     * Takes all signals, in the order they were posted. Only for the thread that is responsible.
     *
     * @return the first of them; null if there was none, and the thread is no longer responsible
     */
    @Nullable
    Signal take() {
        if (last.get() == TAKING && last.compareAndSet(TAKING, null)) {
            return null;
        }
        return oldestFirst(last.getAndSet(TAKING));
    }

    private static @Nullable Signal oldestFirst(@Nullable Signal newest) {
        Signal reversed = null;
        Signal signal = newest;
        while (signal != null) {
            Signal before = signal.next();
            signal.next(reversed);
            reversed = signal;
            signal = before;
        }
        return reversed;
    }

    private static final class Marker extends Signal {
        @Override
        public void applyTo(ExecutionMachine machine) {
            throw new AssertionError("a marker is never delivered");
        }
    }
}
