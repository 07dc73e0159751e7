package dev.flowengine.observing;

import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.FlowEngineBuilder;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** An engine whose time the test owns, with bodies that take as long as the test says. */
final class Observatory implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final VirtualTime time = new VirtualTime();
    private final Map<String, Semaphore> gates = new ConcurrentHashMap<>();
    private final FlowEngine engine;

    Observatory() {
        this(settings -> {});
    }

    Observatory(Consumer<FlowEngineBuilder> settings) {
        this(settings, new AtomicBoolean());
    }

    /** One whose timer refuses tasks as long as it is broken. */
    Observatory(Consumer<FlowEngineBuilder> settings, AtomicBoolean broken) {
        FlowEngineBuilder builder = Engines.builder().timeSource(time).timer((delay, task) -> {
            if (broken.get()) {
                throw new RejectedExecutionException("planned failure of the timer");
            }
            return time.schedule(delay, task);
        });
        settings.accept(builder);
        this.engine = builder.build();
    }

    static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    /** A node that lets time pass by itself; for flows whose bodies do not overlap. */
    NodeDefinition lasting(String id, long... seconds) {
        AtomicReference<Integer> runs = new AtomicReference<>(0);
        return NodeDefinition.builder(id)
                .body(context -> {
                    int run = runs.getAndUpdate(count -> count + 1);
                    time.advance(seconds(seconds[Math.min(run, seconds.length - 1)]));
                    return id;
                })
                .build();
    }

    /** A node that runs until it is released. */
    NodeDefinition held(String id) {
        return heldBuilder(id).build();
    }

    NodeDefinition.Builder heldBuilder(String id) {
        return NodeDefinition.builder(id).body(context -> hold(id));
    }

    /** Waits until the node is released; an interrupt ends that. */
    String hold(String id) throws InterruptedException {
        if (!gate(id).tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("nobody released " + id);
        }
        return id;
    }

    static NodeDefinition failing(String id) {
        return NodeDefinition.builder(id)
                .body(context -> {
                    throw new IllegalStateException("planned failure of " + id);
                })
                .build();
    }

    /** A trigger {@code t} and the nodes one behind the other. */
    static Flow line(NodeDefinition... nodes) {
        FlowDefinition flow = Flow.definition("line").trigger("t");
        String last = "t";
        for (NodeDefinition node : nodes) {
            flow.add(node).connect(last, node.id());
            last = node.id();
        }
        return flow.build();
    }

    FlowEngine engine() {
        return engine;
    }

    VirtualTime time() {
        return time;
    }

    void advance(long seconds) {
        time.advance(seconds(seconds));
    }

    /** Lets a held node end, now or when it runs. */
    void release(String... ids) {
        for (String id : ids) {
            gate(id).release();
        }
    }

    /** Lets a held node end, and waits until it has. */
    void end(FlowExecution run, String id) {
        release(id);
        awaitUntil("end of " + id, () -> statusOf(run, id).isSettled());
    }

    FlowExecution start(Flow flow) {
        return engine.executeFromTrigger(flow, "t", 1);
    }

    /** Starts an execution and waits until these nodes run. */
    FlowExecution startUntil(Flow flow, String... running) {
        FlowExecution run = start(flow);
        awaitRunning(run, running);
        return run;
    }

    /** Waits until the bodies of these nodes have begun; the time they began at is noted a little later than that they do. */
    static void awaitRunning(FlowExecution run, String... nodes) {
        for (String id : nodes) {
            awaitUntil(id + " runs", () -> {
                NodeState node = run.snapshot().node(id).orElseThrow();
                return node.status() == NodeStatus.RUNNING && node.startedAt().isPresent();
            });
        }
    }

    static void awaitStatus(FlowExecution run, ExecutionStatus status) {
        awaitUntil("the execution is " + status, () -> run.status() == status);
    }

    static NodeStatus statusOf(FlowExecution run, String node) {
        return run.snapshot().node(node).orElseThrow().status();
    }

    ExecutionResult run(Flow flow) {
        return ended(start(flow));
    }

    static ExecutionResult ended(FlowExecution run) {
        try {
            return run.await(PATIENCE)
                    .orElseThrow(() -> new AssertionError(
                            "did not end: " + run.status() + run.snapshot().nodes()));
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for " + run.id(), e);
        }
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
        gates.keySet().forEach(this::release);
        engine.close(Duration.ZERO);
    }

    private Semaphore gate(String id) {
        return gates.computeIfAbsent(id, any -> new Semaphore(0));
    }
}
