package dev.flowengine.internal.scheduling;

import dev.flowengine.extension.Timer;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A timer with one thread of its own, so that no saturated pool holds it up. */
public final class SystemTimer implements Timer, AutoCloseable {
    private final ScheduledThreadPoolExecutor thread;

    /** Creates a timer; its thread starts when it is needed. */
    public SystemTimer() {
        // What is scheduled after the end is dropped like what was scheduled before.
        this.thread = new ScheduledThreadPoolExecutor(
                1,
                task -> {
                    Thread timer = new Thread(task, "flowengine-timer");
                    timer.setDaemon(true);
                    return timer;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        // What is taken back, most of what is scheduled, must not stay in memory until its time.
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public Scheduled schedule(Duration delay, Runnable task) {
        ScheduledFuture<?> scheduled =
                thread.schedule(() -> run(task), TimeUnit.NANOSECONDS.convert(delay), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    /** Drops what is scheduled, now or later. */
    @Override
    public void close() {
        thread.shutdownNow();
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            // Like a thread that dies of it, only that this one goes on.
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, e);
        }
    }
}
