package dev.flowengine.json;

import dev.flowengine.extension.DataReader;
import dev.flowengine.extension.NodeTypes;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.InvalidFlowException;
import dev.flowengine.graph.Problem;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes a flow of a document. */
final class FlowReader {
    private final NodeReader nodeReader;
    private final Findings findings;
    private final FlowAssembly assembly;

    FlowReader(NodeTypes types, Findings findings) {
        this.nodeReader = new NodeReader(types);
        this.findings = findings;
        this.assembly = new FlowAssembly(findings);
    }

    /**
     * Reads the flow.
     *
     * @param document plain data
     * @param build makes the flow of its definition
     */
    @SuppressWarnings("unchecked") // plain data
    Flow read(@Nullable Object document, Function<FlowDefinition, Flow> build) {
        if (!(document instanceof Map<?, ?> map)) {
            findings.add("", "the document should be an object with the fields of a flow");
            throw findings.exception("the flow cannot be read");
        }
        DataReader root = DataReader.of((Map<String, @Nullable Object>) map).knows("$schema");
        String id = Fields.id(root, "id");
        FlowDefinition definition = Flow.definition(id == null ? "" : id);
        readSettings(root, definition);
        List<ReadConnection> connections = readParts(root);
        findings.addAll(root);
        connections.forEach(assembly::add);
        assembly.complete(definition);
        Flow flow = build(definition, build);
        if (flow == null || !findings.isEmpty()) {
            throw findings.exception((id == null ? "the flow" : "flow '" + id + "'") + " cannot be read");
        }
        return flow;
    }

    private static void readSettings(DataReader root, FlowDefinition definition) {
        if (root.has("version")) {
            definition.version(root.text("version"));
        }
        if (root.has("failureMode")) {
            definition.failureMode(root.choice("failureMode", List.of(FailureMode.values())));
        }
        if (root.has("timeouts")) {
            definition.timeouts(Policies.timeouts(root.object("timeouts")));
        }
        if (root.has("retry")) {
            definition.retry(Policies.retry(root.object("retry")));
        }
        if (root.has("compensate")) {
            definition.compensate(Compensating.read(root.object("compensate")));
        }
        if (root.has("redrive")) {
            definition.redrive(Policies.redrive(root.object("redrive")));
        }
        if (root.has("releaseOutputs") && root.flag("releaseOutputs")) {
            definition.releaseOutputs();
        }
    }

    private List<ReadConnection> readParts(DataReader root) {
        for (DataReader node : root.objects("nodes")) {
            assembly.add(nodeReader.read(node));
        }
        if (!isList(root, "nodes")) {
            assembly.nodesAreNotListed();
        }
        if (!root.has("connections")) {
            return List.of();
        }
        List<ReadConnection> connections =
                root.objects("connections").stream().map(ReadConnection::of).toList();
        if (!isList(root, "connections")) {
            assembly.connectionsAreNotListed();
        }
        return connections;
    }

    private static boolean isList(DataReader root, String name) {
        return root.has(name) && root.value(name) instanceof List;
    }

    /** Lets the core judge what could be read, so that all problems are found at once. */
    private @Nullable Flow build(FlowDefinition definition, Function<FlowDefinition, Flow> build) {
        try {
            return build.apply(definition);
        } catch (InvalidFlowException invalid) {
            for (Problem problem : invalid.problems()) {
                if (assembly.isCertain(problem)) {
                    findings.add(
                            assembly.places().of(problem), problem.message() + "; " + problem.suggestedResolution());
                }
            }
            return null;
        }
    }
}
