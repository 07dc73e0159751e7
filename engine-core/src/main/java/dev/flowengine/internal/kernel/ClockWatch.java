package dev.flowengine.internal.kernel;

import dev.flowengine.extension.TimeSource;
import java.time.Duration;
import java.time.Instant;

/** Waits for instants by looking at the clock again and again: how long it is until then changes when the clock is set. */
record ClockWatch(TimeSource time) {
    /** How long it may take to notice that somebody has set the clock forward. */
    private static final Duration MOST = Duration.ofMinutes(1);

    /** How often the clock is looked at during a long wait: nobody waits for years by the minute. */
    private static final int LOOKS = 8;

    boolean hasCome(Instant instant) {
        return !time.instant().isBefore(instant);
    }

    /** How long until the clock is looked at again, so that it is noticed soon that it was set. */
    Duration untilPromptLook(Instant instant) {
        return shorter(left(instant), MOST);
    }

    /** The same for what may be years away. */
    Duration untilNextLook(Instant instant) {
        Duration left = left(instant);
        Duration part = left.dividedBy(LOOKS);
        return shorter(left, part.compareTo(MOST) < 0 ? MOST : part);
    }

    private Duration left(Instant instant) {
        Duration left = Duration.between(time.instant(), instant);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
