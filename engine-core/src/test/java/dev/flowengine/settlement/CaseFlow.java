package dev.flowengine.settlement;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.node.AsyncBody;
import dev.flowengine.node.EmittingBody;
import dev.flowengine.node.Input;
import dev.flowengine.node.Inputs;
import dev.flowengine.node.NodeBody;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.ValueBody;
import dev.flowengine.oracle.CaseConnection;
import dev.flowengine.oracle.CaseJoin;
import dev.flowengine.oracle.CaseNode;
import dev.flowengine.oracle.CaseOrder;
import dev.flowengine.oracle.GraphCase;
import dev.flowengine.oracle.ValueDigest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** Turns a case into a flow, with bodies of all kinds on both kinds of thread. */
final class CaseFlow {
    private static final Executor STAGES = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task, "stages");
        thread.setDaemon(true);
        return thread;
    });

    private CaseFlow() {}

    static Flow of(GraphCase graph) {
        FlowDefinition flow = Flow.definition("case-" + graph.seed());
        int position = 0;
        for (CaseNode node : graph.nodes()) {
            flow.add(node.trigger() ? NodeDefinition.trigger(node.id()) : node(node, graph.seed() + position));
            position++;
        }
        for (CaseConnection connection : graph.connections()) {
            flow.connect(
                    new Connection(connection.from(), connection.fromPort(), connection.to(), connection.toPort()));
        }
        for (CaseOrder order : graph.orders()) {
            flow.after(order.to(), order.from());
        }
        return flow.build();
    }

    private static NodeDefinition node(CaseNode node, long salt) {
        List<InputPort> inputs = node.inputs().stream()
                .map(port -> new InputPort(port.name(), port.required(), port.collecting()))
                .toList();
        NodeDefinition.Builder builder = NodeDefinition.builder(node.id())
                .inputs(inputs)
                .outputs(node.outputs())
                .join(join(node))
                .anyBody(body(node, salt));
        if (node.disabled()) {
            builder.disabled();
        }
        return salt % 2 == 0 ? builder.cpuBound().build() : builder.build();
    }

    private static JoinRule join(CaseNode node) {
        JoinRule.Kind kind = JoinRule.Kind.valueOf(node.join().name());
        return new JoinRule(kind, node.join() == CaseJoin.AT_LEAST ? node.threshold() : 0);
    }

    private static NodeBody body(CaseNode node, long salt) {
        if (node.behaviour().fails()) {
            return failing(node, salt);
        }
        List<String> fires = node.behaviour().fires();
        boolean firesFirst =
                fires.size() == 1 && fires.get(0).equals(node.outputs().get(0));
        if (firesFirst && salt % 3 == 0) {
            return (ValueBody) context -> digest(node, fires.get(0), context);
        }
        if (firesFirst && salt % 3 == 1) {
            return (AsyncBody)
                    context -> CompletableFuture.supplyAsync(() -> digest(node, fires.get(0), context), STAGES);
        }
        return (EmittingBody)
                (context, emitter) -> fires.forEach(port -> emitter.emit(port, digest(node, port, context)));
    }

    private static NodeBody failing(CaseNode node, long salt) {
        IllegalStateException failure = new IllegalStateException("planned failure of " + node.id());
        if (salt % 3 == 0) {
            return (AsyncBody) context -> CompletableFuture.supplyAsync(
                    () -> {
                        throw failure;
                    },
                    STAGES);
        }
        if (salt % 3 == 1) {
            return (EmittingBody) (context, emitter) -> {
                emitter.emit(node.outputs().get(0), "discarded");
                throw failure;
            };
        }
        return (ValueBody) context -> {
            throw failure;
        };
    }

    private static String digest(CaseNode node, String port, NodeContext context) {
        Inputs inputs = context.inputs();
        List<String> rendered =
                inputs.ports().stream().map(name -> render(inputs.port(name))).toList();
        return ValueDigest.of(node.id(), port, rendered);
    }

    private static String render(Input<?> input) {
        return input.isPresent() ? ValueDigest.render(input.value()) : ValueDigest.ABSENT;
    }
}
