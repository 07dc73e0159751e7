package dev.flowengine.oracle;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A node of a case; the threshold belongs to {@link CaseJoin#AT_LEAST} and is 0 for every other join. */
public record CaseNode(
        String id,
        boolean trigger,
        List<CasePort> inputs,
        List<String> outputs,
        CaseJoin join,
        int threshold,
        boolean disabled,
        CaseBehaviour behaviour,
        CasePolicy policy) {
    /** The output port every node has besides those it declares. */
    public static final String ERROR = "error";

    /** Copies the lists. */
    public CaseNode {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** A node with the default join, which fires its output ports. */
    static CaseNode plain(String id, boolean trigger, List<CasePort> inputs, List<String> outputs) {
        CaseBehaviour all = CaseBehaviour.fire(outputs);
        return new CaseNode(id, trigger, inputs, outputs, CaseJoin.DEFAULT, 0, false, all, CasePolicy.NONE);
    }

    /** The same node, disabled. */
    public CaseNode asDisabled() {
        return new CaseNode(id, trigger, inputs, outputs, join, threshold, true, behaviour, policy);
    }

    /** The same node with other input ports. */
    public CaseNode withInputs(List<CasePort> ports) {
        return new CaseNode(id, trigger, ports, outputs, join, threshold, disabled, behaviour, policy);
    }

    /** The same node with another join. */
    public CaseNode withJoin(CaseJoin rule, int atLeast) {
        return new CaseNode(id, trigger, inputs, outputs, rule, atLeast, disabled, behaviour, policy);
    }

    /** The same node with another body. */
    public CaseNode withBehaviour(CaseBehaviour other) {
        return new CaseNode(id, trigger, inputs, outputs, join, threshold, disabled, other, policy);
    }

    /** The same node with another policy. */
    public CaseNode withPolicy(CasePolicy other) {
        return new CaseNode(id, trigger, inputs, outputs, join, threshold, disabled, behaviour, other);
    }

    /** The output ports a connection may be drawn from. */
    List<String> connectable() {
        return policy.onError() == CaseOnError.ERROR_OUTPUT
                ? Stream.concat(outputs.stream(), Stream.of(ERROR)).toList()
                : outputs;
    }

    @Override
    public String toString() {
        String ports = inputs.stream().map(CasePort::toString).collect(Collectors.joining(", ", "(", ")"));
        String rule = join == CaseJoin.DEFAULT ? "" : " " + join + (join == CaseJoin.AT_LEAST ? " " + threshold : "");
        return (trigger ? "trigger " : "node ") + id + ports + " -> " + outputs + rule + " " + behaviour + policy
                + (disabled ? " DISABLED" : "");
    }
}
