package dev.flowengine.flow;

import dev.flowengine.graph.Connection;
import dev.flowengine.graph.FlowGraph;
import dev.flowengine.graph.NodeKind;
import dev.flowengine.graph.Ports;
import dev.flowengine.graph.Problem;
import dev.flowengine.graph.Severity;
import dev.flowengine.node.TypeRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What can be wrong with a definition beyond its structure. */
final class DefinitionChecks {
    private final List<Problem> problems = new ArrayList<>();

    private DefinitionChecks() {}

    static List<Problem> check(List<NodeDefinition> nodes, FlowGraph graph) {
        DefinitionChecks checks = new DefinitionChecks();
        nodes.forEach(checks::checkNode);
        graph.connections().forEach(checks::checkErrorPort);
        return checks.problems;
    }

    private void checkNode(NodeDefinition node) {
        NodeKind kind = node.shape().kind();
        if (kind == NodeKind.LOOP) {
            report(
                    node.id(),
                    "node '" + node.id() + "' is a loop, which this version of the engine cannot run",
                    "Draw the repetition as a body of one node.");
        } else if (kind != NodeKind.TRIGGER && node.body().isEmpty() && !node.isDisabled()) {
            report(node.id(), "node '" + node.id() + "' has no body", "Give it a body, or passThrough().");
        }
        if (node.isDisabled() && node.shape().outputs().isEmpty()) {
            report(
                    node.id(),
                    "disabled node '" + node.id() + "' has no output port to pass its input through",
                    "Declare an output port, or remove the node.");
        } else if (node.isDisabled()) {
            checkDisabledOutput(node);
        }
    }

    private void checkDisabledOutput(NodeDefinition node) {
        Optional<TypeRef<?>> type = node.outputType(node.shape().outputs().get(0));
        node.disabledOutput()
                .filter(output -> type.isPresent() && !type.get().accepts(output.value()))
                .ifPresent(output -> report(
                        node.id(),
                        "disabled node '" + node.id() + "' would emit a value of "
                                + Optional.ofNullable(output.value())
                                        .map(v -> v.getClass().getName())
                                        .orElse("null")
                                + ", but its first output port is declared as " + type.get(),
                        "Give disabledOutput a value of the declared type."));
    }

    private void checkErrorPort(Connection connection) {
        if (connection.fromPort().equals(Ports.ERROR)) {
            report(
                    connection.from(),
                    "connection " + connection + ": a failure fails node '" + connection.from()
                            + "', so its port 'error' never fires",
                    "Remove the connection.");
        }
    }

    private void report(String node, String message, String resolution) {
        problems.add(new Problem(Problem.Code.INVALID_NODE, Severity.ERROR, message, List.of(node), resolution));
    }
}
