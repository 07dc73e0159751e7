package dev.flowengine.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.extension.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("R31 what is kept of ended executions is bounded by count, age and size")
class RunArchiveTest {
    private final HandClock clock = new HandClock();

    @Test
    void beyond_the_count_the_oldest_goes_first() {
        RunArchive<String> archive = new RunArchive<>(3, Duration.ofHours(1), clock, gone -> {});

        IntStream.rangeClosed(1, 5).forEach(i -> archive.add("run" + i, 1, "end of " + i));

        assertThat(archive.find("run1")).isEmpty();
        assertThat(archive.find("run2")).isEmpty();
        assertThat(archive.find("run3")).contains("end of 3");
        assertThat(archive.find("run5")).contains("end of 5");
        assertThat(archive.find("unknown")).isEmpty();
    }

    @Test
    void an_execution_is_found_until_its_age_is_exceeded() {
        RunArchive<String> archive = new RunArchive<>(10, Duration.ofMinutes(5), clock, gone -> {});
        archive.add("old", 1, "end");
        clock.advance(Duration.ofMinutes(3));
        archive.add("young", 1, "end");

        clock.advance(Duration.ofMinutes(2));
        assertThat(archive.find("old")).isPresent();
        clock.advance(Duration.ofNanos(1));

        assertThat(archive.find("old")).isEmpty();
        assertThat(archive.find("young")).isPresent();
        clock.advance(Duration.ofDays(1));
        assertThat(archive.find("young")).isEmpty();
    }

    @Test
    void the_clock_may_pass_the_end_of_its_range() {
        clock.nanos = Long.MAX_VALUE - 10;
        RunArchive<String> archive = new RunArchive<>(10, Duration.ofSeconds(1), clock, gone -> {});
        archive.add("run", 1, "end");

        clock.advance(Duration.ofMillis(500));
        assertThat(archive.find("run")).isPresent();
        clock.advance(Duration.ofMillis(501));
        assertThat(archive.find("run")).isEmpty();
    }

    @Test
    void an_age_beyond_all_clocks_means_no_bound() {
        RunArchive<String> archive = new RunArchive<>(10, Duration.ofSeconds(Long.MAX_VALUE), clock, gone -> {});
        archive.add("run", 1, "end");

        clock.advance(Duration.ofDays(36_500));

        assertThat(archive.find("run")).isPresent();
    }

    @Test
    void executions_of_too_many_nodes_together_push_out_the_oldest_but_never_the_last() {
        RunArchive<String> archive = new RunArchive<>(100, Duration.ofHours(1), clock, gone -> {});
        archive.add("a", 1_000_000, "end");
        archive.add("b", 1_000_000, "end");
        assertThat(archive.find("a")).isPresent();

        archive.add("c", 1, "end");
        assertThat(archive.find("a")).isEmpty();
        assertThat(archive.find("b")).isPresent();

        archive.add("giant", 5_000_000, "end");
        assertThat(archive.find("b")).isEmpty();
        assertThat(archive.find("c")).isEmpty();
        assertThat(archive.find("giant")).isPresent();

        archive.add("next", 1, "end");
        assertThat(archive.find("giant")).isEmpty();
        assertThat(archive.find("next")).isPresent();
    }

    @Test
    void an_archive_of_none_keeps_none() {
        RunArchive<String> archive = new RunArchive<>(0, Duration.ofHours(1), clock, gone -> {});

        archive.add("run", 1, "end");

        assertThat(archive.find("run")).isEmpty();
    }

    @Test
    void everything_that_is_kept_is_listed_oldest_first() {
        RunArchive<String> archive = new RunArchive<>(3, Duration.ofMinutes(5), clock, gone -> {});
        assertThat(archive.all()).isEmpty();

        for (int i = 1; i <= 4; i++) {
            archive.add("run" + i, 1, "end of " + i);
            clock.advance(Duration.ofMinutes(1));
        }

        assertThat(archive.all()).containsExactly("end of 2", "end of 3", "end of 4");
    }

    @Test
    void what_is_too_old_is_not_listed_although_nobody_looked_for_it() {
        RunArchive<String> archive = new RunArchive<>(10, Duration.ofMinutes(5), clock, gone -> {});
        archive.add("old", 1, "old end");
        clock.advance(Duration.ofMinutes(4));
        archive.add("young", 1, "young end");

        clock.advance(Duration.ofMinutes(1));
        assertThat(archive.all()).containsExactly("old end", "young end");
        clock.advance(Duration.ofNanos(1));
        assertThat(archive.all()).containsExactly("young end");
        clock.advance(Duration.ofDays(1));
        assertThat(archive.all()).isEmpty();
    }

    @Test
    void a_list_is_a_copy() {
        RunArchive<String> archive = new RunArchive<>(10, Duration.ofMinutes(5), clock, gone -> {});
        archive.add("first", 1, "first end");

        List<String> listed = archive.all();
        archive.add("second", 1, "second end");
        listed.clear();

        assertThat(archive.all()).containsExactly("first end", "second end");
    }

    /** A clock that only the test moves. */
    private static final class HandClock implements TimeSource {
        private long nanos;

        void advance(Duration duration) {
            nanos += duration.toNanos();
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH.plusNanos(nanos);
        }

        @Override
        public long nanoTime() {
            return nanos;
        }
    }
}
