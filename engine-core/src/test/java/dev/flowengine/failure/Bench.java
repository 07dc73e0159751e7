package dev.flowengine.failure;

import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.FlowEngineBuilder;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import dev.flowengine.flow.Flow;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** An engine whose time the test owns, and what became of its executions. */
final class Bench implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final VirtualTime time = new VirtualTime();
    private final List<ExecutionEvent> events = new CopyOnWriteArrayList<>();
    private final FlowEngine engine;

    private Bench(Consumer<FlowEngineBuilder> settings, boolean observed) {
        FlowEngineBuilder builder = time.in(Engines.builder());
        settings.accept(builder);
        if (observed) {
            builder.listener(new ExecutionListener() {
                @Override
                public void onEvent(ExecutionEvent event) {
                    events.add(event);
                }
            });
        }
        this.engine = builder.build();
    }

    /** An engine nobody listens to, so that every timer is one of the rule under test. */
    static Bench plain() {
        return with(builder -> {});
    }

    static Bench with(Consumer<FlowEngineBuilder> settings) {
        return new Bench(settings, false);
    }

    /** An engine whose events are kept. */
    static Bench observed() {
        return new Bench(builder -> {}, true);
    }

    FlowEngine engine() {
        return engine;
    }

    VirtualTime time() {
        return time;
    }

    FlowExecution start(Flow flow) {
        return engine.executeFromTrigger(flow, "t", "in");
    }

    /** Runs a flow that needs no time to the end. */
    ExecutionResult run(Flow flow) {
        return ended(start(flow));
    }

    /** Waits until the next thing is scheduled, says in how long, and lets that time pass. */
    Duration passNext() {
        time.awaitPending(1);
        Duration next = time.untilNext().orElseThrow();
        time.advance(next);
        return next;
    }

    /** The events of an execution that has ended, all of them. */
    List<ExecutionEvent> eventsOf(ExecutionResult result) {
        awaitUntil(
                "the last event",
                () -> events.stream()
                        .anyMatch(event -> event instanceof ExecutionFinished
                                && event.executionId().equals(result.executionId())));
        return events.stream()
                .filter(event -> event.executionId().equals(result.executionId()))
                .toList();
    }

    <E extends ExecutionEvent> List<E> eventsOf(ExecutionResult result, Class<E> type) {
        return eventsOf(result).stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    static ExecutionResult ended(FlowExecution run) {
        try {
            return run.await(PATIENCE)
                    .orElseThrow(() -> new AssertionError("did not end: " + run.status() + " "
                            + run.snapshot().nodes().stream()
                                    .map(node -> node.nodeId() + " " + node.status())
                                    .collect(Collectors.joining(", "))));
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for " + run.id(), e);
        }
    }

    static NodeState node(ExecutionResult result, String nodeId) {
        return result.snapshot().node(nodeId).orElseThrow();
    }

    static NodeState node(FlowExecution run, String nodeId) {
        return run.snapshot().node(nodeId).orElseThrow();
    }

    /** What became of each node: its status, for a skipped one with the reason. */
    static Map<String, String> states(ExecutionResult result) {
        Map<String, String> states = new TreeMap<>();
        for (NodeState node : result.snapshot().nodes()) {
            String reason = node.skipReason().map(why -> "(" + why + ")").orElse("");
            states.put(node.nodeId(), node.status() + reason);
        }
        return states;
    }

    static void awaitNode(FlowExecution run, String nodeId, NodeStatus status) {
        awaitUntil(nodeId + " is " + status, () -> node(run, nodeId).status() == status);
    }

    static void awaitStatus(FlowExecution run, ExecutionStatus status) {
        awaitUntil("the run is " + status, () -> run.status() == status);
    }

    static void awaitUntil(String what, BooleanSupplier fact) {
        await(what)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(fact::getAsBoolean);
    }

    @Override
    public void close() {
        engine.close(Duration.ZERO);
    }
}
