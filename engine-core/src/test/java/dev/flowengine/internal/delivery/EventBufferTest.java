package dev.flowengine.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flowengine.event.EventsDropped;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.ExecutionStarted;
import dev.flowengine.event.NodeCompleted;
import dev.flowengine.event.NodeLogged;
import dev.flowengine.event.NodeProgressed;
import dev.flowengine.event.NodeStarted;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.Iteration;
import dev.flowengine.model.LogLevel;
import dev.flowengine.model.LogLine;
import dev.flowengine.model.NodeProgress;
import dev.flowengine.testing.Threads;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("S36 what is kept for a listener that is behind")
class EventBufferTest {
    private final List<ExecutionEvent> taken = new ArrayList<>();

    @Test
    void events_without_room_leave_one_word_in_their_place() {
        EventBuffer buffer = new EventBuffer(2);
        for (int seq = 1; seq <= 5; seq++) {
            buffer.add(Batches.of(event("a", seq)));
        }
        buffer.add(Batches.of(finished("a", 6)));

        take(buffer, 10);

        assertThat(taken)
                .containsExactly(
                        event("a", 1),
                        event("a", 2),
                        new EventsDropped("a", "flow", 3, 5, Instant.EPOCH),
                        finished("a", 6));
        assertThat(buffer.dropped()).isEqualTo(3);
        assertThat(buffer.isEmpty()).isTrue();
    }

    @Test
    void reports_of_a_node_that_wait_become_one_in_the_place_of_the_last() {
        EventBuffer buffer = new EventBuffer(4);
        buffer.add(Batches.of(event("a", 1)));
        buffer.add(Batches.of(progress("n", 0.1)));
        buffer.add(Batches.of(logged("n", "one")));
        buffer.add(Batches.of(progress("m", 0.5)));
        buffer.add(Batches.of(progress("n", 0.2)));
        buffer.add(Batches.of(logged("n", "two")));
        for (int i = 0; i < 1_000; i++) {
            buffer.add(Batches.of(progress("m", i / 1_000.0)));
        }
        assertThat(buffer.size()).isEqualTo(4);

        take(buffer, 10);

        assertThat(taken)
                .containsExactly(event("a", 1), progress("n", 0.2), logged("n", "one", "two"), progress("m", 0.999));
        assertThat(buffer.dropped()).isZero();
        assertThat(buffer.isEmpty()).isTrue();
    }

    @Test
    void reports_without_room_are_dropped_and_leave_no_gap_as_they_have_no_number() {
        EventBuffer buffer = new EventBuffer(1);
        buffer.add(Batches.of(event("a", 1)));
        buffer.add(Batches.of(progress("n", 0.1)));
        take(buffer, 10);
        buffer.add(Batches.of(progress("n", 0.2)));
        buffer.add(Batches.of(event("a", 2)));
        take(buffer, 10);

        assertThat(taken)
                .containsExactly(
                        event("a", 1), progress("n", 0.2), new EventsDropped("a", "flow", 2, 2, Instant.EPOCH));
        assertThat(buffer.dropped()).isEqualTo(2);
    }

    private void take(EventBuffer buffer, int most) {
        for (int i = 0; i < most; i++) {
            ExecutionEvent event = buffer.next();
            if (event == null && buffer.takeOver() > 0) {
                event = buffer.next();
            }
            if (event != null) {
                taken.add(event);
            }
        }
    }

    private static NodeStarted started(long seq, Instant instant, String nodeId, int attempt) {
        return started("a", seq, instant, nodeId, attempt);
    }

    private static NodeStarted started(String run, long seq, Instant instant, String nodeId, int attempt) {
        return new NodeStarted(run, "flow", seq, instant, nodeId, Iteration.NONE, attempt);
    }

    private static NodeCompleted completed(long seq, Instant instant, String nodeId, int attempt) {
        return completed("a", seq, instant, nodeId, attempt);
    }

