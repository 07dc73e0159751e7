package dev.flowengine.settlement;

import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.graph.Connection;
import dev.flowengine.node.NodeContext;
import dev.flowengine.oracle.CaseConnection;
import dev.flowengine.oracle.CaseNode;
import dev.flowengine.oracle.CaseOrder;
import dev.flowengine.oracle.GraphCase;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Turns a case into a flow, with bodies of all kinds on both kinds of thread, and notes what they do. */
final class CaseFlow {
    static final Executor STAGES = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task, "stages");
        thread.setDaemon(true);
        return thread;
    });

    private final CaseSignals signals = new CaseSignals(STAGES);
    private final Flow flow;
    private final Map<String, NodeTrace> traces = new HashMap<>();

    private CaseFlow(GraphCase graph) {
        FlowDefinition definition = Flow.definition("case-" + graph.seed())
                .failureMode(FailureMode.valueOf(graph.settings().failureMode().name()))
                .retry(RetryPolicy.fixed(Duration.ZERO)
                        .maxAttempts(graph.settings().maxAttempts()));
        CaseNodes nodes = CaseNodes.once(this::trace, signals);
        int position = 0;
        for (CaseNode node : graph.nodes()) {
            traces.put(node.id(), new NodeTrace(node));
            definition.add(
                    node.trigger()
                            ? NodeDefinition.trigger(node.id(), CaseNodes.ANY)
                            : nodes.node(node, graph.seed() + position));
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

    private NodeTrace trace(String node, @Nullable NodeContext attempt) {
        return trace(node);
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
}
