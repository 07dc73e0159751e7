package dev.flowengine.internal.delivery;

import dev.flowengine.event.EventsDropped;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.NodeLogged;
import dev.flowengine.event.NodeReport;
import dev.flowengine.model.LogLine;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
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
 * a moment: whoever adds is deciding an execution, and must not wait for a thread to wake up.
 */
final class EventBuffer {
    private static final int LEAST_RESERVE = 64;

    private final int capacity;
    private final long most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Gap> openGaps = new HashMap<>();
    private final Map<ReportKey, Report> reports = new HashMap<>();
    private Deque<Object> entries = new ArrayDeque<>();
    private int dead;
    private long dropped;

    /** What has been taken over, for the thread that takes. */
    private Deque<Object> due = new ArrayDeque<>();

    private volatile int dueSize;

    EventBuffer(int capacity) {
        this.capacity = capacity;
        this.most = (long) capacity + Math.max(capacity, LEAST_RESERVE);
    }

    void add(List<ExecutionEvent> events) {
        lock.lock();
        try {
            for (int i = 0; i < events.size(); i++) {
                add(events.get(i));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes the oldest event, if there is one; for one thread at a time. */
    @Nullable
    ExecutionEvent next() {
        while (hasDue()) {
            Object entry = due.remove();
            ExecutionEvent event = asEvent(entry);
            if (event != null) {
                dueSize = Math.max(0, dueSize - 1);
                return event;
            }
        }
        return null;
    }

    private static @Nullable ExecutionEvent asEvent(Object entry) {
        if (entry instanceof Gap gap) {
            return gap.asEvent();
        }
        if (entry instanceof Report report) {
            return report.dead ? null : report.event;
        }
        return (ExecutionEvent) entry;
    }

    boolean isEmpty() {
        return size() == 0;
    }

    int size() {
        lock.lock();
        try {
            return waiting();
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

    private void add(ExecutionEvent event) {
        if (event instanceof NodeReport report) {
            addReport(report);
        } else if (waiting() < (event instanceof ExecutionFinished ? most : capacity)) {
            // What comes after a gap closes it: the next drop has another place.
            if (!openGaps.isEmpty()) {
                openGaps.remove(event.executionId());
            }
            entries.add(event);
        } else {
            drop(event);
        }
    }

    private boolean hasDue() {
        if (due.isEmpty()) {
            takeOver();
        }
        return !due.isEmpty();
    }

    /** From now on nothing is added to what waits: gaps end here, and later reports have places of their own. */
    private void takeOver() {
        lock.lock();
        try {
            Deque<Object> empty = due;
            due = entries;
            entries = empty;
            dueSize = due.size() - dead;
            dead = 0;
            openGaps.clear();
            reports.clear();
        } finally {
            lock.unlock();
        }
    }

    private int waiting() {
        return dueSize + entries.size() - dead;
    }

    private void addReport(NodeReport event) {
        ReportKey key = new ReportKey(event.executionId(), event.nodeId(), event.wireName());
        Report before = reports.get(key);
        if (openGaps.containsKey(event.executionId()) || (before == null && waiting() >= capacity)) {
            // It has no place in the order that a gap could stand for.
            dropped++;
            return;
        }
        Report report = new Report(before == null ? event : joined(before.event, event));
        if (before != null) {
            before.dead = true;
            dead++;
        }
        reports.put(key, report);
        entries.add(report);
        if (dead > capacity) {
            entries.removeIf(entry -> entry instanceof Report old && old.dead);
            dead = 0;
        }
    }

    /** The later report, with what the earlier one says besides. */
    private static NodeReport joined(NodeReport earlier, NodeReport later) {
        if (earlier instanceof NodeLogged before && later instanceof NodeLogged after) {
            List<LogLine> lines = new ArrayList<>(before.lines());
            lines.addAll(after.lines());
            return new NodeLogged(
                    after.executionId(),
                    after.flowId(),
                    after.seq(),
                    after.instant(),
                    after.nodeId(),
                    after.iteration(),
                    after.attempt(),
                    lines);
        }
        return later;
    }

    private void drop(ExecutionEvent event) {
        dropped++;
        Gap gap = openGaps.get(event.executionId());
        if (gap == null && waiting() < most) {
            gap = new Gap(event);
            openGaps.put(event.executionId(), gap);
            entries.add(gap);
        }
        if (gap != null) {
            gap.growTo(event);
        }
    }

    /** Of what a report is the latest state. */
    private record ReportKey(String executionId, String nodeId, String kind) {}

    /** A report that waits; dead once a later one has taken it up. */
    private static final class Report {
        private final NodeReport event;
        private boolean dead;

        Report(NodeReport event) {
            this.event = event;
        }
    }

    /** The place of events that were dropped. */
    private static final class Gap {
        private final String executionId;
        private final String flowId;
        private final long from;
        private long to;
        private Instant instant;

        Gap(ExecutionEvent first) {
            this.executionId = first.executionId();
            this.flowId = first.flowId();
            this.from = first.seq();
            this.to = first.seq();
            this.instant = first.instant();
        }

        void growTo(ExecutionEvent event) {
            to = event.seq();
            instant = event.instant();
        }

        EventsDropped asEvent() {
            return new EventsDropped(executionId, flowId, from, to, instant);
        }
    }
}
