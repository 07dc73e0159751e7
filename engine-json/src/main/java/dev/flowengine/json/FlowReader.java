package dev.flowengine.json;

import dev.flowengine.extension.DataReader;
import dev.flowengine.extension.NodeTypes;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.InvalidFlowException;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.Ports;
import dev.flowengine.graph.Problem;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes a flow of a document. */
final class FlowReader {
    /** What the core finds where nodes are missing that could not be read, and what would be found in their place. */
    private static final Set<Problem.Code> DOUBTFUL = Set.of(Problem.Code.EMPTY_FLOW, Problem.Code.JOIN_NEVER_FIRES);

    private final NodeReader nodeReader;
    private final Findings findings;
    private final FlowPlaces places = new FlowPlaces();
    private final Set<String> unreadable = new HashSet<>();
    private boolean idsAreKnown = true;

    FlowReader(NodeTypes types, Findings findings) {
        this.nodeReader = new NodeReader(types);
        this.findings = findings;
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
        String id = root.text("id");
        FlowDefinition definition = Flow.definition(id);
        readSettings(root, definition);
        readNodes(root, definition);
        readConnections(root, definition);
        findings.addAll(root);
        Flow flow = build(definition, build);
        if (flow == null || !findings.isEmpty()) {
            throw findings.exception((id.isEmpty() ? "the flow" : "flow '" + id + "'") + " cannot be read");
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
        if (root.has("redrive")) {
            definition.redrive(Policies.redrive(root.object("redrive")));
        }
    }

    private void readNodes(DataReader root, FlowDefinition definition) {
        for (DataReader node : root.objects("nodes")) {
            int before = node.problemCount();
            String id = node.text("id");
            boolean idIsKnown = node.problemCount() == before;
            List<String> after = node.has("after") ? node.texts("after") : List.of();
            places.node(id, after);
            NodeDefinition read = nodeReader.read(id, node);
            if (read != null && node.problemCount() == before) {
                definition.add(read);
            } else {
                unreadable.add(id);
                idsAreKnown &= idIsKnown;
            }
        }
        places.forEachOrder((to, from) -> {
            if (!unreadable.contains(to) && !unreadable.contains(from)) {
                definition.after(to, from);
            }
        });
    }

    private void readConnections(DataReader root, FlowDefinition definition) {
        if (!root.has("connections")) {
            return;
        }
        for (DataReader reader : root.objects("connections")) {
            int before = reader.problemCount();
            Connection connection = new Connection(
                    reader.text("from"),
                    reader.has("output") ? reader.text("output") : Ports.MAIN,
                    reader.text("to"),
                    reader.has("input") ? reader.text("input") : Ports.MAIN);
            reader.end();
            places.connection(connection);
            if (reader.problemCount() == before
                    && !unreadable.contains(connection.from())
                    && !unreadable.contains(connection.to())) {
                definition.connect(connection);
            }
        }
    }

    /** Lets the core judge what could be read, so that all problems are found at once. */
    private @Nullable Flow build(FlowDefinition definition, Function<FlowDefinition, Flow> build) {
        try {
            return build.apply(definition);
        } catch (InvalidFlowException invalid) {
            boolean whole = findings.isEmpty();
            for (Problem problem : invalid.problems()) {
                if (whole || isCertain(problem.code())) {
                    findings.add(places.of(problem), problem.message() + "; " + problem.suggestedResolution());
                }
            }
            return null;
        }
    }

    private boolean isCertain(Problem.Code code) {
        return !DOUBTFUL.contains(code) && (idsAreKnown || code != Problem.Code.MISSING_NODE);
    }
}
