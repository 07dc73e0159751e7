package dev.flowengine.internal.delivery;

import dev.flowengine.event.EventsDropped;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.races.Races;
import dev.flowengine.races.StandingTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S36 a listener is told of each event once, each execution's in order, by one thread at a time")
class ListenerQueueRacesTest {

    @Test
    void while_two_threads_add_and_deliver() {
        Races.interleave(() -> inTwoThreads(8));
    }

    @Test
    void while_there_is_room_for_one_event_only() {
        Races.interleave(() -> inTwoThreads(1));
    }

    private static void inTwoThreads(int capacity) {
        Queue<Runnable> deliveries = new ConcurrentLinkedQueue<>();
        Listener listener = new Listener();
        ListenerQueue events = new ListenerQueue(listener, capacity, deliveries::add, new StandingTime());
        Thread other = new Thread(() -> addAndDeliver(events, "other", deliveries));
        other.start();
        addAndDeliver(events, "one", deliveries);
        Races.join(List.of(other));
        runAll(deliveries);

        listener.check("one");
        listener.check("other");
    }

    private static void addAndDeliver(ListenerQueue events, String execution, Queue<Runnable> deliveries) {
        EventBatch batch = new EventBatch(new EventOrigin(execution, "flow", new String[] {"n0"}));
        batch.begin(1, Instant.EPOCH);
        batch.nodeStarted(0, 1);
        events.add(batch);
        batch.begin(2, Instant.EPOCH);
        batch.nodeCompleted(0, 1);
        events.add(batch);
        runAll(deliveries);
    }

    private static void runAll(Queue<Runnable> deliveries) {
        for (Runnable delivery = deliveries.poll(); delivery != null; delivery = deliveries.poll()) {
            delivery.run();
        }
    }

    /** Notes what it is told, or told that it missed. */
    private static final class Listener implements ExecutionListener {
        private final AtomicInteger tellers = new AtomicInteger();
        private final List<ExecutionEvent> told = new ArrayList<>();
        private volatile boolean crowded;

        @Override
        public void onEvent(ExecutionEvent event) {
            // Noted, not thrown: what a listener throws is logged and nobody's business.
            crowded |= tellers.incrementAndGet() > 1;
            told.add(event);
            tellers.decrementAndGet();
        }

        void check(String execution) {
            Races.require(!crowded, "told by two threads at a time");
            List<Long> seen = new ArrayList<>();
            for (ExecutionEvent event : told) {
                if (event.executionId().equals(execution)) {
                    long last = event instanceof EventsDropped dropped ? dropped.to() : event.seq();
                    for (long seq = event.seq(); seq <= last; seq++) {
                        seen.add(seq);
                    }
                }
            }
            Races.require(seen.equals(List.of(1L, 2L)), "told of " + seen + " of " + execution);
        }
    }
}
