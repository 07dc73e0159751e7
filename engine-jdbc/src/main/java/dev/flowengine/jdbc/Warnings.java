package dev.flowengine.jdbc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Says what the database made difficult although nobody is told by an exception: what was done again, done in smaller
 * parts, or left for the next time. Each kind of work is heard once a minute at most, with the number of times it was
 * not heard: a database in trouble gets no flood of lines on top.
 */
final class Warnings {
    private static final long QUIET = TimeUnit.MINUTES.toNanos(1);

    private final Map<String, Heard> heard = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;
    private final Consumer<String> log;

    Warnings(LongSupplier nanoTime, Consumer<String> log) {
        this.nanoTime = nanoTime;
        this.log = log;
    }

    void add(String what, String happened) {
        long now = nanoTime.getAsLong();
        Heard next = heard.compute(what, (any, last) -> {
            boolean speaks = last == null || now - last.at() >= QUIET;
            return speaks
                    ? new Heard(now, 0, last == null ? 0 : last.silent())
                    : new Heard(last.at(), last.silent() + 1, -1);
        });
        if (next.told() >= 0) {
            String more = next.told() == 0 ? "" : " (and " + next.told() + " times before, since this was last said)";
            log.accept(what + ": " + happened + more);
        }
    }

    /**
     * What was last said of a kind of work.
     *
     * @param at when
     * @param silent how often it happened since
     * @param told what to say now: how often it happened before; -1 for nothing
     */
    private record Heard(long at, long silent, long told) {}
}
