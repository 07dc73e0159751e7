package dev.flowengine.internal.delivery;

import dev.flowengine.event.ExecutionListener;
import dev.flowengine.extension.TimeSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/** Hands each event to each listener, to every one in the order published, on delivery threads. */
public final class EventDispatcher {
    private final ListenerQueue[] queues;

    /**
     * Creates a dispatcher.
     *
     * @param listeners who is told
     * @param capacity how many events are kept for a listener that is behind
     * @param executor delivers
     * @param time tells how long a listener takes
     */
    public EventDispatcher(List<ExecutionListener> listeners, int capacity, Executor executor, TimeSource time) {
        this.queues = listeners.stream()
                .map(listener -> new ListenerQueue(listener, capacity, executor, time))
                .toArray(ListenerQueue[]::new);
    }

    /**
     * How the listeners keep up.
     *
     * @return the state of each, in the order in which they were added
     */
    public List<ListenerState> states() {
        return Stream.of(queues).map(ListenerQueue::state).toList();
    }

    /**
     * Whether anybody listens.
     *
     * @return false if publishing is in vain
     */
    public boolean hasListeners() {
        return queues.length > 0;
    }

    /**
     * Hands events over; returns at once.
     *
     * @param events what happened; those of one execution one call after another
     */
    public void publish(EventBatch events) {
        for (ListenerQueue queue : queues) {
            queue.add(events);
        }
    }
}
