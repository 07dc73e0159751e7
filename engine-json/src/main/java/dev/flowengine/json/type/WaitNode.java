package dev.flowengine.json.type;

import dev.flowengine.extension.DataReader;
import dev.flowengine.extension.NodeType;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.node.ValueBody;
import dev.flowengine.node.WaitingBody;
import java.time.Duration;

/** Passes its input on after a time, or once an instant has come. */
public final class WaitNode implements NodeType {

    @Override
    public String name() {
        return "wait";
    }

    @Override
    public NodeDefinition.Builder define(String nodeId, DataReader parameters) {
        boolean forTime = parameters.has("for");
        Duration time = forTime ? parameters.duration("for", Duration.ofNanos(1)) : Duration.ZERO;
        ValueBody until = Instants.read(parameters, "until");
        if (forTime == parameters.has("until")) {
            parameters.problem("needs either for, a time, or until, an instant");
        }
        return NodeDefinition.builder(nodeId)
                .anyBody(forTime ? WaitingBody.lasting(context -> time) : WaitingBody.until(until))
                .cpuBound();
    }
}
