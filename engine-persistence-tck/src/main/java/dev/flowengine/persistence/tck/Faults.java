package dev.flowengine.persistence.tck;

import dev.flowengine.persistence.StoreException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Which writes fail, and how. Thread-safe; no lock is held while a store is called. */
final class Faults {
    private final Map<Long, Fault> before = new HashMap<>();
    private final Map<Long, Fault> after = new HashMap<>();
    private Set<StoreCall> counted = StoreCall.WRITES_TO_RUNS;
    private long writes;
    private boolean dead;

    <T> T call(StoreCall what, Supplier<T> work) {
        long number = begin(what);
        run(faultAt(before, number), number, false);
        T answer = work.get();
        run(faultAt(after, number), number, true);
        refuseIfDead(true);
        return answer;
    }

    synchronized void plan(boolean afterwards, int writesFromNow, Fault fault) {
        if (writesFromNow < 1) {
            throw new IllegalArgumentException("write " + writesFromNow + " from now, but the next one is 1");
        }
        (afterwards ? after : before).put(writes + writesFromNow, fault);
    }

    synchronized void count(Set<StoreCall> calls) {
        counted = EnumSet.copyOf(calls);
    }

    synchronized long writes() {
        return writes;
    }

    synchronized boolean isDead() {
        return dead;
    }

    synchronized void die() {
        dead = true;
    }

    synchronized void revive() {
        dead = false;
    }

    synchronized void clear() {
        before.clear();
        after.clear();
    }

    private synchronized long begin(StoreCall what) {
        refuseIfDead(false);
        return counted.contains(what) ? ++writes : 0;
    }

    private synchronized void refuseIfDead(boolean done) {
        if (dead) {
            throw failure("the store is dead", done);
        }
    }

    private synchronized @Nullable Fault faultAt(Map<Long, Fault> planned, long number) {
        return planned.remove(number);
    }

    private static void run(@Nullable Fault fault, long number, boolean done) {
        if (fault != null) {
            fault.strike(number, done);
        }
    }

    static StoreException failure(String message, boolean done) {
        return done ? StoreException.inDoubt(message, null) : StoreException.transientFailure(message, null);
    }

    /** What happens at a write. */
    interface Fault {

        /** Happens at a write, before it is made or when it is done. */
        void strike(long number, boolean done);
    }
}
