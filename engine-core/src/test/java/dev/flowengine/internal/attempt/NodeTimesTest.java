package dev.flowengine.internal.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.extension.TimeSource;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class NodeTimesTest {
    private static final Instant ADMITTED = Instant.parse("2026-01-01T00:00:00Z");
    private long now = -5;
    private final NodeTimes times = new NodeTimes(3, clock(), ADMITTED);

    @Test
    void are_instants_counted_from_the_admission() {
        now += 1_000_000_000;
        times.start(1);
        now += 7;
        times.end(1);

        assertThat(times.startedAt(1)).contains(ADMITTED.plusSeconds(1));
        assertThat(times.endedAt(1)).contains(ADMITTED.plusSeconds(1).plusNanos(7));
    }

    @Test
    void a_node_that_starts_at_the_moment_of_admission_has_a_time() {
        times.start(0);

        assertThat(times.startedAt(0)).contains(ADMITTED);
        assertThat(times.endedAt(0)).isEmpty();
        assertThat(times.startedAt(2)).isEmpty();
    }

    private TimeSource clock() {
        return new TimeSource() {
            @Override
            public Instant instant() {
                return ADMITTED;
            }

            @Override
            public long nanoTime() {
                return now;
            }
        };
    }
}
