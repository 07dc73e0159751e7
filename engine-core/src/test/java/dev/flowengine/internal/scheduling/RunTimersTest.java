package dev.flowengine.internal.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.extension.TimeSource;
import dev.flowengine.testing.Patience;
import dev.flowengine.testing.Threads;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("S25 S27 what is still to happen in an execution")
class RunTimersTest {
    private final VirtualTime time = new VirtualTime();
    private final RunTimers timers = new RunTimers(time, time);
    private final List<String> fired = new CopyOnWriteArrayList<>();

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    private void arm(String key, long delay, boolean standsStill) {
        timers.arm(key, seconds(delay), standsStill, all -> fired.add(key));
    }

    @Test
    void an_entry_fires_once_at_its_time() {
        arm("a", 10, true);
        time.advance(seconds(10).minusNanos(1));
        assertThat(fired).isEmpty();
        time.advance(Duration.ofNanos(1));
        time.advance(seconds(100));
        assertThat(fired).containsExactly("a");
        assertThat(timers.extend("a", seconds(1))).isNull();
    }

    @Test
    void an_entry_takes_the_place_of_one_with_the_same_key() {
        arm("a", 10, true);
        time.advance(seconds(9));
        arm("a", 10, true);
        time.advance(seconds(9));
        assertThat(fired).isEmpty();
        time.advance(seconds(1));
        assertThat(fired).containsExactly("a");
    }

    @Test
    void time_stands_still_only_for_those_that_allow_it() {
        arm("waits", 10, true);
        arm("runs", 10, false);
        time.advance(seconds(4));
        timers.hold();
        timers.hold();
        time.advance(seconds(6));
        assertThat(fired).containsExactly("runs");
        time.advance(seconds(100));

        timers.release();
        timers.release();
        time.advance(seconds(6).minusNanos(1));
        assertThat(fired).containsExactly("runs");
        time.advance(Duration.ofNanos(1));
        assertThat(fired).containsExactly("runs", "waits");
    }

    @Test
    void what_is_armed_or_extended_while_time_stands_still_keeps_all_of_it() {
        timers.hold();
        arm("a", 10, true);
        assertThat(timers.extend("a", seconds(5))).isNotNull();
        time.advance(seconds(100));
        timers.release();
        time.advance(seconds(15).minusNanos(1));
        assertThat(fired).isEmpty();
        time.advance(Duration.ofNanos(1));
        assertThat(fired).containsExactly("a");
    }

    @Test
    void more_time_than_there_is_means_never() {
        arm("a", 10, true);
        assertThat(timers.extend("a", seconds(Long.MAX_VALUE))).isNotNull();
        assertThat(timers.extend("a", seconds(Long.MAX_VALUE))).isNotNull();
        timers.hold();
        timers.release();
        time.advance(Duration.ofDays(1));
        assertThat(fired).isEmpty();
    }

    @Test
    void nothing_is_left_of_what_is_disarmed_cleared_or_closed() {
        arm("a", 1, true);
        arm("b", 1, false);
        timers.disarm("a");
        timers.disarm("nobody");
        timers.clear();
        arm("c", 1, true);
        timers.close();
        arm("late", 1, false);
        assertThat(time.pending()).isZero();
        time.advance(seconds(5));
        assertThat(fired).isEmpty();
    }

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {1, 2, 8})
    @DisplayName("R16 entries held and released from several threads, on a real timer, fire exactly once each")
    void entries_fire_exactly_once_whoever_holds(int threads) throws Exception {
        int entries = 2_000;
        AtomicIntegerArray counts = new AtomicIntegerArray(entries);
        try (SystemTimer real = new SystemTimer()) {
            RunTimers shared = new RunTimers(real, TimeSource.system());
            Threads.together(threads, thread -> {
                for (int i = thread; i < entries; i += threads) {
                    int entry = i;
                    shared.arm(entry, Duration.ofNanos(i % 7 * 100_000L), true, all -> counts.incrementAndGet(entry));
                    shared.hold();
                    shared.extend(entry - 1, Duration.ofNanos(10_000));
                    shared.release();
                }
            });
            Patience.await().until(() -> sum(counts) >= entries);
            shared.close();
        }
        for (int i = 0; i < entries; i++) {
            assertThat(counts.get(i)).as("entry %d", i).isEqualTo(1);
        }
    }

    private static int sum(AtomicIntegerArray counts) {
        int sum = 0;
        for (int i = 0; i < counts.length(); i++) {
            sum += counts.get(i);
        }
        return sum;
    }
}
