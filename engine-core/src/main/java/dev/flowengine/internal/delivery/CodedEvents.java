package dev.flowengine.internal.delivery;

import dev.flowengine.event.ExecutionEvent;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Events of one execution that follow one another, as codes: of those that happened at one moment, the time first. First
 * one thread adds, then one takes.
 */
final class CodedEvents {
    private static final int TIME_WORDS = 2;
    /** A time and what happens at once to most executions: a node completes, and another starts. */
    private static final int INITIAL_CAPACITY = TIME_WORDS + 2;

    private final EventOrigin origin;
    private long nextSeq;
    private int size;
    private int added;
    private Instant time = Instant.EPOCH;

    /** An {@link EventCode}; or the complement of nanoseconds in a second, and after it the second. */
    private long[] words = new long[INITIAL_CAPACITY];

    private int taken;

    CodedEvents(EventOrigin origin, long firstSeq) {
        this.origin = origin;
        this.nextSeq = firstSeq;
    }

    /** Whether an event of an execution follows those that are here. */
    @SuppressWarnings("ReferenceEquality") // there is one origin per execution
    boolean isContinuedBy(EventOrigin from, long seq) {
        return origin == from && nextSeq == seq;
    }

    void add(Instant instant, long code) {
        boolean newTime = !instant.equals(time);
        int needed = size + 1 + (newTime ? TIME_WORDS : 0);
        if (needed > words.length) {
            words = Arrays.copyOf(words, 2 * words.length);
        }
        if (newTime) {
            time = instant;
            words[size++] = ~instant.getNano();
            words[size++] = instant.getEpochSecond();
        }
        words[size++] = code;
        added++;
        nextSeq++;
    }

    /** No more are added. */
    void close() {
        nextSeq -= added;
        time = Instant.EPOCH;
    }

    @Nullable
    ExecutionEvent take() {
        if (taken == size) {
            return null;
        }
        if (words[taken] < 0) {
            time = Instant.ofEpochSecond(words[taken + 1], ~words[taken]);
            taken += TIME_WORDS;
        }
        return EventCode.decode(words[taken++], origin, nextSeq++, time);
    }
}
