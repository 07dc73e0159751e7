package dev.flowengine.engine;

import dev.flowengine.FlowEngine;
import dev.flowengine.FlowEngineBuilder;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.ExecutionListener;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A listener that keeps what it is told, by execution. */
final class Recorder implements ExecutionListener {
    private final Map<String, Told> byExecution = new ConcurrentHashMap<>();

    /** Finishes a builder with this listener. */
    FlowEngine listeningTo(FlowEngineBuilder builder) {
        return builder.listener(this).build();
    }

    @Override
    public void onEvent(ExecutionEvent event) {
        Told told = told(event.executionId());
        told.events.add(event);
        if (event instanceof ExecutionFinished) {
            told.last.countDown();
        }
    }

    /** All events of an execution, once the last one is delivered. */
    List<ExecutionEvent> eventsOf(String executionId) {
        Told told = told(executionId);
        Runs.awaitOpen(told.last);
        return told.events;
    }

    /** The executions it has been told of so far. */
    Set<String> executions() {
        return Set.copyOf(byExecution.keySet());
    }

    private Told told(String executionId) {
        return byExecution.computeIfAbsent(
                executionId, id -> new Told(new CopyOnWriteArrayList<>(), new CountDownLatch(1)));
    }

    private record Told(List<ExecutionEvent> events, CountDownLatch last) {}
}
