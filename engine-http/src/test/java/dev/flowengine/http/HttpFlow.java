package dev.flowengine.http;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.extension.NodeTypes;
import dev.flowengine.flow.Flow;
import dev.flowengine.json.FlowJson;
import dev.flowengine.json.JsonData;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Flows of a trigger and one node {@code http}. */
final class HttpFlow {
    /** What tests need: a server on the loopback address. */
    static final AddressPolicy LOOPBACK = AddressPolicy.networks("127.0.0.0/8", "::1");

    private HttpFlow() {}

    static HttpNode.Builder onLoopback() {
        return HttpNode.builder().addresses(LOOPBACK);
    }

    static NodeTypes types(HttpNode type) {
        return NodeTypes.builder().installed().replace(type).build();
    }

    /** A flow whose node has these fields, such as {@code "parameters": {…}}. */
    static Flow flow(HttpNode type, String fields) {
        return FlowJson.read(
                "{'id': 'f', 'nodes': [{'id': 't', 'type': 'trigger'}, {'id': 'call', 'type': 'http', "
                                .replace('\'', '"')
                        + fields
                        + "}], 'connections': [{'from': 't', 'to': 'call'}]}".replace('\'', '"'),
                types(type));
    }

    static ExecutionResult run(HttpNode type, Map<String, ?> parameters, @Nullable Object input)
            throws InterruptedException {
        return run(flow(type, "\"parameters\": " + JsonData.write(parameters)), input);
    }

    static ExecutionResult run(Flow flow, @Nullable Object input) throws InterruptedException {
        try (FlowEngine engine = FlowEngine.create()) {
            return engine.executeFromTrigger(flow, "t", input).await();
        }
    }

    /** What the node put out; fails if it did not complete. */
    static Map<?, ?> output(ExecutionResult result) {
        return result.output("call", Map.class);
    }
}
