package dev.flowengine.internal.delivery;

import dev.flowengine.event.ExecutionEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What happened to one execution at one moment, in order: events whose numbers follow one another. For one thread at a
 * time; used again and again.
 */
public final class EventBatch {
    private static final int INITIAL_CAPACITY = 8;
    private static final int LARGEST_KEPT = 1_024;

    private final EventOrigin origin;
    private final List<ExecutionEvent> others = new ArrayList<>(0);
    /** An {@link EventCode}, or the position of another event, as its complement. */
    private long[] entries = new long[INITIAL_CAPACITY];

    private int size;
    private long firstSeq;
    private long moment;

    /**
     * Creates an empty batch.
     *
     * @param origin the execution
     */
    public EventBatch(EventOrigin origin) {
        this.origin = origin;
    }

    /**
     * Forgets what is in the batch, and begins anew.
     *
     * @param nextSeq number of the event that is added next
     * @param now when everything happened that is added as a code: nanoseconds since the execution was admitted, not
     *     negative
     */
    public void begin(long nextSeq, long now) {
        clear();
        firstSeq = nextSeq;
        moment = now;
    }

    /**
     * A node has started.
     *
     * @param node number of the node
     * @param attempt which attempt
     */
    public void nodeStarted(int node, int attempt) {
        append(EventCode.started(node, attempt));
    }

    /**
     * A node has completed, without a failure that was handled, and by itself: neither pinned nor reused.
     *
     * @param node number of the node
     * @param attempt which attempt, or 0 if it has no body
     */
    public void nodeCompleted(int node, int attempt) {
        append(EventCode.completed(node, attempt));
    }

    /**
     * Something else has happened.
     *
     * @param event what
     */
    public void add(ExecutionEvent event) {
        append(~others.size());
        others.add(event);
    }

    /**
     * How much has happened.
     *
     * @return the number of events
     */
    public int size() {
        return size;
    }

    /** Forgets what is in the batch. */
    public void clear() {
        if (size > LARGEST_KEPT) {
            // An execution may be kept long after its end, by whoever started it.
            entries = new long[INITIAL_CAPACITY];
        }
        size = 0;
        if (!others.isEmpty()) {
            others.clear();
        }
    }

    /** Whether there is nothing in the batch but codes: the events of most nodes. */
    boolean isCoded() {
        return others.isEmpty();
    }

    EventOrigin origin() {
        return origin;
    }

    long firstSeq() {
        return firstSeq;
    }

    /** When the codes happened. */
    long moment() {
        return moment;
    }

    /** Copies the entries of a batch that {@linkplain #isCoded() has nothing but codes}. */
    void copyCodes(long[] words, int at) {
        for (int i = 0; i < size; i++) {
            words[at + i] = entries[i];
        }
    }

    void forEach(Reader reader) {
        long seq = firstSeq;
        for (int i = 0; i < size; i++) {
            long entry = entries[i];
            if (entry >= 0) {
                reader.code(origin, seq++, moment, entry);
            } else {
                ExecutionEvent other = others.get((int) ~entry);
                reader.event(other);
                // A report has the number of the event before it.
                seq = other.seq() + 1;
            }
        }
    }

    private void append(long entry) {
        if (size == entries.length) {
            entries = Arrays.copyOf(entries, 2 * size);
        }
        entries[size++] = entry;
    }

    /** Takes what is in a batch. */
    interface Reader {
        void code(EventOrigin origin, long seq, long moment, long code);

        void event(ExecutionEvent event);
    }
}
