package dev.flowengine.redrive;

import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.node.Emitter;
import dev.flowengine.node.EmittingBody;
import dev.flowengine.node.Inputs;
import dev.flowengine.node.NodeContext;
import dev.flowengine.oracle.CaseConnection;
import dev.flowengine.oracle.CaseFailure;
import dev.flowengine.oracle.CaseJoin;
import dev.flowengine.oracle.CaseNode;
import dev.flowengine.oracle.CaseOrder;
import dev.flowengine.oracle.CasePolicy;
import dev.flowengine.oracle.GraphCase;
import dev.flowengine.oracle.ValueDigest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A case as a flow whose bodies depend on their inputs only, but for the faults somebody injects. */
final class UnreliableFlow {
    private static final Duration PAUSE = Duration.ofNanos(20_000);

    private final GraphCase graph;
    private final Consumer<String> cancel;
    private final Set<String> faults = ConcurrentHashMap.newKeySet();
    private final Set<String> cancelling = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<String> calls = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final Flow flow;

    /** The flow of a case; {@code cancel} cancels an execution by its id. */
    UnreliableFlow(GraphCase graph, Consumer<String> cancel) {
        this.graph = graph;
        this.cancel = cancel;
        this.flow = build();
    }

    Flow flow() {
        return flow;
    }

    /** From now on every attempt of these nodes fails, and those others cancel their execution before they complete. */
    void inject(Set<String> failing, Set<String> cancellers) {
        faults.clear();
        faults.addAll(failing);
        cancelling.clear();
        cancelling.addAll(cancellers);
        calls.clear();
        cancelled.set(false);
    }

    /** The nodes whose bodies have been called since faults were injected, sorted, each as often as it was called. */
    List<String> calls() {
        return calls.stream().sorted().toList();
    }

    /** Whether a body has cancelled its execution since faults were injected. */
    boolean hasCancelled() {
        return cancelled.get();
    }

    private Flow build() {
        FlowDefinition definition = Flow.definition("case-" + graph.seed())
                .failureMode(FailureMode.valueOf(graph.settings().failureMode().name()))
                .retry(RetryPolicy.fixed(Duration.ZERO)
                        .maxAttempts(graph.settings().maxAttempts()));
        for (CaseNode node : graph.nodes()) {
            definition.add(node.trigger() ? NodeDefinition.trigger(node.id()) : node(node));
        }
        for (CaseConnection wire : graph.connections()) {
            definition.connect(new Connection(wire.from(), wire.fromPort(), wire.to(), wire.toPort()));
        }
        for (CaseOrder order : graph.orders()) {
            definition.after(order.to(), order.from());
        }
        return definition.build();
    }

    private NodeDefinition node(CaseNode node) {
        JoinRule.Kind kind = JoinRule.Kind.valueOf(node.join().name());
        NodeDefinition.Builder builder = NodeDefinition.builder(node.id())
                .inputs(node.inputs().stream()
                        .map(port -> new InputPort(port.name(), port.required(), port.collecting()))
                        .toList())
                .outputs(node.outputs())
                .join(new JoinRule(kind, node.join() == CaseJoin.AT_LEAST ? node.threshold() : 0))
                .onError(onError(node))
                .anyBody((EmittingBody) (context, emitter) -> call(node, context, emitter));
        CasePolicy policy = node.policy();
        if (policy.retries()) {
            builder.retry(
                    RetryPolicy.fixed(policy.pauses() ? PAUSE : Duration.ZERO).maxAttempts(policy.maxAttempts()));
        }
        if (node.disabled()) {
            builder.disabled();
        }
        return (graph.seed() + node.id().hashCode()) % 2 == 0
                ? builder.cpuBound().build()
                : builder.build();
    }

    private static ErrorHandling onError(CaseNode node) {
        return switch (node.policy().onError()) {
            case FAIL -> ErrorHandling.FAIL;
            case CONTINUE -> ErrorHandling.CONTINUE;
            case ERROR_OUTPUT -> ErrorHandling.ERROR_OUTPUT;
            case FALLBACK -> ErrorHandling.fallback(ValueDigest.fallback(node.id()));
            case FALLBACK_TO_NULL -> ErrorHandling.fallback(null);
            case RECOVER -> ErrorHandling.recover(error -> ValueDigest.recovered(ValueDigest.render(error)));
            case FAILING_RECOVERY ->
                ErrorHandling.recover(error -> {
                    throw new IllegalStateException(CaseFailure.recoveryMessage(node.id()));
                });
        };
    }

    private void call(CaseNode node, NodeContext context, Emitter emitter) {
        calls.add(node.id());
        if (context.attempt() <= node.behaviour().failures() || faults.contains(node.id())) {
            emitter.emit(node.outputs().get(0), "discarded");
            fail(node, CaseFailure.attemptMessage(node.id(), context.attempt()));
        }
        if (cancelling.contains(node.id())) {
            cancelled.set(true);
            cancel.accept(context.execution().executionId());
        }
        for (String port : node.behaviour().fires()) {
            emitter.emit(port, ValueDigest.of(node.id(), port, rendered(context.inputs())));
        }
    }

    private static void fail(CaseNode node, String message) {
        if (node.behaviour().throwsError()) {
            throw new AssertionError(message);
        }
        throw new IllegalStateException(message);
    }

    private static List<String> rendered(Inputs inputs) {
        return inputs.ports().stream()
                .map(inputs::port)
                .map(input -> input.isPresent() ? ValueDigest.render(input.value()) : ValueDigest.ABSENT)
                .toList();
    }
}
