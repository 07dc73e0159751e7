package dev.flowengine.internal.delivery;

import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.NodeReport;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
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
    private final long reserve;
    private final BriefLock lock = new BriefLock();
    private final Adder adder = new Adder();
    private final Map<String, Gap> openGaps = new HashMap<>();
    private final Map<WaitingReport.Key, WaitingReport> reports = new HashMap<>();
    private Deque<Object> entries = new ArrayDeque<>();
    /** The last entry, if it is one that others can join. */
    private @Nullable CodedEvents open;
    /** How many events the entries stand for, dead ones included. */
    private int added;

    private int dead;
    private long dropped;
    /** The capacity; more while what happened at one moment waits that is more. */
    private long room;

    /** What has been taken over, for the thread that takes. */
    private Deque<Object> due = new ArrayDeque<>();

    private @Nullable CodedEvents current;

    /** How many events are due. */
    private final SingleWriterLong dueLeft = new SingleWriterLong();

    /** How many were due when whoever adds last needed to know: no fewer than there are. */
    private long dueAtMost;

    EventBuffer(int capacity) {
        this.capacity = capacity;
        this.room = capacity;
        this.reserve = Math.max(capacity, LEAST_RESERVE);
    }

    /** Adds what happened at one moment. Where nothing waits, all of it finds room: no listener could be quicker. */
    void add(EventBatch batch) {
        lock.lock();
        try {
            boolean mayChange = room > capacity || batch.size() > capacity;
            if (mayChange && waiting() == 0) {
                room = Math.max(capacity, batch.size());
            }
            if (!addCoded(batch)) {
                batch.forEach(adder);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Adds all of it together, which most often can be; false if each event has to be looked at. */
    private boolean addCoded(EventBatch batch) {
        if (!batch.isCoded() || !openGaps.isEmpty() || !hasRoomFor(batch.size())) {
            return false;
        }
        CodedEvents last = open;
        if (last == null || !last.isContinuedBy(batch.origin(), batch.firstSeq())) {
            last = new CodedEvents(batch.origin(), batch.firstSeq());
            open = last;
            entries.add(last);
        }
        last.addAll(batch);
        added += batch.size();
        return true;
    }

    private boolean hasRoomFor(int events) {
        return dueAtMost + added - dead + events <= room || waiting() + events <= room;
    }

    /** Counts events that cannot be told, for a reason of their own. */
    void lost(int events) {
        lock.lock();
        try {
            dropped += events;
        } finally {
            lock.unlock();
        }
    }

    /** Makes everything that waits ready to be taken, and tells how much that is; for the thread that takes. */
    long takeOver() {
        if (current != null || !due.isEmpty()) {
            return dueLeft.get();
        }
        lock.lock();
        try {
            Deque<Object> empty = due;
            due = entries;
            entries = empty;
            dueAtMost = (long) added - dead;
            dueLeft.set(dueAtMost);
            added = 0;
            dead = 0;
            // From now on nothing is added to what waits.
            open = null;
            openGaps.clear();
            reports.clear();
            return dueAtMost;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the oldest event of those that have been taken over, if there is one; for one thread at a time. An event that
     * cannot be made is taken all the same.
     */
    @Nullable
    ExecutionEvent next() {
        while (current != null || !due.isEmpty()) {
            if (current == null) {
                Object entry = due.remove();
                if (!(entry instanceof CodedEvents coded)) {
                    ExecutionEvent event = asEvent(entry);
                    if (event != null) {
                        taken();
                        return event;
                    }
                    continue;
                }
                current = coded;
            }
            if (!current.isEmpty()) {
                taken();
                return current.take();
            }
            current = null;
        }
        return null;
    }

    private void taken() {
        dueLeft.set(dueLeft.get() - 1);
    }

    private static @Nullable ExecutionEvent asEvent(Object entry) {
        if (entry instanceof Gap gap) {
            return gap.asEvent();
        }
        if (entry instanceof WaitingReport report) {
            // Nothing joins a report that has been taken over.
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

    private long waiting() {
        dueAtMost = dueLeft.get();
        return dueAtMost + added - dead;
    }

    private boolean hasRoom(long limit) {
        return dueAtMost + added - dead < limit || waiting() < limit;
    }

    private void append(Object entry) {
        open = entry instanceof CodedEvents coded ? coded : null;
        entries.add(entry);
        added++;
    }

    /** Adds one event after another, under the lock. */
    private final class Adder implements EventBatch.Reader {

        @Override
        public void code(EventOrigin origin, long seq, long moment, long code) {
            if (!hasRoom(room)) {
                drop(origin.executionId(), origin.flowId(), seq, origin.at(moment));
                return;
            }
            closeGap(origin.executionId());
            CodedEvents last = open;
            if (last == null || !last.isContinuedBy(origin, seq)) {
                last = new CodedEvents(origin, seq);
                append(last);
            } else {
                added++;
            }
            last.add(moment, code);
        }

        @Override
        public void event(ExecutionEvent event) {
            if (event instanceof NodeReport report) {
                addReport(report);
            } else if (hasRoom(event instanceof ExecutionFinished ? room + reserve : room)) {
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

        private void addReport(NodeReport event) {
            WaitingReport.Key key = WaitingReport.Key.of(event);
            WaitingReport before = reports.get(key);
            if (openGaps.containsKey(event.executionId()) || (before == null && !hasRoom(room))) {
                // It has no place in the order that a gap could stand for.
                dropped++;
                return;
            }
            WaitingReport report = before == null ? new WaitingReport(event) : before.joinedBy(event);
            dead += before == null ? 0 : 1;
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
            if (gap == null && waiting() < room + reserve) {
                gap = new Gap(executionId, flowId, seq, instant);
                openGaps.put(executionId, gap);
                append(gap);
            }
            if (gap != null) {
                gap.growTo(seq, instant);
            }
        }
    }
}