    private static NodeCompleted completed(String run, long seq, Instant instant, String nodeId, int attempt) {
        return new NodeCompleted(
                run, "flow", seq, instant, nodeId, Iteration.NONE, attempt, false, false, false, Optional.empty());
    }

    private static NodeProgressed progressAfter(long seq) {
        NodeProgress progress = new NodeProgress(0.5, "", Instant.EPOCH);
        return new NodeProgressed("a", "flow", seq, Instant.EPOCH, "n7", Iteration.NONE, 1, progress);
    }

    private static NodeProgressed progress(String nodeId, double fraction) {
        NodeProgress progress = new NodeProgress(fraction, "", Instant.EPOCH);
        return new NodeProgressed("a", "flow", 1, Instant.EPOCH, nodeId, Iteration.NONE, 1, progress);
    }

    private static NodeLogged logged(String nodeId, String... texts) {
        List<LogLine> lines = Stream.of(texts)
                .map(text -> new LogLine(nodeId, Iteration.NONE, 1, Instant.EPOCH, LogLevel.INFO, text))
                .toList();
        return new NodeLogged("a", "flow", 1, Instant.EPOCH, nodeId, Iteration.NONE, 1, lines);
    }

    @Test
    void each_execution_has_a_place_of_its_own() {
        EventBuffer buffer = new EventBuffer(1);
        buffer.add(Batches.of(event("a", 1)));
        buffer.add(Batches.of(event("b", 1)));
        buffer.add(Batches.of(event("a", 2)));
        buffer.add(Batches.of(event("b", 2)));

        take(buffer, 10);

        assertThat(taken)
                .containsExactly(
                        event("a", 1),
                        new EventsDropped("b", "flow", 1, 2, Instant.EPOCH),
                        new EventsDropped("a", "flow", 2, 2, Instant.EPOCH));
    }

    @Test
    void what_comes_after_a_gap_closes_it() {
        EventBuffer buffer = new EventBuffer(2);
        for (int seq = 1; seq <= 3; seq++) {
            buffer.add(Batches.of(event("a", seq)));
        }
        take(buffer, 2);
        buffer.add(Batches.of(event("a", 4)));
        buffer.add(Batches.of(event("a", 5)));
        take(buffer, 10);

        assertThat(taken)
                .containsExactly(
                        event("a", 1),
                        event("a", 2),
                        new EventsDropped("a", "flow", 3, 3, Instant.EPOCH),
                        event("a", 4),
                        new EventsDropped("a", "flow", 5, 5, Instant.EPOCH));
    }

    @Test
    void events_of_nodes_come_out_as_they_happened() {
        EventBuffer buffer = new EventBuffer(100);
        Instant first = Instant.EPOCH;
        Instant second = Instant.EPOCH.plusNanos(Long.MAX_VALUE);
        EventBatch batch = new EventBatch(Batches.origin("a"));
        batch.begin(1, 0);
        batch.add(event("a", 1));
        batch.nodeCompleted(0, 0);
        batch.nodeStarted(2_999, Integer.MAX_VALUE);
        batch.add(progressAfter(3));
        batch.nodeStarted(7, 1);
        buffer.add(batch);
        batch.begin(5, Long.MAX_VALUE);
        batch.nodeCompleted(7, 1);
        batch.nodeStarted(8, 2);
        buffer.add(batch);

        take(buffer, 10);

        assertThat(taken)
                .containsExactly(
                        event("a", 1),
                        completed(2, first, "n0", 0),
                        started(3, first, "n2999", Integer.MAX_VALUE),
                        progressAfter(3),
                        started(4, first, "n7", 1),
                        completed(5, second, "n7", 1),
                        started(6, second, "n8", 2));
        assertThat(buffer.isEmpty()).isTrue();
    }

