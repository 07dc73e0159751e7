package dev.flowengine.benchmarks.durable;

import com.sun.management.OperatingSystemMXBean;
import com.zaxxer.hikari.HikariDataSource;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** A contender with what it needs, and what it is measured with. */
final class Entrant implements AutoCloseable {
    private final Contender contender;
    private final HikariDataSource pool;
    private final StepTimes times = new StepTimes();
    private final AtomicLong flows = new AtomicLong(1);

    private Entrant(Contender contender, HikariDataSource pool) {
        this.contender = contender;
        this.pool = pool;
    }

    static Entrant open(Contender contender, HikariDataSource pool) throws Exception {
        Entrant entrant = new Entrant(contender, pool);
        contender.open(pool, entrant.times);
        return entrant;
    }

    String name() {
        return contender.name();
    }

    /** Runs flows for so long, so many at once. */
    Sample measure(Server server, int concurrent, double seconds) throws Exception {
        times.clear();
        long wal = server.walBytes();
        long cpu = cpuNanos();
        long begin = System.nanoTime();
        long end = begin + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
        long ran = run(contender.callers(concurrent), () -> System.nanoTime() < end);
        double took = (System.nanoTime() - begin) / 1e9;
        double steps = (double) ran * Contender.STEPS;
        double cpuMicros = (cpuNanos() - cpu) / 1e3 / steps;
        double walBytes = (server.walBytes() - wal) / steps;
        return new Sample(ran / took, steps / took, walBytes, cpuMicros, times.micros(0.5), times.micros(0.99));
    }

    /** How many rows a step writes, counted over many flows. */
    double rowsPerStep(int concurrent) throws Exception {
        long before = Server.rows(pool);
        AtomicLong calls = new AtomicLong(Math.max(1, Math.max(32, 2L * concurrent) / contender.flowsPerCall()));
        long ran = run(contender.callers(concurrent), () -> calls.getAndDecrement() > 0);
        return (Server.rows(pool) - before) / ((double) ran * Contender.STEPS);
    }

    /** The processor time of this process, which is everything but the server. */
    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private long run(int callers, BooleanSupplier again) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        AtomicLong ran = new AtomicLong();
        try {
            List<Future<?>> calls = new ArrayList<>();
            CountDownLatch ready = new CountDownLatch(callers);
            for (int i = 0; i < callers; i++) {
                calls.add(threads.submit(() -> {
                    ready.countDown();
                    ready.await();
                    while (again.getAsBoolean()) {
                        contender.run(flows.getAndAdd(contender.flowsPerCall()));
                        ran.addAndGet(contender.flowsPerCall());
                    }
                    return null;
                }));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        } finally {
            threads.shutdownNow();
        }
        return ran.get();
    }

    @Override
    public void close() throws SQLException {
        contender.close();
        pool.close();
    }
}
