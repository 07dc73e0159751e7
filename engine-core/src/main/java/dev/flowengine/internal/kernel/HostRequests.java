package dev.flowengine.internal.kernel;

import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.persistence.StoreException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What was asked of an execution that may be let go of before its machine hears of it: it is asked elsewhere then, in the order in
 * which it was asked here. Each request is heard once, here or there. Thread-safe.
 */
final class HostRequests {
    private final Queue<Request> unheard = new ConcurrentLinkedQueue<>();
    /** Held while something is asked elsewhere, so that nothing overtakes what was asked before. Not a monitor: it may take a while. */
    private final ReentrantLock turn = new ReentrantLock();

    private volatile boolean left;

    /**
     * Asks something.
     *
     * @param run takes what the machine is to be told
     * @param request tells it
     * @param elsewhere is run instead, if the execution does not go on here; may block
     * @throws StoreException if that, or what was asked before, cannot be asked for the moment
     */
    void ask(Consumer<Consumer<ExecutionMachine>> run, Consumer<ExecutionMachine> request, Runnable elsewhere) {
        Request asked = new Request(elsewhere);
        // Added before it is looked whether the execution has been left: who leaves it looks in the other order.
        unheard.add(asked);
        if (!left) {
            run.accept(machine -> {
                if (unheard.remove(asked)) {
                    request.accept(machine);
                }
            });
            return;
        }
        turn.lock();
        try {
            askBefore(asked);
            if (unheard.remove(asked)) {
                elsewhere.run();
            }
        } catch (StoreException away) {
            // Whoever asks is told so: it is not to be asked again.
            unheard.remove(asked);
            throw away;
        } finally {
            turn.unlock();
        }
    }

    /**
     * The execution does not go on here any more: what it has not heard is asked elsewhere, before this returns.
     *
     * @throws StoreException if the store fails for the moment: what could not be asked is kept, and is asked first by the next call
     */
    void leave() {
        left = true;
        turn.lock();
        try {
            askBefore(null);
        } finally {
            turn.unlock();
        }
    }

    /** Asks what was asked before something, or everything. */
    private void askBefore(@Nullable Request last) {
        for (Request asked = unheard.peek(); asked != null && asked != last; asked = unheard.peek()) {
            askElsewhere(asked);
            unheard.remove(asked);
        }
    }

    /** What cannot be asked at all is no reason not to ask the rest. */
    private static void askElsewhere(Request asked) {
        try {
            asked.elsewhere.run();
        } catch (RuntimeException | Error failure) {
            if (failure instanceof StoreException away && away.isTransient()) {
                throw away;
            }
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, failure);
        }
    }

    /** One request; its identity counts. */
    private static final class Request {
        private final Runnable elsewhere;

        Request(Runnable elsewhere) {
            this.elsewhere = elsewhere;
        }
    }
}
