package dev.flowengine.internal.kernel;

import dev.flowengine.internal.machine.ExecutionMachine;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

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
            if (unheard.remove(asked)) {
                elsewhere.run();
            }
        } finally {
            turn.unlock();
        }
    }

    /** The execution does not go on here any more: what it has not heard is asked elsewhere, before this returns. */
    void leave() {
        left = true;
        turn.lock();
        try {
            for (Request asked = unheard.poll(); asked != null; asked = unheard.poll()) {
                askElsewhere(asked);
            }
        } finally {
            turn.unlock();
        }
    }

    /** What cannot be asked is no reason not to ask the rest. */
    private static void askElsewhere(Request asked) {
        try {
            asked.elsewhere.run();
        } catch (RuntimeException | Error failure) {
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
