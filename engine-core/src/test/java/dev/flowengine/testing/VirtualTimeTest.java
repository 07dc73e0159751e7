package dev.flowengine.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.extension.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("R33 virtual time")
class VirtualTimeTest {
    private final VirtualTime time = new VirtualTime();
    private final List<String> ran = new ArrayList<>();

    private Timer.Scheduled in(int seconds, String name) {
        return time.schedule(
                Duration.ofSeconds(seconds), () -> ran.add(name + " at " + time.nanoTime() / 1_000_000_000));
    }

    @Test
    @DisplayName("R33 what is due runs in the order of its time, then of its scheduling, each at its own time")
    void what_is_due_runs_in_order() {
        in(3, "c");
        in(1, "a");
        in(3, "d");
        in(2, "b");
        in(4, "later");
        Instant before = time.instant();
        time.advance(Duration.ofSeconds(3));

        assertThat(ran).containsExactly("a at 1", "b at 2", "c at 3", "d at 3");
        assertThat(time.pending()).isEqualTo(1);
        assertThat(time.untilNext()).contains(Duration.ofSeconds(1));
        assertThat(Duration.between(before, time.instant())).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    @DisplayName("R33 what a task schedules is run too if it is due by the end of the advance")
    void what_tasks_schedule_is_run_too() {
        time.schedule(Duration.ofSeconds(1), () -> {
            in(1, "second");
            in(5, "late");
        });
        time.advance(Duration.ofSeconds(3));

        assertThat(ran).containsExactly("second at 2");
        assertThat(time.untilNext()).contains(Duration.ofSeconds(3));
    }

    @Test
    @DisplayName("R33 a task that was taken back is not run, and is not pending")
    void a_cancelled_task_is_not_run() {
        Timer.Scheduled first = in(1, "a");
        in(1, "b");
        first.cancel();
        first.cancel();

        assertThat(time.pending()).isEqualTo(1);
        time.advance(Duration.ofSeconds(1));
        assertThat(ran).containsExactly("b at 1");
    }

    @Test
    @DisplayName("R33 what has no delay runs at once, on another thread, without an advance")
    void what_has_no_delay_runs_at_once() throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        time.schedule(Duration.ZERO, () -> thread.complete(Thread.currentThread()));

        assertThat(thread.get(30, TimeUnit.SECONDS)).isNotSameAs(Thread.currentThread());
        assertThat(time.nanoTime()).isZero();
    }

    @Test
    @DisplayName("R33 threads that schedule and advance together lose no task and run none twice")
    void threads_may_schedule_and_advance_together() throws Exception {
        AtomicInteger count = new AtomicInteger();
        Threads.together(4, number -> {
            for (int i = 0; i < 500; i++) {
                time.schedule(Duration.ofNanos(i % 7), count::incrementAndGet);
                time.advance(Duration.ofNanos(number));
            }
        });
        time.advance(Duration.ofSeconds(1));

        assertThat(count).hasValue(2_000);
        assertThat(time.pending()).isZero();
    }
}