    @Test
    void events_of_nodes_without_room_leave_one_word_in_their_place() {
        EventBuffer buffer = new EventBuffer(3);
        EventBatch batch = new EventBatch(Batches.origin("a"));
        for (int seq = 1; seq <= 5; seq++) {
            batch.begin(seq, 0);
            batch.nodeStarted(seq, 1);
            buffer.add(batch);
        }
        assertThat(buffer.size()).isEqualTo(4);
        take(buffer, 2);
        batch.begin(6, 0);
        batch.nodeStarted(6, 1);
        batch.nodeStarted(7, 1);
        buffer.add(batch);

        take(buffer, 10);

        assertThat(taken)
                .containsExactly(
                        started(1, Instant.EPOCH, "n1", 1),
                        started(2, Instant.EPOCH, "n2", 1),
                        started(3, Instant.EPOCH, "n3", 1),
                        new EventsDropped("a", "flow", 4, 5, Instant.EPOCH),
                        started(6, Instant.EPOCH, "n6", 1),
                        new EventsDropped("a", "flow", 7, 7, Instant.EPOCH));
        assertThat(buffer.dropped()).isEqualTo(3);
    }

    @ParameterizedTest(name = "{0} publishers")
    @ValueSource(ints = {1, 2, 8})
    void events_of_nodes_of_several_executions_keep_their_order(int publishers) throws Exception {
        for (int round = 0; round < 20; round++) {
            EventBuffer buffer = new EventBuffer(1_000_000);
            AtomicInteger publishing = new AtomicInteger(publishers);
            taken.clear();

            Threads.together(publishers + 1, thread -> {
                if (thread < publishers) {
                    EventBatch batch = new EventBatch(Batches.origin("run " + thread));
                    for (int seq = 1; seq <= 2_000; seq += 2) {
                        batch.begin(seq, seq);
                        batch.nodeStarted(seq, 1);
                        batch.nodeCompleted(seq + 1, 1);
                        buffer.add(batch);
                    }
                    publishing.decrementAndGet();
                    return;
                }
                while (publishing.get() > 0 || !buffer.isEmpty()) {
                    take(buffer, 8);
                }
            });

            Map<String, Long> last = new HashMap<>();
            for (ExecutionEvent event : taken) {
                String run = event.executionId();
                long seq = last.merge(run, 1L, Long::sum);
                Instant moment = Instant.EPOCH.plusNanos(seq % 2 == 1 ? seq : seq - 1);
                ExecutionEvent expected = seq % 2 == 1
                        ? started(run, seq, moment, "n" + seq, 1)
                        : completed(run, seq, moment, "n" + seq, 1);
                assertThat(event).isEqualTo(expected);
            }
            assertThat(last)
                    .hasSize(publishers)
                    .allSatisfy((run, seq) -> assertThat(seq).isEqualTo(2_000));
        }
    }

    @Test
    void what_happens_at_one_moment_finds_room_where_nothing_waits() {
        EventBuffer buffer = new EventBuffer(3);
        EventBatch batch = new EventBatch(Batches.origin("a"));
        batch.begin(1, 0);
        for (int seq = 1; seq < 100; seq++) {
            batch.nodeStarted(seq, 1);
        }
        batch.add(finished("a", 100));
        buffer.add(batch);
        buffer.add(Batches.of(event("b", 1)));

        take(buffer, 200);

        assertThat(taken)
                .hasSize(101)
                .startsWith(started(1, Instant.EPOCH, "n1", 1))
                .contains(finished("a", 100));
        assertThat(taken.get(100)).isEqualTo(new EventsDropped("b", "flow", 1, 1, Instant.EPOCH));
        assertThat(buffer.dropped()).isEqualTo(1);
        for (int seq = 1; seq <= 4; seq++) {
            buffer.add(Batches.of(event("c", seq)));
        }
        assertThat(buffer.dropped()).as("later the bound is what it was").isEqualTo(2);
    }

