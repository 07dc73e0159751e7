package dev.flowengine.json;

import dev.flowengine.extension.DataReader;
import dev.flowengine.extension.NodeType;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.graph.JoinRule;
import java.io.IOException;
import java.time.Duration;

/** A type of the tests: passes its input on, and sets everything a type may set. */
final class KeenNode implements NodeType {

    @Override
    public String name() {
        return "keen";
    }

    @Override
    public NodeDefinition.Builder define(String nodeId, DataReader parameters) {
        return NodeDefinition.builder(nodeId)
                .passThrough()
                .join(JoinRule.ALL_DONE)
                .retry(RetryPolicy.fixed(Duration.ZERO).on(IOException.class))
                .timeout(Duration.ofSeconds(7))
                .nodeTimeout(Duration.ofSeconds(70));
    }
}
