package dev.flowengine.internal.kernel;

import dev.flowengine.extension.Timer;
import dev.flowengine.model.ExecutionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Looks for executions that are running but stand still. It looks a few times in the time a standstill has to last, and
 * compares how much has happened in each: what happens costs nothing. One look is scheduled as long as executions go on,
 * none while the engine has nothing to do.
 */
final class StuckWatch {
    private static final int LOOKS = 4;

    private final EngineServices services;
    private final long limitNanos;
    private final Collection<FlowRun> live;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile Timer.@Nullable Scheduled next;
    private volatile boolean closed;
    private volatile @Nullable Throwable broken;
    /** Replaced at each look, by one look at a time; never changed. */
    private volatile Map<FlowRun, Standstill> seen = Map.of();

    /**
     * Creates it.
     *
     * @param services do things later, and know the time
     * @param limit how long a standstill has to last; zero if nobody is to look
     * @param live the executions that go on
     */
    StuckWatch(EngineServices services, Duration limit, Collection<FlowRun> live) {
        this.services = services;
        this.limitNanos = TimeUnit.NANOSECONDS.convert(limit);
        this.live = live;
    }

    /** An execution goes on. */
    void admitted() {
        if (limitNanos > 0 && !scheduled.get() && scheduled.compareAndSet(false, true)) {
            schedule();
        }
    }

    /** Looks no more. */
    void close() {
        closed = true;
        takeBack();
    }

    /** Why nobody looks, although somebody should; null if all is well. */
    @Nullable
    Throwable broken() {
        return broken;
    }

    /** The executions that were found to stand still and still do. */
    List<Standstill> standstills() {
        List<Standstill> standing = new ArrayList<>();
        seen.values().stream()
                .filter(Standstill::isStuck)
                .filter(Standstill::goesOn)
                .forEach(standing::add);
        return standing;
    }

    private void schedule() {
        try {
            next = services.timer().schedule(Duration.ofNanos(Math.max(1, limitNanos / LOOKS)), this::look);
            broken = null;
        } catch (RuntimeException | Error refused) {
            broken = refused;
            scheduled.set(false);
        }
        if (closed) {
            takeBack();
        }
    }

    private void takeBack() {
        Timer.Scheduled waiting = next;
        if (waiting != null) {
            try {
                waiting.cancel();
            } catch (RuntimeException | Error refused) {
                // It may still call, and finds that nobody is to look any more.
            }
        }
    }

    private void look() {
        if (closed) {
            return;
        }
        try {
            compare(services.time().nanoTime(), services.time().instant());
        } finally {
            scheduled.set(false);
        }
        if (!live.isEmpty()) {
            admitted();
        }
    }

    private void compare(long now, Instant instant) {
        Map<FlowRun, Standstill> before = seen;
        Map<FlowRun, Standstill> found = new HashMap<>();
        for (FlowRun run : live) {
            if (run.status() != ExecutionStatus.RUNNING) {
                continue;
            }
            long happened = run.happened();
            Standstill known = before.get(run);
            Standstill standstill = known != null && known.happened() == happened
                    ? known
                    : new Standstill(run, happened, now, instant, false);
            if (!standstill.isStuck() && now - standstill.sinceNanos() >= limitNanos) {
                standstill = new Standstill(run, happened, standstill.sinceNanos(), standstill.since(), true);
                run.standsStill(standstill);
            }
            found.put(run, standstill);
        }
        seen = found;
    }

    /**
     * An execution in which nothing has happened since an earlier look.
     *
     * @param run the execution
     * @param happened how much had happened by then
     * @param sinceNanos when that was
     * @param since the same as an instant
     * @param isStuck whether that is too long ago
     */
    record Standstill(FlowRun run, long happened, long sinceNanos, Instant since, boolean isStuck) {

        /** Whether still nothing has happened. */
        boolean goesOn() {
            return run.status() == ExecutionStatus.RUNNING && run.happened() == happened;
        }
    }
}
