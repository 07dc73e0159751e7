package dev.flowengine.internal.delivery;

import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.NodeReport;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The events one listener has not been told yet, in order, at most so many. An event that finds no room is dropped, and
 * the place where it would have been says so; neighbours of one execution share a place. For ends of executions, and the
 * first word about their drops, there is as much room again, and some at least: only a listener that has been blocked through so many
 * executions misses them too. Reports of a node that wait become one, in the place of the last.
 *
 * <p>Many threads add, one at a time takes. It takes over everything that waits at once, so that it holds the lock only for
 * a moment: whoever adds is deciding an execution, and must not wait for a thread to wake up. And it writes nothing, event
 * by event, that whoever adds reads: a word that two processors share costs each of them more than the event itself.
 */
final class EventBuffer {
    private static final int LEAST_RESERVE = 64;

    private final int capacity;
    private final long most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Gap> openGaps = new HashMap<>();
    private final Map<WaitingReport.Key, WaitingReport> reports = new HashMap<>();
    private Deque<Object> entries = new ArrayDeque<>();
    /** The last entry, if it is one that others can join. */
    private @Nullable CodedEvents open;
    /** How many events the entries stand for, dead ones included. */
    private int added;

    private int dead;
    private long dropped;

    /** What has been taken over, for the thread that takes. */
    private Deque<Object> due = new ArrayDeque<>();

    private @Nullable CodedEvents current;

    /** How many of these there still are; more only if whoever adds has not looked for a while. */
    private final SingleWriterLong dueLeft = new SingleWriterLong();

    private long dueAtMost;

    EventBuffer(int capacity) {
        this.capacity = capacity;
        this.most = (long) capacity + Math.max(capacity, LEAST_RESERVE);
    }

    void add(EventBatch batch) {
        lock.lock();
        try {
            batch.addTo(this);
        } finally {
            lock.unlock();
        }
    }

    /** Makes everything that waits ready to be taken, and tells how much that is; for the thread that takes. */
    long takeOver() {
        lock.lock();
        try {
            if (open != null) {
                // From now on nothing is added to what waits: gaps end here too, and later reports have places of their
                // own.
                open.close();
                open = null;
            }
            Deque<Object> empty = due;
            due = entries;
            entries = empty;
            dueAtMost = (long) added - dead;
            dueLeft.set(dueAtMost);
            added = 0;
            dead = 0;
            openGaps.clear();
            reports.clear();
            return dueAtMost;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the oldest event of those that have been taken over, if there is one; for one thread at a time. */
    @Nullable
    ExecutionEvent next() {
        while (true) {
            ExecutionEvent event = current == null ? null : current.take();
            if (event == null) {
                current = null;
                Object entry = due.poll();
                if (entry == null) {
                    return null;
                }
                event = asEvent(entry);
            }
            if (event != null) {
                dueLeft.set(dueLeft.get() - 1);
                return event;
            }
        }
    }

    private @Nullable ExecutionEvent asEvent(Object entry) {
        if (entry instanceof CodedEvents coded) {
            current = coded;
            return coded.take();
        }
        if (entry instanceof Gap gap) {
            return gap.asEvent();
        }
        if (entry instanceof WaitingReport report) {
            return report.isDead() ? null : report.event();
        }
        return (ExecutionEvent) entry;
    }

    boolean isEmpty() {
        return size() == 0;
    }

    int size() {
        lock.lock();
        try {
            return (int) waiting();
        } finally {
            lock.unlock();
        }
    }

    /** How many events were dropped since the beginning. */
    long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /** Adds an event by its code; for a batch. */
    void add(EventOrigin origin, long seq, Instant instant, long code) {
        if (hasRoom(capacity)) {
            closeGap(origin.executionId());
            CodedEvents last = open;
            if (last == null || !last.isContinuedBy(origin, seq)) {
                last = new CodedEvents(origin, seq);
                append(last);
                open = last;
            } else {
                added++;
            }
            last.add(instant, code);
        } else {
            drop(origin.executionId(), origin.flowId(), seq, instant);
        }
    }

    /** Adds an event; for a batch. */
    void add(ExecutionEvent event) {
        if (event instanceof NodeReport report) {
            addReport(report);
        } else if (hasRoom(event instanceof ExecutionFinished ? most : capacity)) {
            closeGap(event.executionId());
            append(event);
        } else {
            drop(event.executionId(), event.flowId(), event.seq(), event.instant());
        }
    }

    /** What comes after a gap closes it: the next drop has another place. */
    private void closeGap(String executionId) {
        if (!openGaps.isEmpty()) {
            openGaps.remove(executionId);
        }
    }

    private void append(Object entry) {
        if (open != null) {
            open.close();
            open = null;
        }
        entries.add(entry);
        added++;
    }

    private boolean hasRoom(long limit) {
        return dueAtMost + added - dead < limit || waiting() < limit;
    }

    private long waiting() {
        dueAtMost = dueLeft.get();
        return dueAtMost + added - dead;
    }

    private void addReport(NodeReport event) {
        WaitingReport.Key key = WaitingReport.Key.of(event);
        WaitingReport before = reports.get(key);
        if (openGaps.containsKey(event.executionId()) || (before == null && !hasRoom(capacity))) {
            // It has no place in the order that a gap could stand for.
            dropped++;
            return;
        }
        if (before != null) {
            dead++;
        }
        WaitingReport report = new WaitingReport(event, before);
        reports.put(key, report);
        append(report);
        if (dead > capacity) {
            entries.removeIf(entry -> entry instanceof WaitingReport old && old.isDead());
            added -= dead;
            dead = 0;
        }
    }

    private void drop(String executionId, String flowId, long seq, Instant instant) {
        dropped++;
        Gap gap = openGaps.get(executionId);
        if (gap == null && waiting() < most) {
            gap = new Gap(executionId, flowId, seq, instant);
            openGaps.put(executionId, gap);
            append(gap);
        }
        if (gap != null) {
            gap.growTo(seq, instant);
        }
    }
}
