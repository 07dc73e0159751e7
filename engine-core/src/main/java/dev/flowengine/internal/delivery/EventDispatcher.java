package dev.flowengine.internal.delivery;

import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionListener;
import java.util.List;
import java.util.concurrent.Executor;

/** Hands each event to each listener, to every one in the order published, on delivery threads. */
public final class EventDispatcher {
    private final List<ListenerQueue> queues;

    /**
     * Creates a dispatcher.
     *
     * @param listeners who is told
     * @param executor delivers
     */
    public EventDispatcher(List<ExecutionListener> listeners, Executor executor) {
        this.queues = listeners.stream()
                .map(listener -> new ListenerQueue(listener, executor))
                .toList();
    }

    /**
     * Whether anybody listens.
     *
     * @return false if publishing is in vain
     */
    public boolean hasListeners() {
        return !queues.isEmpty();
    }

    /**
     * Hands an event over; returns at once.
     *
     * @param event what happened; the events of one execution one after another
     */
    public void publish(ExecutionEvent event) {
        queues.forEach(queue -> queue.add(event));
    }
}
