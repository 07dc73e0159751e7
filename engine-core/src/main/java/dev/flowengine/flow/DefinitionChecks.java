package dev.flowengine.flow;

import dev.flowengine.graph.Connection;
import dev.flowengine.graph.FlowGraph;
import dev.flowengine.graph.NodeKind;
import dev.flowengine.graph.Ports;
import dev.flowengine.graph.Problem;
import dev.flowengine.graph.Severity;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.node.AsyncBody;
import dev.flowengine.node.Blob;
import dev.flowengine.node.LoopBody;
import dev.flowengine.node.MapBody;
import dev.flowengine.node.TypeRef;
import dev.flowengine.node.ValueBody;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What can be wrong with a definition beyond its structure. */
final class DefinitionChecks {
    /** Stands for whatever goes on where the failure itself is the value. */
    private static final FlowError ANY_ERROR = new FlowError(FailureKind.NODE_EXECUTION_FAILED, "", "", "", "", 0, "");

    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, NodeDefinition> nodes = new HashMap<>();

    private DefinitionChecks() {}

    static List<Problem> check(List<NodeDefinition> nodes, FlowGraph graph) {
        DefinitionChecks checks = new DefinitionChecks();
        nodes.forEach(checks::checkNode);
        WaitChecks waits = new WaitChecks(checks::report);
        nodes.forEach(waits::check);
        graph.connections().forEach(checks::checkErrorPort);
        return checks.problems;
    }

    private void checkNode(NodeDefinition node) {
        nodes.putIfAbsent(node.id(), node);
        checkBody(node);
        if (node.isDisabled()) {
            checkDisabled(node);
        }
        checkTypes(node);
        checkAtMostOnce(node);
        checkCache(node);
        checkErrorHandling(node, node.errorHandling());
    }

    private void checkBody(NodeDefinition node) {
        NodeKind kind = node.shape().kind();
        boolean iterates = node.body()
                .filter(body -> body instanceof LoopBody || body instanceof MapBody)
                .isPresent();
        if (iterates != (kind == NodeKind.LOOP) && node.body().isPresent()) {
            report(
                    node.id(),
                    "node '" + node.id() + "' is " + (iterates ? "no loop, and has" : "a loop, and has not")
                            + " a body that says what to repeat for",
                    "define it with NodeDefinition.loop(id, body), or give it a body of another kind");
        } else if (kind != NodeKind.TRIGGER && node.body().isEmpty() && !node.isDisabled()) {
            report(node.id(), "node '" + node.id() + "' has no body", "give it a body, or passThrough()");
        }
    }

    private void checkDisabled(NodeDefinition node) {
        if (node.shape().outputs().isEmpty()) {
            report(
                    node.id(),
                    "disabled node '" + node.id() + "' has no output port to pass its input through",
                    "declare an output port, or remove the node");
            return;
        }
        node.disabledOutput()
                .ifPresent(output -> checkFirstOutput(
                        node,
                        output.value(),
                        "disabled node '" + node.id() + "' would emit",
                        "give disabledOutput a value of the declared type"));
    }

    private void checkAtMostOnce(NodeDefinition node) {
        if (node.isAtMostOnce() && node.shape().kind() == NodeKind.LOOP) {
            report(
                    node.id(),
                    "node '" + node.id()
                            + "' is a loop, which is asked before every iteration, and is to run at most once",
                    "say so of nodes of its body instead");
        }
        int attempts = node.retry().map(RetryPolicy::maxAttempts).orElse(1);
        if (node.isAtMostOnce() && attempts > 1) {
            report(
                    node.id(),
                    "node '" + node.id() + "' is to run at most once, and is given a retry policy of " + attempts
                            + " attempts",
                    "leave out retry(…), or atMostOnce()");
        }
    }

    private void checkCache(NodeDefinition node) {
        boolean returns = node.body()
                .filter(body -> body instanceof ValueBody || body instanceof AsyncBody)
                .isPresent();
        if (node.cache().isPresent() && !returns) {
            report(
                    node.id(),
                    "node '" + node.id() + "' has a cache, but no body that returns a value to be used again",
                    "leave out cache(…), or give it a body that returns its value");
        }
        boolean ofBlobs = node.parts().outputTypes.values().stream().anyMatch(type -> type.type() == Blob.class);
        if (node.cache().isPresent() && ofBlobs) {
            report(
                    node.id(),
                    "node '" + node.id()
                            + "' has a cache, and puts out a blob, which lasts no longer than its execution",
                    "leave out cache(…), or put out a value");
        }
    }

