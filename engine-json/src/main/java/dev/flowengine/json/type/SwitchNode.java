package dev.flowengine.json.type;

import dev.flowengine.extension.DataReader;
import dev.flowengine.extension.NodeType;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.node.EmittingBody;
import java.util.ArrayList;
import java.util.List;

/** Passes its input on through the port of the first case whose condition holds. */
public final class SwitchNode implements NodeType {

    @Override
    public String name() {
        return "switch";
    }

    @Override
    public NodeDefinition.Builder define(String nodeId, DataReader parameters) {
        List<Case> cases = new ArrayList<>();
        for (DataReader reader : parameters.objects("cases")) {
            cases.add(new Case(reader.text("output"), Conditions.read(reader.object("when"))));
        }
        if (cases.isEmpty() && parameters.has("cases") && parameters.value("cases") instanceof List) {
            parameters.expected("cases", "at least one case");
        }
        if (parameters.has("otherwise")) {
            cases.add(new Case(parameters.text("otherwise"), Condition.ALWAYS));
        }
        return NodeDefinition.branch(nodeId)
                .outputs(cases.stream().map(Case::output).toList())
                .emittingBody(firstOf(List.copyOf(cases)))
                .cpuBound();
    }

    private static EmittingBody firstOf(List<Case> cases) {
        return (context, out) -> {
            for (Case one : cases) {
                if (one.when().holds(context.input())) {
                    out.emit(one.output(), context.input());
                    return;
                }
            }
        };
    }

    /** A port, and when it fires unless one before it does. */
    private record Case(String output, Condition when) {}
}