    @Test
    void an_event_that_cannot_be_made_leaves_the_others_in_their_places() {
        EventBuffer buffer = new EventBuffer(100);
        EventBatch batch = new EventBatch(new EventOrigin("a", "flow", new String[] {"n0"}, Instant.EPOCH));
        batch.begin(1, 0);
        batch.nodeStarted(0, 1);
        batch.nodeStarted(1, 1);
        batch.nodeStarted(0, 2);
        batch.add(finished("a", 4));
        buffer.add(batch);
        buffer.takeOver();
        buffer.next();

        assertThatThrownBy(buffer::next).isInstanceOf(ArrayIndexOutOfBoundsException.class);
        buffer.add(Batches.of(event("b", 1)));

        assertThat(buffer.size()).isEqualTo(3);
        assertThat(buffer.takeOver())
                .as("nothing is taken over while something is due")
                .isEqualTo(2);
        take(buffer, 10);
        assertThat(taken).containsExactly(started(3, Instant.EPOCH, "n0", 2), finished("a", 4), event("b", 1));
        assertThat(buffer.isEmpty()).isTrue();
    }

    @ParameterizedTest(name = "{0} publishers")
    @ValueSource(ints = {1, 2, 8})
    void every_event_is_told_or_told_to_be_missing(int publishers) throws Exception {
        for (int round = 0; round < 20; round++) {
            EventBuffer buffer = new EventBuffer(16);
            AtomicInteger publishing = new AtomicInteger(publishers);
            taken.clear();

            Threads.together(publishers + 1, thread -> {
                if (thread < publishers) {
                    for (int seq = 1; seq <= 2_000; seq++) {
                        buffer.add(Batches.of(event("run " + thread, seq)));
                    }
                    buffer.add(Batches.of(finished("run " + thread, 2_001)));
                    publishing.decrementAndGet();
                    return;
                }
                while (publishing.get() > 0 || !buffer.isEmpty()) {
                    take(buffer, 8);
                }
            });

            Map<String, Long> next = new HashMap<>();
            for (ExecutionEvent event : taken) {
                assertThat(event.seq()).isEqualTo(next.getOrDefault(event.executionId(), 1L));
                long last = event instanceof EventsDropped dropped ? dropped.to() : event.seq();
                next.put(event.executionId(), last + 1);
            }
            assertThat(next)
                    .hasSize(publishers)
                    .allSatisfy((run, seq) -> assertThat(seq).isEqualTo(2_002));
        }
    }

    private static ExecutionEvent event(String run, long seq) {
        return new ExecutionStarted(run, "flow", seq, Instant.EPOCH, "t");
    }

    private static ExecutionEvent finished(String run, long seq) {
        return new ExecutionFinished(run, "flow", seq, Instant.EPOCH, ExecutionStatus.COMPLETED);
    }

    @Test
    void reports_that_became_one_take_no_room_while_the_rest_is_taken() {
        EventBuffer buffer = new EventBuffer(1_000);
        for (int seq = 1; seq <= 300; seq++) {
            buffer.add(Batches.of(event("a", seq)));
        }
        for (int i = 0; i < 950; i++) {
            buffer.add(Batches.of(progress("n", i / 1_000.0)));
        }
        take(buffer, 256);

        assertThat(buffer.size()).isEqualTo(45);
        for (int seq = 301; seq <= 1_250; seq++) {
            buffer.add(Batches.of(event("a", seq)));
        }
        assertThat(buffer.dropped()).isZero();
    }

    @Test
    @DisplayName("R21 a listener that is blocked through any number of executions keeps a bounded number of entries")
    void what_a_blocked_listener_keeps_is_bounded() {
        EventBuffer buffer = new EventBuffer(10);
        for (int i = 0; i < 10_000; i++) {
            buffer.add(Batches.of(event("run" + i, 1), event("run" + i, 2), finished("run" + i, 3)));
        }

        assertThat(buffer.size()).isLessThanOrEqualTo(10 + 64);
        take(buffer, 100);
        assertThat(taken).hasSizeLessThanOrEqualTo(10 + 64);
        assertThat(buffer.dropped()).isGreaterThan(29_800);
        buffer.add(Batches.of(event("next", 1), finished("next", 2)));
        taken.clear();
        take(buffer, 10);
        assertThat(taken).containsExactly(event("next", 1), finished("next", 2));
    }
}
