package dev.flowengine.internal.delivery;

import dev.flowengine.event.ExecutionEvent;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Events of one execution that follow one another, as codes; of those that happened at one moment, the time first. First
 * threads add, one at a time, then one thread takes.
 */
final class CodedEvents {
    /** A time and what happens at once to most executions: a node completes, and another starts. */
    private static final int INITIAL_CAPACITY = 3;

    private static final long NO_TIME = -1;

    private final EventOrigin origin;
    private final long firstSeq;
    private int added;
    private int taken;
    private long addedAt = NO_TIME;
    private Instant takenAt = Instant.EPOCH;

    /** An {@link EventCode}; or the complement of the nanoseconds since the execution was admitted. */
    private long[] words = new long[INITIAL_CAPACITY];

    private int size;
    private int read;

    CodedEvents(EventOrigin origin, long firstSeq) {
        this.origin = origin;
        this.firstSeq = firstSeq;
    }

    /** Whether an event of an execution follows those that are here. */
    @SuppressWarnings("ReferenceEquality") // there is one origin per execution
    boolean isContinuedBy(EventOrigin from, long seq) {
        return origin == from && firstSeq + added == seq;
    }

    void add(long moment, long code) {
        begin(moment, 1);
        words[size++] = code;
        added++;
    }

    /** Adds a batch that has nothing but codes. */
    void addAll(EventBatch batch) {
        begin(batch.moment(), batch.size());
        batch.copyCodes(words, size);
        size += batch.size();
        added += batch.size();
    }

    private void begin(long moment, int codes) {
        int needed = size + 1 + codes;
        if (needed > words.length) {
            words = Arrays.copyOf(words, Math.max(needed, 2 * words.length));
        }
        if (moment != addedAt) {
            addedAt = moment;
            words[size++] = ~moment;
        }
    }

    boolean isEmpty() {
        return read == size;
    }

    /** Takes the next event. One that cannot be made is taken all the same. */
    @Nullable
    ExecutionEvent take() {
        if (isEmpty()) {
            return null;
        }
        if (words[read] < 0) {
            takenAt = origin.at(~words[read++]);
        }
        long code = words[read++];
        long seq = firstSeq + taken++;
        return EventCode.decode(code, origin, seq, takenAt);
    }
}
