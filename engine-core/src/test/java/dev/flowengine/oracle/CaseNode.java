package dev.flowengine.oracle;

import java.util.List;
import java.util.stream.Collectors;

/** A node of a case; the threshold belongs to {@link CaseJoin#AT_LEAST} and is 0 for every other join. */
public record CaseNode(
        String id,
        boolean trigger,
        List<CasePort> inputs,
        List<String> outputs,
        CaseJoin join,
        int threshold,
        boolean disabled,
        CaseBehaviour behaviour) {

    /** Copies the lists. */
    public CaseNode {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** The same node, disabled. */
    public CaseNode asDisabled() {
        return new CaseNode(id, trigger, inputs, outputs, join, threshold, true, behaviour);
    }

    /** The same node with other input ports. */
    public CaseNode withInputs(List<CasePort> ports) {
        return new CaseNode(id, trigger, ports, outputs, join, threshold, disabled, behaviour);
    }

    @Override
    public String toString() {
        String ports = inputs.stream().map(CasePort::toString).collect(Collectors.joining(", ", "(", ")"));
        String rule = join == CaseJoin.DEFAULT ? "" : " " + join + (join == CaseJoin.AT_LEAST ? " " + threshold : "");
        return (trigger ? "trigger " : "node ") + id + ports + " -> " + outputs + rule + " " + behaviour
                + (disabled ? " DISABLED" : "");
    }
}
