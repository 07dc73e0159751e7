package dev.flowengine.internal.delivery;

import dev.flowengine.event.ExecutionEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What happened to one execution at one moment, in order. For one thread at a time; used again and again. */
public final class EventBatch {
    private static final int INITIAL_CAPACITY = 8;

    private final EventOrigin origin;
    /** An {@link EventCode}, or the position of another event, as its complement. */
    private long[] entries = new long[INITIAL_CAPACITY];

    private int size;
    private long firstSeq;
    private Instant instant = Instant.EPOCH;
    private final List<ExecutionEvent> others = new ArrayList<>();

    /**
     * Creates an empty batch.
     *
     * @param origin the execution
     */
    public EventBatch(EventOrigin origin) {
        this.origin = origin;
    }

    /**
     * A node has started.
     *
     * @param seq number of the event, which follows that of the one before
     * @param moment when; the same for all of a batch
     * @param node number of the node
     * @param attempt which attempt
     */
    public void nodeStarted(long seq, Instant moment, int node, int attempt) {
        add(seq, moment, EventCode.started(node, attempt));
    }

    /**
     * A node has completed, without a failure that was handled, and by itself: neither pinned nor reused.
     *
     * @param seq number of the event, which follows that of the one before
     * @param moment when; the same for all of a batch
     * @param node number of the node
     * @param attempt which attempt, or 0 if it has no body
     */
    public void nodeCompleted(long seq, Instant moment, int node, int attempt) {
        add(seq, moment, EventCode.completed(node, attempt));
    }

    /**
     * Something else has happened.
     *
     * @param event what
     */
    public void add(ExecutionEvent event) {
        if (size == 0) {
            firstSeq = event.seq();
        }
        append(~others.size());
        others.add(event);
    }

    /**
     * Whether nothing has happened.
     *
     * @return true if so
     */
    public boolean isEmpty() {
        return size == 0;
    }

    /** Forgets what has happened. */
    public void clear() {
        size = 0;
        if (!others.isEmpty()) {
            others.clear();
        }
    }

    /** Adds all to a buffer. */
    void addTo(EventBuffer buffer) {
        long seq = firstSeq;
        for (int i = 0; i < size; i++) {
            long entry = entries[i];
            if (entry >= 0) {
                buffer.add(origin, seq++, instant, entry);
            } else {
                ExecutionEvent other = others.get((int) ~entry);
                buffer.add(other);
                // A report has the number of the event before it.
                seq = other.seq() + 1;
            }
        }
    }

    private void add(long seq, Instant moment, long code) {
        if (size == 0) {
            firstSeq = seq;
        }
        instant = moment;
        append(code);
    }

    private void append(long entry) {
        if (size == entries.length) {
            entries = Arrays.copyOf(entries, 2 * size);
        }
        entries[size++] = entry;
    }
}
