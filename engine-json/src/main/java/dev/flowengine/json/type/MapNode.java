package dev.flowengine.json.type;

import dev.flowengine.extension.DataReader;
import dev.flowengine.extension.NodeType;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Ports;
import dev.flowengine.node.Items;
import dev.flowengine.node.MapBody;
import dev.flowengine.node.Tolerance;
import dev.flowengine.node.TypeRef;
import java.util.List;

/** Runs its body for the elements of a list, several at once. */
public final class MapNode implements NodeType {
    private static final String EACH = "each";
    private static final String CONCURRENCY = "concurrency";
    private static final String FAILURES = "failures";
    private static final String FAILURES_PERCENT = "failuresPercent";

    @Override
    public String name() {
        return "map";
    }

    @Override
    public NodeDefinition.Builder define(String nodeId, DataReader parameters) {
        parameters.knows(EACH, CONCURRENCY, FAILURES, FAILURES_PERCENT);
        DataPointer list = parameters.has(EACH) ? DataPointer.read(parameters, EACH) : new DataPointer(List.of());
        MapBody body = context -> Items.of(LoopNode.list(list, context.input()));
        if (parameters.has(CONCURRENCY)) {
            int items = parameters.integer(CONCURRENCY, 1, MapBody.MOST_CONCURRENCY);
            // What is wrong has been noted, and the node is not made.
            body = body.withConcurrency(Math.max(1, Math.min(items, MapBody.MOST_CONCURRENCY)));
        }
        int failures = parameters.has(FAILURES) ? parameters.integer(FAILURES, 0, Integer.MAX_VALUE) : 0;
        double percent = parameters.has(FAILURES_PERCENT) ? parameters.decimal(FAILURES_PERCENT, 0, 100) : 0;
        Tolerance tolerance = new Tolerance(Math.max(0, failures), Math.max(0, Math.min(100, percent)));
        return NodeDefinition.map(nodeId, body.withTolerance(tolerance))
                .outputType(Ports.SUMMARY, TypeRef.of(Object.class));
    }
}
