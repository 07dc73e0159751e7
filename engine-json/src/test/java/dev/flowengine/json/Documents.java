package dev.flowengine.json;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.extension.NodeTypes;
import dev.flowengine.flow.Flow;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads documents with the types that are installed, and runs them. */
final class Documents {
    static final NodeTypes TYPES = NodeTypes.installed();

    private Documents() {}

    static Flow read(String json) {
        return FlowJson.read(json, TYPES);
    }

    /** A flow of a trigger {@code t} that leads to one node {@code n}, whose fields are given after its id. */
    static String withNode(String fields) {
        return """
                {"id": "f",
                 "nodes": [{"id": "t", "type": "trigger"}, {"id": "n", %s}],
                 "connections": [{"from": "t", "to": "n"}]}""".replace("%s", fields);
    }

    /** What is wrong with a document, each problem as one line. */
    static List<String> problems(String json) {
        try {
            read(json);
            return List.of();
        } catch (FlowJsonException wrong) {
            return wrong.problems().stream().map(Object::toString).toList();
        }
    }

    /** What is wrong, without what the core's messages suggest. */
    static List<String> findings(String json) {
        return problems(json).stream()
                .flatMap(line -> Stream.of(line.split("; ", 2)[0]))
                .toList();
    }

    static ExecutionResult run(Flow flow, String trigger, @Nullable Object data) {
        try (FlowEngine engine = FlowEngine.create()) {
            return engine.executeFromTrigger(flow, trigger, data)
                    .await(Duration.ofSeconds(30))
                    .orElseThrow(() -> new AssertionError("the execution has not ended"));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
