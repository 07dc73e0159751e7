package dev.flowengine.internal.scheduling;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** A thread of an engine. Does not keep the process alive. */
public final class EngineThread extends Thread {
    private static final ThreadLocal<Boolean> BORROWED = new ThreadLocal<>();

    private EngineThread(Runnable task, String name) {
        super(null, task, name, 0, false);
        setDaemon(true);
    }

    /**
     * A factory of named threads.
     *
     * @param prefix what their names begin with; a number follows
     * @return the factory
     */
    public static ThreadFactory factory(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return task -> new EngineThread(task, prefix + count.incrementAndGet());
    }

    /**
     * Whether the calling thread works for an engine, so that waiting on it for an execution could wait for ever.
     *
     * @return true on a worker, and on any thread that is just running a body
     */
    public static boolean isCurrent() {
        Thread current = Thread.currentThread();
        return current instanceof EngineThread || VirtualThreads.isOurs(current) || BORROWED.get() != null;
    }

    /** Runs a body on a thread of the host, marking the thread meanwhile. */
    static void borrow(Runnable task) {
        BORROWED.set(Boolean.TRUE);
        try {
            task.run();
        } finally {
            BORROWED.remove();
        }
    }
}
