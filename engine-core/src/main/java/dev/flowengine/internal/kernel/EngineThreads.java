package dev.flowengine.internal.kernel;

import dev.flowengine.extension.Timer;
import dev.flowengine.internal.scheduling.BodyThreads;
import dev.flowengine.internal.scheduling.EngineThread;
import dev.flowengine.internal.scheduling.SystemTimer;
import dev.flowengine.internal.scheduling.Workers;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The threads of an engine, and their end. */
final class EngineThreads {
    private final Workers workers;
    private final BodyThreads bodies;
    private final ThreadPoolExecutor delivery = deliveryThreads();
    private final @Nullable SystemTimer ownTimer;
    private final Timer timer;
    private final @Nullable ExecutorService handOver;

    EngineThreads(EngineConfig config) {
        this.workers = new Workers(config.workers());
        this.ownTimer = config.timer() == null ? new SystemTimer() : null;
        this.timer = ownTimer == null ? Objects.requireNonNull(config.timer()) : ownTimer;
        this.handOver = config.bodyExecutor() == null ? null : handOverThreads(config.workers());
        this.bodies = config.bodyExecutor() == null
                ? BodyThreads.ofEngine(config.bodyThreads(), config.maxAbandoned())
                : BodyThreads.ofHost(config.bodyExecutor(), config.bodyThreads(), Objects.requireNonNull(handOver));
    }

    Workers workers() {
        return workers;
    }

    BodyThreads bodies() {
        return bodies;
    }

    ExecutorService delivery() {
        return delivery;
    }

    Timer timer() {
        return timer;
    }

    /** Ends them; the workers only if no execution is left that may still need one. */
    void shutdown(boolean nothingLeft) {
        if (nothingLeft) {
            workers.shutdown();
        }
        bodies.shutdown();
        if (handOver != null) {
            handOver.shutdown();
        }
        if (ownTimer != null) {
            ownTimer.close();
        }
        // Never shut down, so that no event and no completion is lost: its threads go once they have nothing to do.
        delivery.setKeepAliveTime(1, TimeUnit.MILLISECONDS);
    }

    /** Threads that give bodies to an executor of the host, which may run them there and then, or block. */
    private static ExecutorService handOverThreads(int count) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                count,
                count,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                EngineThread.factory("flowengine-handover-"),
                new ThreadPoolExecutor.DiscardPolicy());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static ThreadPoolExecutor deliveryThreads() {
        AtomicInteger count = new AtomicInteger();
        ThreadFactory factory = task -> {
            Thread thread = new Thread(task, "flowengine-delivery-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
    }
}
