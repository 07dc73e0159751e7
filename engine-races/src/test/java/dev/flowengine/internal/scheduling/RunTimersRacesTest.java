package dev.flowengine.internal.scheduling;

import dev.flowengine.extension.Timer;
import dev.flowengine.races.Races;
import dev.flowengine.races.StandingTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.datastructures.BooleanGen;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("an entry is due at most once, never once it is disarmed, and never while its time stands still")
class RunTimersRacesTest {
    private static final int NOTHING = -1;
    private static final int FIRST = 0;

    @Test
    void in_any_interleaving() {
        Races.modelCheck(Threads.class, Specification.class, 2);
    }

    /** All share one entry, whose time has come as soon as it runs; its task is a number. There is one from the start. */
    public static class Threads {
        private static final String KEY = "key";

        private final ByHand timer = new ByHand();
        private final RunTimers timers = new RunTimers(timer, new StandingTime());
        private Runnable taken;
        private int called;

        public Threads() {
            arm(FIRST, true);
            tick();
        }

        @Operation
        public void arm(@Param(gen = IntGen.class) int task, @Param(gen = BooleanGen.class) boolean standsStill) {
            timers.arm(KEY, Duration.ofSeconds(1), standsStill, all -> called = task);
        }

        @Operation
        public void disarm() {
            timers.disarm(KEY);
        }

        @Operation
        public boolean extend() {
            return timers.extend(KEY, Duration.ofSeconds(1)) != null;
        }

        @Operation
        public void hold() {
            timers.hold();
        }

        @Operation
        public void release() {
            timers.release();
        }

        @Operation(runOnce = true)
        public void close() {
            timers.close();
        }

        /** The timer calls what it was about to call, however much has happened since, and turns to what is due now. */
        @Operation(nonParallelGroup = "timer")
        public int tick() {
            called = NOTHING;
            if (taken != null) {
                taken.run();
            }
            taken = timer.scheduled.getAndSet(null);
            return called;
        }
    }

    /** One task at a time, called when told to. */
    private static final class ByHand implements Timer {
        private final AtomicReference<Runnable> scheduled = new AtomicReference<>();

        @Override
        public Scheduled schedule(Duration delay, Runnable task) {
            scheduled.set(task);
            return () -> scheduled.compareAndSet(task, null);
        }
    }

    /** The same without threads: each run of the entry's time is an object, which the timer takes and calls. */
    public static class Specification {
        private Integer task;
        private boolean standsStill;
        private boolean held;
        private boolean closed;
        private Object run;
        private Object scheduled;
        private Object taken;

        public Specification() {
            arm(FIRST, true);
            tick();
        }

        public void arm(int newTask, boolean stands) {
            if (!closed) {
                disarm();
                task = newTask;
                standsStill = stands;
                start();
            }
        }

        public void disarm() {
            task = null;
            stop();
        }

        public boolean extend() {
            if (run != null) {
                stop();
                start();
            }
            return task != null;
        }

        public void hold() {
            held = true;
            if (standsStill) {
                stop();
            }
        }

        public void release() {
            held = false;
            if (task != null) {
                start();
            }
        }

        public void close() {
            closed = true;
            disarm();
        }

        public int tick() {
            int called = NOTHING;
            if (taken != null && taken == run) {
                called = task;
                disarm();
            }
            taken = scheduled;
            scheduled = null;
            return called;
        }

        private void start() {
            boolean stands = standsStill && held;
            if (run == null && !stands) {
                run = new Object();
                scheduled = run;
            }
        }

        private void stop() {
            run = null;
            scheduled = null;
        }
    }
}
