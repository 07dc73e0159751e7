package dev.flowengine.settlement;

import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
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
import dev.flowengine.oracle.CaseFailure;
import dev.flowengine.oracle.CaseJoin;
import dev.flowengine.oracle.CaseNode;
import dev.flowengine.oracle.CasePolicy;
import dev.flowengine.oracle.ValueDigest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the nodes of cases: bodies of all kinds on both kinds of thread, which note what they do. */
final class CaseNodes {
    /** So that it can be kept in a store, too. */
    static final TypeRef<Object> ANY = TypeRef.of(Object.class);

    private static final Duration PAUSE = Duration.ofNanos(20_000);

    private final Traces traces;
    private final @Nullable CaseSignals signals;
    private final boolean iterates;

    private CaseNodes(Traces traces, @Nullable CaseSignals signals, boolean iterates) {
        this.traces = traces;
        this.signals = signals;
        this.iterates = iterates;
    }

    /** Nodes that run once, some of which wait for signals. */
    static CaseNodes once(Traces traces, CaseSignals signals) {
        return new CaseNodes(traces, signals, false);
    }

    /** Nodes that may do something else in each iteration. */
    static CaseNodes inIterations(Traces traces) {
        return new CaseNodes(traces, null, true);
    }

    /** Where what is done is noted. */
    @FunctionalInterface
    interface Traces {

        /** The trace of a node in the iteration of an attempt; for a recovery, which knows none, that of the node. */
        NodeTrace of(String node, @Nullable NodeContext attempt);
    }

    /** A node whose kind of body, and of thread, the salt chooses. */
    NodeDefinition node(CaseNode node, long salt) {
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
        return switch (node.policy().onError()) {
            case FAIL -> ErrorHandling.FAIL;
            case CONTINUE -> ErrorHandling.CONTINUE;
            case ERROR_OUTPUT -> ErrorHandling.ERROR_OUTPUT;
            case FALLBACK -> ErrorHandling.fallback(ValueDigest.fallback(node.id()));
            case FALLBACK_TO_NULL -> ErrorHandling.fallback(null);
            case RECOVER ->
                ErrorHandling.recover(error -> {
                    traces.of(node.id(), null).recover();
                    return ValueDigest.recovered(ValueDigest.render(error));
                });
            case FAILING_RECOVERY ->
                ErrorHandling.recover(error -> {
                    traces.of(node.id(), null).recover();
                    throw new PlannedFailure(CaseFailure.recoveryMessage(node.id()));
                });
        };
    }

    /** A body of any kind that can fire what the node fires. */
    private NodeBody body(CaseNode node, long salt) {
        List<String> fires = node.behaviour().fires();
        boolean firesFirst =
                fires.size() == 1 && fires.get(0).equals(node.outputs().get(0));
        boolean returns = iterates
                ? firesFirst && node.outputs().size() == 1
                : firesFirst || node.behaviour().alwaysFails();
        if (signals != null && waits(node, salt)) {
            return signals.of(node.id(), salt % 2 == 0, context -> value(node, context));
        }
        if (returns && salt % 3 == 0) {
            return (ValueBody) context -> value(node, context);
        }
        if (returns && salt % 3 == 1) {
            return (AsyncBody) context -> CompletableFuture.supplyAsync(() -> value(node, context), CaseFlow.STAGES);
        }
        return (EmittingBody) (context, emitter) -> {
            NodeTrace trace = traces.of(node.id(), context);
            List<String> inputs = rendered(context);
            if (trace.begin(context.attempt(), inputs)) {
                emitter.emit(node.outputs().get(0), "discarded");
                trace.fail();
            }
            trace.fires().forEach(port -> emitter.emit(port, ValueDigest.of(node.id(), port, inputs)));
        };
    }

    /** Some of those that return a value wait for it instead. */
    private boolean waits(CaseNode node, long salt) {
        List<String> fires = node.behaviour().fires();
        boolean returns =
                fires.size() == 1 && fires.get(0).equals(node.outputs().get(0));
        return signals != null && returns && salt % 5 == 2 && !node.outputs().contains(Ports.DEADLINE);
    }

    private List<String> outputs(CaseNode node, long salt) {
        return waits(node, salt)
                ? Stream.concat(node.outputs().stream(), Stream.of(Ports.DEADLINE))
                        .toList()
                : node.outputs();
    }

    private String value(CaseNode node, NodeContext context) {
        NodeTrace trace = traces.of(node.id(), context);
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
