package dev.flowengine.internal.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The writes of executions with which the store failed for the moment although it was asked for nothing else. That may be
 * because of what is written, such as a row that somebody has locked and keeps: so others go on, and these are tried alone, each
 * after longer and longer pauses of its own. What follows of the same execution waits with them.
 *
 * <p>For one thread.
 */
final class Postponed {
    private final Map<String, Line> lines = new LinkedHashMap<>();

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** Whether an execution has to wait. */
    boolean holds(String run) {
        return lines.containsKey(run);
    }

    /** The store has just failed with a write alone. */
    <W, A> void add(Write<W, A> write, Function<List<W>, List<A>> call) {
        Line line = new Line();
        line.add(write, call);
        line.postpone();
        lines.put(write.run(), line);
    }

    /** Takes a write whose execution has to wait; false if it has not. */
    <W, A> boolean takes(Write<W, A> write, Function<List<W>, List<A>> call) {
        Line line = lines.get(write.run());
        if (line == null) {
            return false;
        }
        line.add(write, call);
        return true;
    }

    /** How long until one is to be tried; not positive if one is now. */
    long nanosUntilNext() {
        long now = System.nanoTime();
        long next = Long.MAX_VALUE;
        for (Line line : lines.values()) {
            next = Math.min(next, line.due - now);
        }
        return next;
    }

    /**
     * Tries those whose time has come.
     *
     * @return why one of them could not be written, if any
     */
    @Nullable
    StoreUnavailable tryAgain() {
        StoreUnavailable last = null;
        long now = System.nanoTime();
        for (Line line : List.copyOf(lines.values())) {
            if (line.due - now <= 0) {
                try {
                    line.write();
                } catch (StoreUnavailable unavailable) {
                    line.postpone();
                    last = unavailable;
                }
            }
        }
        lines.values().removeIf(line -> line.writes.isEmpty());
        return last;
    }

    /** Nothing more is tried: all are told so. */
    void giveUp(RuntimeException why) {
        List<Line> all = new ArrayList<>(lines.values());
        lines.clear();
        all.forEach(line -> line.writes.forEach(write -> write.fail(why)));
    }

    /** The writes of one execution, in their order. */
    private static final class Line {
        private final StoreTrouble trouble = new StoreTrouble(1);
        private final Deque<Single<?, ?>> writes = new ArrayDeque<>();
        private long due;

        <W, A> void add(Write<W, A> write, Function<List<W>, List<A>> call) {
            writes.add(new Single<>(write, call));
        }

        void postpone() {
            due = System.nanoTime() + trouble.failed().toNanos();
        }

        void write() {
            for (Single<?, ?> next = writes.peek(); next != null; next = writes.peek()) {
                try {
                    next.write();
                } catch (StoreUnavailable unavailable) {
                    throw unavailable;
                } catch (RuntimeException | Error refusal) {
                    next.fail(refusal);
                }
                writes.remove();
            }
        }
    }

    private record Single<W, A>(Write<W, A> what, Function<List<W>, List<A>> call) {
        void write() {
            Write.writeTogether(List.of(what), call);
        }

        void fail(Throwable why) {
            what.fail(why);
        }
    }
}
