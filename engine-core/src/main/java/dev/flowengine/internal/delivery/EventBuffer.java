package dev.flowengine.internal.delivery;

import dev.flowengine.event.EventsDropped;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionFinished;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The events one listener has not been told yet, in order, at most so many. An event that finds no room is dropped, and
 * the place where it would have been says so; neighbours of one execution share a place. The end of an execution always
 * finds room, and so does the first word about its drops: beyond its capacity the buffer holds two entries per execution
 * at most. Thread-safe.
 */
final class EventBuffer {
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Object> entries = new ArrayDeque<>();
    private final Map<String, Gap> openGaps = new HashMap<>();
    private long dropped;

    EventBuffer(int capacity) {
        this.capacity = capacity;
    }

    void add(ExecutionEvent event) {
        lock.lock();
        try {
            if (event instanceof ExecutionFinished || entries.size() < capacity) {
                // What comes after a gap closes it: the next drop has another place.
                openGaps.remove(event.executionId());
                entries.add(event);
            } else {
                drop(event);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Moves the oldest events to a list, at most so many; returns how many are left. */
    int take(int most, List<ExecutionEvent> taken) {
        lock.lock();
        try {
            for (int i = 0; i < most && !entries.isEmpty(); i++) {
                Object entry = entries.remove();
                if (entry instanceof Gap gap) {
                    openGaps.remove(gap.first.executionId(), gap);
                    taken.add(gap.asEvent());
                } else if (entry instanceof ExecutionEvent event) {
                    taken.add(event);
                }
            }
            return entries.size();
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        return size() == 0;
    }

    int size() {
        lock.lock();
        try {
            return entries.size();
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

    private void drop(ExecutionEvent event) {
        dropped++;
        Gap gap = openGaps.get(event.executionId());
        if (gap == null) {
            gap = new Gap(event);
            openGaps.put(event.executionId(), gap);
            entries.add(gap);
        }
        gap.last = event;
    }

    /** The place of events that were dropped. */
    private static final class Gap {
        private final ExecutionEvent first;
        private ExecutionEvent last;

        Gap(ExecutionEvent first) {
            this.first = first;
            this.last = first;
        }

        EventsDropped asEvent() {
            return new EventsDropped(first.executionId(), first.flowId(), first.seq(), last.seq(), last.instant());
        }
    }
}
