package dev.flowengine.engine;

import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.extension.TimeSource;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.testing.Engines;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BrokenClockTest {

    @Test
    @DisplayName("S14 a clock of the host that fails after the start does not hang an execution")
    void an_execution_ends_although_the_clock_fails() {
        FlowBuilder f = Flow.builder("clocked");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        f.node("a", t, n -> n + 1);
        List<ExecutionEvent> events = new CopyOnWriteArrayList<>();
        TimeSource dying = new DyingClock(1);
        try (FlowEngine engine = Engines.builder()
                .timeSource(dying)
                .listener(new ExecutionListener() {
                    @Override
                    public void onEvent(ExecutionEvent event) {
                        events.add(event);
                    }
                })
                .build()) {
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(f.build(), t, 1));

            assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(result.snapshot().endedAt())
                    .hasValueSatisfying(end -> assertThat(end).isAfterOrEqualTo(DyingClock.LAST));
        }
        await().until(() -> !events.isEmpty() && events.get(events.size() - 1) instanceof ExecutionFinished);
        assertThat(events)
                .extracting(ExecutionEvent::instant)
                .isSorted()
                .first()
                .isEqualTo(DyingClock.LAST);
    }

    /** Tells the time so many times, and then no more. */
    private static final class DyingClock implements TimeSource {
        private static final Instant LAST = Instant.EPOCH;

        private final AtomicInteger left;

        DyingClock(int readings) {
            this.left = new AtomicInteger(readings);
        }

        @Override
        public Instant instant() {
            if (left.getAndDecrement() <= 0) {
                throw new IllegalStateException("no time any more");
            }
            return LAST;
        }

        @Override
        public long nanoTime() {
            return 0;
        }
    }
}
