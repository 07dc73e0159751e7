package dev.flowengine.json.type;

import dev.flowengine.extension.DataReader;
import dev.flowengine.extension.NodeType;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Ports;
import dev.flowengine.node.AwaitedSignal;
import dev.flowengine.node.TypeRef;
import dev.flowengine.node.WaitingBody;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * Waits for a signal, and puts out what it brings, or passes its input on through the port of the choice it brings; or,
 * if a deadline comes first, through {@code deadline}.
 */
public final class SignalNode implements NodeType {
    private static final TypeRef<Object> DATA = TypeRef.of(Object.class);

    @Override
    public String name() {
        return "signal";
    }

    @Override
    public NodeDefinition.Builder define(String nodeId, DataReader parameters) {
        String name = name(nodeId, parameters);
        List<String> choices = parameters.has("choices") ? choices(parameters) : List.of();
        List<String> ports = new ArrayList<>(choices.isEmpty() ? List.of(Ports.MAIN) : choices);
        WaitingBody body = WaitingBody.forSignal(
                choices.isEmpty() ? AwaitedSignal.of(name, DATA) : AwaitedSignal.choice(name, choices));
        if (parameters.has("deadline") && parameters.has("until")) {
            parameters.problem("has both deadline, a time, and until, an instant");
        }
        if (parameters.has("deadline")) {
            Duration time = parameters.duration("deadline", Duration.ofNanos(1));
            body = body.atMost(context -> time);
        }
        if (parameters.has("until")) {
            body = body.notAfter(Instants.read(parameters, "until"));
        }
        if (body.time().isPresent()) {
            ports.add(Ports.DEADLINE);
        }
        return NodeDefinition.branch(nodeId).outputs(ports).anyBody(body).cpuBound();
    }

    private static List<String> choices(DataReader parameters) {
        List<String> choices = parameters.texts("choices");
        boolean reserved = choices.contains(Ports.DEADLINE) || choices.contains(Ports.ERROR);
        if (choices.isEmpty() || new HashSet<>(choices).size() < choices.size() || reserved) {
            parameters.expected(
                    "choices", "a list of at least one choice, each once, and none called deadline or error");
            return List.of();
        }
        return choices;
    }

    private static String name(String nodeId, DataReader parameters) {
        String name = parameters.has("name") ? parameters.text("name") : nodeId;
        if (!name.isEmpty()) {
            return name;
        }
        if (parameters.has("name")) {
            parameters.expected("name", "a text that is not empty");
        }
        // Reported, by whoever read it.
        return "unnamed";
    }
}
