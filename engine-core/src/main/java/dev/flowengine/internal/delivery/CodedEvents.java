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
    private static final int TIME_WORDS = 2;
    /** A time and what happens at once to most executions: a node completes, and another starts. */
    private static final int INITIAL_CAPACITY = TIME_WORDS + 2;

    private final EventOrigin origin;
    private final long firstSeq;
    private int added;
    private int taken;
    private Instant addedAt = Instant.EPOCH;
    private Instant takenAt = Instant.EPOCH;

    /** An {@link EventCode}; or the complement of nanoseconds in a second, and after it the second. */
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

    void add(Instant instant, long code) {
        boolean newTime = !instant.equals(addedAt);
        int needed = size + 1 + (newTime ? TIME_WORDS : 0);
        if (needed > words.length) {
            words = Arrays.copyOf(words, 2 * words.length);
        }
        if (newTime) {
            addedAt = instant;
            words[size++] = ~instant.getNano();
            words[size++] = instant.getEpochSecond();
        }
        words[size++] = code;
        added++;
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
            takenAt = Instant.ofEpochSecond(words[read + 1], ~words[read]);
            read += TIME_WORDS;
        }
        long code = words[read++];
        long seq = firstSeq + taken++;
        return EventCode.decode(code, origin, seq, takenAt);
    }
}
