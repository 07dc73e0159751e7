package dev.flowengine.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.event.ExecutionStarted;
import dev.flowengine.extension.TimeSource;
import dev.flowengine.testing.Patience;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class EventDispatcherTest {
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Logger logger = (Logger) LoggerFactory.getLogger(ListenerQueue.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void catchTheLog() {
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
    }

    @AfterEach
    void stop() {
        executor.shutdownNow();
        logger.detachAppender(log);
        logger.setAdditive(true);
    }

    @Test
    @DisplayName("S36 each listener is told of each run's events in order, one at a time, none lost")
    void events_of_several_runs_reach_every_listener_in_order() throws Exception {
        int runs = 4;
        int events = 5_000;
        List<Recorder> recorders = List.of(new Recorder(runs * events), new Recorder(runs * events));
        EventDispatcher dispatcher =
                new EventDispatcher(List.copyOf(recorders), 1_000_000, executor, TimeSource.system());

        List<Future<?>> publishing = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            String id = "run" + run;
            publishing.add(executor.submit(() ->
                    IntStream.rangeClosed(1, events).forEach(seq -> dispatcher.publish(Batches.of(event(id, seq))))));
        }
        for (Future<?> publisher : publishing) {
            publisher.get();
        }

        for (Recorder recorder : recorders) {
            assertThat(recorder.all.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(recorder.faults).isEmpty();
            assertThat(recorder.lastSeq)
                    .hasSize(runs)
                    .allSatisfy((id, seq) -> assertThat(seq).isEqualTo(events));
        }
    }

    @Test
    @DisplayName("R20 a listener that throws is told of the next event all the same, and others are not disturbed")
    void a_throwing_listener_disturbs_nobody() throws Exception {
        AtomicInteger told = new AtomicInteger();
        Recorder calm = new Recorder(200);
        ExecutionListener throwing = new ExecutionListener() {
            @Override
            public void onEvent(ExecutionEvent event) {
                told.incrementAndGet();
                if (event.seq() % 2 == 0) {
                    throw new IllegalStateException("bad");
                }
                throw new StackOverflowError();
            }
        };
        Recorder behind = new Recorder(200);
        EventDispatcher dispatcher = new EventDispatcher(
                List.of(throwing, calm, new Both(throwing, behind)), 8_192, executor, TimeSource.system());

        IntStream.rangeClosed(1, 200).forEach(seq -> dispatcher.publish(Batches.of(event("run", seq))));

        assertThat(calm.all.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(behind.all.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(calm.faults).isEmpty();
        assertThat(behind.lastSeq).containsEntry("run", 200L);
        Patience.await().until(() -> told.get() == 400 && !log.list.isEmpty());
    }

    @Test
    @DisplayName(
            "R27 a listener that fails on every event writes so many warnings in a while, and the others are counted")
    void failures_of_a_listener_do_not_flood_the_log() {
        VirtualTime time = new VirtualTime();
        ExecutionListener throwing = new ExecutionListener() {
            @Override
            public void onEvent(ExecutionEvent event) {
                throw new IllegalStateException("bad");
            }
        };
        EventDispatcher dispatcher = new EventDispatcher(List.of(throwing), 8_192, Runnable::run, time);
        int failures = 500;

        IntStream.rangeClosed(1, failures).forEach(seq -> dispatcher.publish(Batches.of(event("run", seq))));

        assertThat(log.list).hasSize(WarningLimit.MOST + 1);
        assertThat(log.list.get(WarningLimit.MOST).getFormattedMessage())
                .endsWith("too many warnings; for a minute they are only counted");
        log.list.clear();
        time.advance(Duration.ofMinutes(1));
        dispatcher.publish(Batches.of(event("run", failures + 1)));

        assertThat(log.list).hasSize(2);
        assertThat(log.list.get(0).getFormattedMessage())
                .endsWith(failures - WarningLimit.MOST + " more warnings were not written");
        assertThat(log.list.get(1).getThrowableProxy().getMessage()).isEqualTo("bad");
    }

    @Test
    void a_failure_of_a_listener_is_logged_with_its_class_the_event_and_the_run() {
        ExecutionListener throwing = new ExecutionListener() {
            @Override
            public void onExecutionStarted(ExecutionStarted event) {
                throw new IllegalStateException("bad");
            }
        };

        new EventDispatcher(List.of(throwing), 8_192, Runnable::run, TimeSource.system())
                .publish(Batches.of(event("run-7", 1)));

        assertThat(log.list).singleElement().satisfies(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.WARN);
            assertThat(line.getFormattedMessage())
                    .isEqualTo("listener " + throwing.getClass().getName()
                            + " failed on execution-started of execution run-7; the execution is not affected");
            assertThat(line.getThrowableProxy().getMessage()).isEqualTo("bad");
        });
    }

    @Test
    @DisplayName("R21 a blocked listener holds up neither who publishes nor who else listens, and misses nothing")
    void a_blocked_listener_holds_up_nobody() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        Recorder slow = new Recorder(500);
        Recorder quick = new Recorder(500);
        ExecutionListener blocking = new ExecutionListener() {
            @Override
            public void onEvent(ExecutionEvent event) {
                awaitUninterrupted(blocked);
                slow.onEvent(event);
            }
        };
        EventDispatcher dispatcher =
                new EventDispatcher(List.of(blocking, quick), 8_192, executor, TimeSource.system());

        IntStream.rangeClosed(1, 500).forEach(seq -> dispatcher.publish(Batches.of(event("run", seq))));

        assertThat(quick.all.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(slow.lastSeq).isEmpty();
        blocked.countDown();
        assertThat(slow.all.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(slow.faults).isEmpty();
    }

    @Test
    void knows_whether_anybody_listens() {
        assertThat(new EventDispatcher(List.of(), 8_192, executor, TimeSource.system()).hasListeners())
                .isFalse();
        assertThat(new EventDispatcher(List.of(new Recorder(1)), 8_192, executor, TimeSource.system()).hasListeners())
                .isTrue();
    }

    private static ExecutionEvent event(String run, long seq) {
        return new ExecutionStarted(run, "flow", seq, Instant.EPOCH, "start");
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tells a second listener, then fails as the first does. */
    private record Both(ExecutionListener failing, ExecutionListener other) implements ExecutionListener {
        @Override
        public void onEvent(ExecutionEvent event) {
            other.onEvent(event);
            failing.onEvent(event);
        }
    }

    /** Notes what is told out of turn, or by two threads at once. */
    private static final class Recorder implements ExecutionListener {
        private final Map<String, Long> lastSeq = new ConcurrentHashMap<>();
        private final List<String> faults = new ArrayList<>();
        private final AtomicInteger inside = new AtomicInteger();
        private final CountDownLatch all;

        Recorder(int events) {
            this.all = new CountDownLatch(events);
        }

        @Override
        public void onEvent(ExecutionEvent event) {
            if (inside.incrementAndGet() != 1) {
                faults.add("told by two threads at once");
            }
            Long before = lastSeq.put(event.executionId(), event.seq());
            if (event.seq() != (before == null ? 1 : before + 1)) {
                faults.add(event.executionId() + " " + before + " then " + event.seq());
            }
            inside.decrementAndGet();
            all.countDown();
        }
    }
}
