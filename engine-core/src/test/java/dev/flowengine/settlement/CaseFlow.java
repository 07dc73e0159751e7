package dev.flowengine.settlement;

import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.graph.Ports;
import dev.flowengine.node.AsyncBody;
import dev.flowengine.node.EmittingBody;
import dev.flowengine.node.Input;
import dev.flowengine.node.Inputs;
import dev.flowengine.node.NodeBody;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.TypeRef;
import dev.flowengine.node.ValueBody;
import dev.flowengine.oracle.CaseConnection;
import dev.flowengine.oracle.CaseFailure;
import dev.flowengine.oracle.CaseJoin;
import dev.flowengine.oracle.CaseNode;
import dev.flowengine.oracle.CaseOrder;
import dev.flowengine.oracle.CasePolicy;
import dev.flowengine.oracle.GraphCase;
import dev.flowengine.oracle.ValueDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** Turns a case into a flow, with bodies of all kinds on both kinds of thread, and notes what they do. */
final class CaseFlow {
    private static final Executor STAGES = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task, "stages");
        thread.setDaemon(true);
        return thread;
    });

    private static final Duration PAUSE = Duration.ofNanos(20_000);

    /** So that it can be kept in a store, too. */
    private static final TypeRef<Object> ANY = TypeRef.of(Object.class);

    private final CaseSignals signals = new CaseSignals(STAGES);
    private final Flow flow;
    private final Map<String, NodeTrace> traces = new HashMap<>();

    private CaseFlow(GraphCase graph) {
        FlowDefinition definition = Flow.definition("case-" + graph.seed())
                .failureMode(FailureMode.valueOf(graph.settings().failureMode().name()))
                .retry(RetryPolicy.fixed(Duration.ZERO)
                        .maxAttempts(graph.settings().maxAttempts()));
        int position = 0;
        for (CaseNode node : graph.nodes()) {
            traces.put(node.id(), new NodeTrace(node));
            definition.add(
                    node.trigger() ? NodeDefinition.trigger(node.id(), ANY) : node(node, graph.seed() + position));
            position++;
        }
        for (CaseConnection connection : graph.connections()) {
            definition.connect(
                    new Connection(connection.from(), connection.fromPort(), connection.to(), connection.toPort()));
        }
        for (CaseOrder order : graph.orders()) {
            definition.after(order.to(), order.from());
        }
        this.flow = definition.build();
    }

    static CaseFlow of(GraphCase graph) {
        return new CaseFlow(graph);
    }

    Flow flow() {
        return flow;
    }

    /** What nodes wait for. */
    CaseSignals signals() {
        return signals;
    }

    /** What the bodies and recoveries of a node did since the last {@link #reset()}. */
    NodeTrace trace(String node) {
        NodeTrace trace = traces.get(node);
        if (trace == null) {
            throw new IllegalArgumentException("no node " + node + " in " + flow.id());
        }
        return trace;
    }

    /** Before each execution. */
    void reset() {
        traces.values().forEach(NodeTrace::reset);
    }

    private NodeDefinition node(CaseNode node, long salt) {
        List<InputPort> inputs = node.inputs().stream()
                .map(port -> new InputPort(port.name(), port.required(), port.collecting()))
                .toList();
        NodeDefinition.Builder builder = NodeDefinition.builder(node.id())
                .inputs(inputs)
                .outputs(outputs(node, salt))
                .join(join(node))
                .onError(onError(node))
                .anyBody(body(node, salt));
        outputs(node, salt).forEach(port -> builder.outputType(port, ANY));
        CasePolicy policy = node.policy();
        if (policy.retries()) {
            builder.retry(
                    RetryPolicy.fixed(policy.pauses() ? PAUSE : Duration.ZERO).maxAttempts(policy.maxAttempts()));
        }
        if (node.disabled()) {
            builder.disabled();
        }
        return salt % 2 == 0 ? builder.cpuBound().build() : builder.build();
    }

    private static JoinRule join(CaseNode node) {
        JoinRule.Kind kind = JoinRule.Kind.valueOf(node.join().name());
        return new JoinRule(kind, node.join() == CaseJoin.AT_LEAST ? node.threshold() : 0);
    }

    private ErrorHandling onError(CaseNode node) {
        NodeTrace trace = trace(node.id());
        return switch (node.policy().onError()) {
            case FAIL -> ErrorHandling.FAIL;
            case CONTINUE -> ErrorHandling.CONTINUE;
            case ERROR_OUTPUT -> ErrorHandling.ERROR_OUTPUT;
            case FALLBACK -> ErrorHandling.fallback(ValueDigest.fallback(node.id()));
            case FALLBACK_TO_NULL -> ErrorHandling.fallback(null);
            case RECOVER ->
                ErrorHandling.recover(error -> {
                    trace.recover();
                    return ValueDigest.recovered(ValueDigest.render(error));
                });
            case FAILING_RECOVERY ->
                ErrorHandling.recover(error -> {
                    trace.recover();
                    throw new PlannedFailure(CaseFailure.recoveryMessage(node.id()));
                });
        };
    }

    /** A body of any kind that can fire what the node fires. */
    private NodeBody body(CaseNode node, long salt) {
        NodeTrace trace = trace(node.id());
        List<String> fires = node.behaviour().fires();
        boolean returns = node.behaviour().alwaysFails()
                || (fires.size() == 1 && fires.get(0).equals(node.outputs().get(0)));
        if (waits(node, salt)) {
            return signals.of(node.id(), salt % 2 == 0, context -> value(node, trace, context));
        }
        if (returns && salt % 3 == 0) {
            return (ValueBody) context -> value(node, trace, context);
        }
        if (returns && salt % 3 == 1) {
            return (AsyncBody) context -> CompletableFuture.supplyAsync(() -> value(node, trace, context), STAGES);
        }
        return (EmittingBody) (context, emitter) -> {
            List<String> inputs = rendered(context);
            if (trace.begin(context.attempt(), inputs)) {
                emitter.emit(node.outputs().get(0), "discarded");
                trace.fail();
            }
            fires.forEach(port -> emitter.emit(port, ValueDigest.of(node.id(), port, inputs)));
        };
    }

    /** Some of those that return a value wait for it instead. */
    private static boolean waits(CaseNode node, long salt) {
        List<String> fires = node.behaviour().fires();
        boolean returns =
                fires.size() == 1 && fires.get(0).equals(node.outputs().get(0));
        return returns && salt % 5 == 2 && !node.outputs().contains(Ports.DEADLINE);
    }

    private static List<String> outputs(CaseNode node, long salt) {
        return waits(node, salt)
                ? Stream.concat(node.outputs().stream(), Stream.of(Ports.DEADLINE))
                        .toList()
                : node.outputs();
    }

    private static String value(CaseNode node, NodeTrace trace, NodeContext context) {
        List<String> inputs = rendered(context);
        if (trace.begin(context.attempt(), inputs)) {
            trace.fail();
        }
        return ValueDigest.of(node.id(), node.outputs().get(0), inputs);
    }

    private static List<String> rendered(NodeContext context) {
        Inputs inputs = context.inputs();
        return inputs.ports().stream().map(name -> render(inputs.port(name))).toList();
    }

    private static String render(Input<?> input) {
        return input.isPresent() ? ValueDigest.render(input.value()) : ValueDigest.ABSENT;
    }
}
