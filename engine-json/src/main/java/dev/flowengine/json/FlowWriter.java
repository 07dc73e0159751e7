package dev.flowengine.json;

import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.TypeSettings;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.NodeKind;
import dev.flowengine.graph.OrderDependency;
import dev.flowengine.graph.Ports;
import dev.flowengine.json.type.TriggerNode;
import dev.flowengine.node.PlainData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes a document of a flow. */
final class FlowWriter {
    private final Flow flow;
    private final Findings findings = new Findings();
    private final Map<String, List<String>> after = new HashMap<>();

    FlowWriter(Flow flow) {
        this.flow = flow;
        for (OrderDependency dependency : flow.graph().orderDependencies()) {
            after.computeIfAbsent(dependency.to(), id -> new ArrayList<>()).add(dependency.from());
        }
    }

    Map<String, @Nullable Object> write() {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        if (flow.id().isEmpty()) {
            findings.add("/id", "is empty, so that the document could not be read again");
        }
        document.put("id", flow.id());
        document.put("version", flow.version());
        writeSettings(document);
        List<Object> nodes = new ArrayList<>();
        for (NodeDefinition node : flow.nodes()) {
            nodes.add(node(node, "/nodes/" + nodes.size()));
        }
        document.put("nodes", nodes);
        document.put(
                "connections",
                flow.graph().connections().stream().map(FlowWriter::connection).toList());
        if (!findings.isEmpty()) {
            throw findings.exception(flow + " cannot be written as JSON");
        }
        return document;
    }

    private void writeSettings(Map<String, @Nullable Object> document) {
        if (flow.failureMode() != FailureMode.ISOLATE_BRANCH) {
            document.put("failureMode", flow.failureMode().name());
        }
        Map<String, @Nullable Object> timeouts = Policies.data(flow.timeouts());
        if (!timeouts.isEmpty()) {
            document.put("timeouts", timeouts);
        }
        Map<String, @Nullable Object> retry = Policies.data(flow.retry());
        if (retry == null) {
            findings.add("/retry", "the flow's retry policy says with code when to wait or what to repeat");
        } else if (!retry.equals(Policies.data(RetryPolicy.none()))) {
            document.put("retry", retry);
        }
        if (!flow.compensation().isNone()) {
            Map<String, @Nullable Object> compensate = Compensating.data(flow.compensation());
            if (compensate == null) {
                findings.add("/compensate", "the flow's retry policy of compensations says something with code");
            }
            document.put("compensate", compensate);
        }
        if (flow.redrive().maxRedrives() > 0) {
            Map<String, @Nullable Object> redrive = Policies.data(flow.redrive());
            if (redrive == null) {
                findings.add("/redrive", "the flow's redrive policy says with code what to redrive");
            }
            document.put("redrive", redrive);
        }
        if (flow.releasesOutputs()) {
            document.put("releaseOutputs", true);
        }
    }

    private Map<String, @Nullable Object> node(NodeDefinition node, String place) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("id", node.id());
        data.put("type", type(node, place));
        if (!node.parameters().isEmpty()) {
            data.put("parameters", node.parameters());
        }
        TypeSettings byType = TypeSettings.of(node);
        if (!node.shape().join().equals(byType.join())) {
            data.put("join", Policies.data(node.shape().join()));
        }
        List<String> waitsFor = after.get(node.id());
        if (waitsFor != null) {
            data.put("after", waitsFor);
        }
        writeRetry(node, data, place);
        writeCache(node, data, place);
        if (!node.timeout().equals(byType.timeout())) {
            node.timeout().ifPresent(limit -> data.put("timeout", limit.toString()));
        }
        if (!node.nodeTimeout().equals(byType.nodeTimeout())) {
            node.nodeTimeout().ifPresent(limit -> data.put("nodeTimeout", limit.toString()));
        }
        node.maxOutputBytes().ifPresent(bytes -> data.put("maxOutputBytes", bytes));
        if (!node.errorHandling().equals(ErrorHandling.FAIL)) {
            data.put("onError", onError(node, place));
        }
        writeDisabled(node, data, place);
        if (node.isKept()) {
            data.put("keep", true);
        }
        if (node.isAtMostOnce()) {
            data.put("atMostOnce", true);
        }
        return data;
    }

    private String type(NodeDefinition node, String place) {
        if (node.type().isEmpty() && !isPlainTrigger(node)) {
            findings.add(
                    place,
                    "node '" + node.id() + "' has no node type, so what it does is code; define it with NodeTypes, or"
                            + " say its type(…)",
                    node.id());
        }
        return node.type().orElse(TriggerNode.NAME);
    }

    /** It has no body, so nothing is lost. */
    private static boolean isPlainTrigger(NodeDefinition node) {
        return node.shape().kind() == NodeKind.TRIGGER
                && node.shape().outputs().equals(List.of(Ports.MAIN))
                && node.outputType(Ports.MAIN).isEmpty()
                && node.body().isEmpty();
    }

    private void writeRetry(NodeDefinition node, Map<String, @Nullable Object> data, String place) {
        RetryPolicy policy = node.retry().orElse(null);
        RetryPolicy byType = TypeSettings.of(node).retry().orElse(null);
        if (policy == null || Policies.areAlike(policy, byType)) {
            return;
        }
        Map<String, @Nullable Object> retry = Policies.data(policy);
        if (retry == null) {
            findings.add(
                    place + "/retry",
                    "the retry policy of node '" + node.id() + "' says with code when to wait or what to repeat",
                    node.id());
        }
        data.put("retry", retry);
    }

    private void writeCache(NodeDefinition node, Map<String, @Nullable Object> data, String place) {
        node.cache().ifPresent(policy -> {
            if (policy.key().isPresent()) {
                findings.add(
                        place + "/cache",
                        "the cache policy of node '" + node.id() + "' says with code what makes two results the same",
                        node.id());
            }
            data.put("cache", Policies.data(policy));
        });
    }

    private Object onError(NodeDefinition node, String place) {
        ErrorHandling handling = node.errorHandling();
        if (!Branches.allow(node.type().orElse(""), handling)) {
            findings.add(
                    place + "/onError",
                    "node '" + node.id() + "' has onError " + handling + ", but a failure is no decision of a branch",
                    node.id());
            return handling.toString();
        }
        if (handling instanceof ErrorHandling.Fallback fallback) {
            return holding("fallback", fallback.value(), node, place + "/onError/fallback");
        }
        if (handling instanceof ErrorHandling.Recover) {
            findings.add(place + "/onError", "node '" + node.id() + "' recovers with code", node.id());
        }
        return handling.toString();
    }

    private void writeDisabled(NodeDefinition node, Map<String, @Nullable Object> data, String place) {
        if (node.isDisabled()) {
            data.put(
                    "disabled",
                    node.disabledOutput().isPresent()
                            ? holding("output", node.disabledOutput().get().value(), node, place + "/disabled/output")
                            : true);
        }
    }

    private Map<String, @Nullable Object> holding(
            String name, @Nullable Object value, NodeDefinition node, String place) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        try {
            data.put(name, PlainData.copyOf(value));
        } catch (IllegalArgumentException notPlain) {
            findings.add(place, "of node '" + node.id() + "': " + notPlain.getMessage(), node.id());
        }
        return data;
    }

    private static Map<String, Object> connection(Connection connection) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("from", connection.from());
        if (!connection.fromPort().equals(Ports.MAIN)) {
            data.put("output", connection.fromPort());
        }
        data.put("to", connection.to());
        if (!connection.toPort().equals(Ports.MAIN)) {
            data.put("input", connection.toPort());
        }
        return data;
    }
}
