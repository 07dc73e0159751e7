package dev.flowengine.control;

import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.InputPort;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.ValueBody;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;

/** Flows whose every transition something is injected at; each body says when it begins and when it is about to end. */
@SuppressWarnings("ImmutableEnumChecker") // a definition is made anew for each run
enum Scenario {
    CHAIN(ExecutionStatus.COMPLETED, points -> {
        FlowDefinition flow = Flow.definition("chain").trigger("t");
        String last = "t";
        for (int i = 0; i < 5; i++) {
            flow.add(mixed(i, points)).connect(last, "n" + i);
            last = "n" + i;
        }
        return flow;
    }),
    DIAMOND(
            ExecutionStatus.COMPLETED,
            points -> Flow.definition("diamond")
                    .trigger("t")
                    .add(mixed(0, points))
                    .add(mixed(1, points))
                    .add(mixed(2, points))
                    .add(collecting("join"))
                    .connect("t", "n0")
                    .connect("n0", "n1")
                    .connect("n0", "n2")
                    .connect("n1", "join")
                    .connect("n2", "join")),
    BRANCH_AND_MERGE(
            ExecutionStatus.COMPLETED,
            points -> Flow.definition("branch")
                    .trigger("t")
                    .add(NodeDefinition.branch("if")
                            .outputs("yes", "no")
                            .emittingBody((context, out) -> {
                                points.accept(context);
                                out.emit("yes", 1);
                            })
                            .build())
                    .add(mixed(0, points))
                    .add(mixed(1, points))
                    .add(NodeDefinition.builder("merge").passThrough().build())
                    .connect("t", "if")
                    .connect(new Connection("if", "yes", "n0", "main"))
                    .connect(new Connection("if", "no", "n1", "main"))
                    .connect("n0", "merge")
                    .connect("n1", "merge")),
    FAN(ExecutionStatus.COMPLETED, points -> {
        FlowDefinition flow = Flow.definition("fan").trigger("t").add(collecting("all"));
        for (int i = 0; i < 9; i++) {
            flow.add(mixed(i, points)).connect("t", "n" + i).connect("n" + i, "all");
        }
        return flow;
    }),
    RETRIES(
            ExecutionStatus.COMPLETED,
            points -> Flow.definition("retries")
                    .retry(RetryPolicy.fixed(Duration.ofNanos(10_000)))
                    .trigger("t")
                    .add(Flows.node("n0", said(points, Scenario::failTwice)).build())
                    .add(Flows.node("n1", said(points, Scenario::failTwice))
                            .cpuBound()
                            .build())
                    .add(mixed(2, points))
                    .connect("t", "n0")
                    .connect("t", "n1")
                    .connect("n1", "n2")),
    HANDLED(
            ExecutionStatus.COMPLETED,
            points -> Flow.definition("handled")
                    .trigger("t")
                    .add(Flows.node("n0", said(points, Scenario::fail))
                            .onError(ErrorHandling.recover(error -> "recovered"))
                            .build())
                    .add(Flows.node("n1", said(points, Scenario::fail))
                            .onError(ErrorHandling.ERROR_OUTPUT)
                            .build())
                    .add(mixed(2, points))
                    .add(mixed(3, points))
                    .connect("t", "n0")
                    .connect("t", "n1")
                    .connect("n0", "n2")
                    .connect(new Connection("n1", "error", "n3", "main"))),
    FAILING(
            ExecutionStatus.PARTIAL,
            points -> Flow.definition("failing")
                    .trigger("t")
                    .add(Flows.node("n0", said(points, Scenario::fail)).build())
                    .add(mixed(1, points))
                    .add(mixed(2, points))
                    .connect("t", "n0")
                    .connect("t", "n1")
                    .connect("n0", "n2")),
    TIMEOUTS(
            ExecutionStatus.COMPLETED,
            points -> Flow.definition("timeouts")
                    .trigger("t")
                    .add(Flows.node("n0", said(points, context -> context.attempt() == 1 ? never() : 1))
                            .timeout(Duration.ofMillis(1))
                            .retry(RetryPolicy.fixed(Duration.ZERO).maxAttempts(50))
                            .onError(ErrorHandling.fallback("took too long"))
                            .build())
                    .add(Flows.node("n1", said(points, context -> never()))
                            .nodeTimeout(Duration.ofMillis(1))
                            // In a pause the time of the node stands still, but that of its attempt does not.
                            .timeout(Duration.ofMillis(5))
                            .onError(ErrorHandling.fallback("took too long"))
                            .build())
                    .add(mixed(2, points))
                    .connect("t", "n0")
                    .connect("t", "n1")
                    .connect("n1", "n2")),
    FAIL_FAST(ExecutionStatus.FAILED, points -> {
        FlowDefinition flow = Flow.definition("fast")
                .failureMode(FailureMode.FAIL_FAST)
                .trigger("t")
                .add(Flows.node("bad", said(points, Scenario::fail)).build());
        flow.connect("n0", "bad").connect("n1", "bad");
        for (int i = 0; i < 6; i++) {
            flow.add(mixed(i, points)).connect(i < 3 ? "t" : "n" + (i - 3), "n" + i);
        }
        return flow;
    });

    private static final ExecutorService STAGES = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "stages");
        thread.setDaemon(true);
        return thread;
    });

    private final ExecutionStatus end;
    private final Function<Consumer<NodeContext>, FlowDefinition> definition;

    Scenario(ExecutionStatus end, Function<Consumer<NodeContext>, FlowDefinition> definition) {
        this.end = end;
        this.definition = definition;
    }

    /** How it ends if nothing is injected. */
    ExecutionStatus end() {
        return end;
    }

    /** Whether a body may be given up although its execution goes on: then what it does is no longer part of it. */
    boolean givesBodiesUp() {
        return this == TIMEOUTS;
    }

    /** Whether it may end while code of a body goes on: with a failure, what a stage has been asked for is cancelled. */
    boolean mayEndBeforeItsBodies() {
        return givesBodiesUp() || this == FAIL_FAST;
    }

    Flow flow(Consumer<NodeContext> points) {
        return definition.apply(points).build();
    }

    /** One node after the other on a worker, on a thread for bodies, or as a stage. */
    private static NodeDefinition mixed(int i, Consumer<NodeContext> points) {
        String id = "n" + i;
        if (i % 3 == 2) {
            return NodeDefinition.builder(id)
                    .asyncBody(context -> CompletableFuture.supplyAsync(
                            () -> {
                                points.accept(context);
                                return "async";
                            },
                            STAGES))
                    .build();
        }
        NodeDefinition.Builder node = Flows.node(id, said(points, context -> context.nodeId()));
        return (i % 3 == 0 ? node.cpuBound() : node).build();
    }

    private static NodeDefinition collecting(String id) {
        return NodeDefinition.builder(id)
                .inputs(InputPort.collecting("main"))
                .passThrough()
                .build();
    }

    private static ValueBody said(Consumer<NodeContext> points, ValueBody body) {
        return context -> {
            points.accept(context);
            try {
                return body.call(context);
            } finally {
                points.accept(context);
            }
        };
    }

    private static Object fail(NodeContext context) {
        throw new IllegalStateException("planned failure of " + context.nodeId());
    }

    private static Object failTwice(NodeContext context) {
        return context.attempt() < 3 ? fail(context) : context.attempt();
    }

    /** Waits for the interrupt. */
    private static Object never() throws InterruptedException {
        new CountDownLatch(1).await();
        return "never";
    }
}