    private void checkTypes(NodeDefinition node) {
        Set<String> inputs = new LinkedHashSet<>();
        node.shape().inputs().forEach(port -> inputs.add(port.name()));
        checkTypes(node, "input", node.parts().inputTypes.keySet(), inputs);
        Set<String> typed = new TreeSet<>(node.parts().outputTypes.keySet());
        typed.remove(Ports.ERROR);
        checkTypes(node, "output", typed, new LinkedHashSet<>(node.shape().outputs()));
        TypeRef<?> ofError = node.parts().outputTypes.getOrDefault(Ports.ERROR, NodeDefinition.ERROR_TYPE);
        if (!ofError.equals(NodeDefinition.ERROR_TYPE)) {
            report(
                    node.id(),
                    "node '" + node.id() + "' has " + ofError + " as the type of its port 'error', which emits "
                            + NodeDefinition.ERROR_TYPE,
                    "leave the type of port 'error' out");
        }
    }

    private void checkTypes(NodeDefinition node, String kind, Set<String> typed, Set<String> declared) {
        typed.stream().filter(port -> !declared.contains(port)).sorted().forEach(port -> {
            String ports = declared.isEmpty()
                    ? "no " + kind + " port"
                    : "the " + kind + " ports " + String.join(", ", declared);
            report(
                    node.id(),
                    "node '" + node.id() + "' has a type for " + kind + " port '" + port + "', but declares " + ports,
                    "declare the port, or correct its name");
        });
    }

    private void checkErrorHandling(NodeDefinition node, ErrorHandling handling) {
        if (handling.equals(ErrorHandling.FAIL)) {
            return;
        }
        if (node.body().isEmpty() && node.isDisabled()) {
            report(
                    node.id(),
                    "node '" + node.id() + "' has onError " + handling + ", but no body that could fail",
                    "leave onError out, or give it a body");
        }
        if (handling.equals(ErrorHandling.ERROR_OUTPUT)) {
            return;
        }
        checkPortToCompleteWith(node, handling);
        checkValueToCompleteWith(node, handling);
    }

    private void checkPortToCompleteWith(NodeDefinition node, ErrorHandling handling) {
        List<String> outputs = node.shape().outputs();
        if (outputs.isEmpty()) {
            report(
                    node.id(),
                    "node '" + node.id() + "' has onError " + handling + ", but no output port to complete with",
                    "declare an output port, or choose onError(ERROR_OUTPUT)");
        } else if (node.shape().kind() == NodeKind.BRANCH && !outputs.get(0).equals(Ports.MAIN)) {
            report(
                    node.id(),
                    "branch '" + node.id() + "' has onError " + handling + ", so a failure would fire its first output"
                            + " port '" + outputs.get(0) + "' as if it had decided so",
                    "choose onError(ERROR_OUTPUT), or make 'main' its first output port");
        }
    }

    private void checkValueToCompleteWith(NodeDefinition node, ErrorHandling handling) {
        if (handling instanceof ErrorHandling.Fallback fallback) {
            checkFirstOutput(
                    node,
                    fallback.value(),
                    "node '" + node.id() + "' falls back to",
                    "give the fallback a value of the declared type");
        } else if (handling.equals(ErrorHandling.CONTINUE)) {
            checkFirstOutput(
                    node,
                    ANY_ERROR,
                    "node '" + node.id() + "' has onError CONTINUE and then emits",
                    "leave the type of the port out, or choose onError(ERROR_OUTPUT)");
        }
    }

    private void checkFirstOutput(NodeDefinition node, @Nullable Object value, String subject, String resolution) {
        List<String> outputs = node.shape().outputs();
        TypeRef<?> type =
                outputs.isEmpty() ? null : node.outputType(outputs.get(0)).orElse(null);
        if (value != null && type != null && !type.accepts(value)) {
            report(
                    node.id(),
                    subject + " a value of " + value.getClass().getName()
                            + ", but its first output port is declared as " + type,
                    resolution);
        }
    }

    private void checkErrorPort(Connection connection) {
        NodeDefinition from = nodes.get(connection.from());
        if (!connection.fromPort().equals(Ports.ERROR) || from == null) {
            return;
        }
        if (from.shape().kind() == NodeKind.TRIGGER) {
            report(
                    connection,
                    "'" + from.id() + "' is a trigger, whose port 'error' never fires",
                    "remove the connection");
        } else if (!from.errorHandling().equals(ErrorHandling.ERROR_OUTPUT)) {
            report(
                    connection,
                    "node '" + from.id() + "' has onError " + from.errorHandling()
                            + ", so its port 'error' never fires",
                    "give node '" + from.id() + "' onError(ERROR_OUTPUT), which error() does in the builder, or remove"
                            + " the connection");
        }
    }

    private void report(Connection connection, String message, String resolution) {
        problems.add(new Problem(
                Problem.Code.INVALID_NODE,
                Severity.ERROR,
                "connection " + connection + ": " + message,
                List.of(connection.from()),
                Optional.of(connection),
                resolution));
    }

    private void report(String node, String message, String resolution) {
        problems.add(new Problem(Problem.Code.INVALID_NODE, Severity.ERROR, message, List.of(node), resolution));
    }
}
