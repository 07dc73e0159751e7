package dev.flowengine.extension;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimeSourceTest {

    @Test
    void the_clock_of_the_machine_never_runs_backwards_and_is_one() {
        TimeSource time = TimeSource.system();
        long before = time.nanoTime();

        for (int i = 0; i < 10_000; i++) {
            long now = time.nanoTime();
            assertThat(now - before).isNotNegative();
            before = now;
        }
        assertThat(TimeSource.system()).isSameAs(time);
    }

    @Test
    void instants_date_things() {
        assertThat(TimeSource.system().instant()).isAfter("2025-01-01T00:00:00Z");
    }
}
