package dev.flowengine.benchmarks;

import dev.flowengine.FlowEngine;
import dev.flowengine.FlowEngineBuilder;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.node.ValueBody;
import java.time.Duration;
import java.util.Optional;

/** A graph as a flow: the root is the trigger, every other node has one input port and a body that does nothing. */
final class LayeredFlow implements AutoCloseable {
    private static final String TRIGGER = "n0";
    private static final ValueBody NOTHING = context -> null;

    private final FlowEngine engine;
    private final Flow flow;

    private final Optional<OrderedListener> listener;

    private LayeredFlow(FlowEngineBuilder engine, Flow flow, Optional<OrderedListener> listener) {
        this.listener = listener;
        this.engine = listener.map(engine::listener).orElse(engine).build();
        this.flow = flow;
    }

    /** Bodies that only compute. */
    static LayeredFlow cpuBound(LayeredGraph graph, boolean nodeTimes) {
        return new LayeredFlow(engine(nodeTimes), flow(graph, true), Optional.empty());
    }

    /** Bodies that only compute, times of nodes kept, and a listener that is told of everything before a run is over. */
    static LayeredFlow observed(LayeredGraph graph) {
        // Two events per node, and those of the execution: none is dropped.
        FlowEngineBuilder engine = engine(true).listenerBuffer(2 * graph.size() + 10);
        return new LayeredFlow(engine, flow(graph, true), Optional.of(new OrderedListener()));
    }

    /** Bodies that may block, so that each has a thread of its own. */
    static LayeredFlow blocking(LayeredGraph graph) {
        return new LayeredFlow(engine(false), flow(graph, false), Optional.empty());
    }

    ExecutionResult run() throws InterruptedException {
        ExecutionResult result = Completion.await(engine.executeFromTrigger(flow, TRIGGER, null));
        if (listener.isPresent() && listener.get().awaitEnd() < flow.nodes().size()) {
            throw new IllegalStateException("the listener was not told of every node");
        }
        return result;
    }

    @Override
    public void close() {
        engine.close();
    }

    private static FlowEngineBuilder engine(boolean nodeTimes) {
        return FlowEngine.builder().nodeTimes(nodeTimes).loggingContext(false).archive(0, Duration.ofSeconds(1));
    }

    private static Flow flow(LayeredGraph graph, boolean cpuBound) {
        FlowDefinition definition = Flow.definition("layered").trigger(TRIGGER);
        for (int node = 1; node < graph.size(); node++) {
            definition.add(node("n" + node, cpuBound));
            for (int source : graph.sources(node)) {
                definition.connect("n" + source, "n" + node);
            }
        }
        return definition.build();
    }

    private static NodeDefinition node(String id, boolean cpuBound) {
        NodeDefinition.Builder node = NodeDefinition.builder(id).body(NOTHING);
        return cpuBound ? node.cpuBound().build() : node.build();
    }
}
