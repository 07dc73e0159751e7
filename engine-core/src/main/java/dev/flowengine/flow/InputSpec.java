package dev.flowengine.flow;

import dev.flowengine.graph.JoinRule;
import dev.flowengine.node.Output;
import java.util.List;
import java.util.Objects;

/**
 * The inputs of a node whose body reads them by handle, one input port for each, and the rule by which they are joined.
 * Immutable.
 */
public final class InputSpec {
    private final List<Output<?>> sources;
    private final JoinRule rule;

    private InputSpec(List<Output<?>> sources, JoinRule rule) {
        this.sources = List.copyOf(sources);
        this.rule = rule;
    }

    /**
     * One input port for each handle, all required except those made optional.
     *
     * @param sources the handles
     * @return the inputs, with the default join
     */
    public static InputSpec of(Output<?>... sources) {
        return new InputSpec(List.of(sources), JoinRule.DEFAULT);
    }

    /**
     * No input at all: for a node that only waits for others.
     *
     * @return no inputs
     */
    public static InputSpec none() {
        return new InputSpec(List.of(), JoinRule.DEFAULT);
    }

    /**
     * The same inputs under another rule. Under every rule but {@link JoinRule#DEFAULT} and
     * {@link JoinRule#ALL_SUCCESS} the ports are optional, because the node may run without a value on them: read them
     * with {@link dev.flowengine.node.Inputs#input}.
     *
     * @param joinRule when the node runs
     * @return a copy
     */
    public InputSpec join(JoinRule joinRule) {
        return new InputSpec(sources, Objects.requireNonNull(joinRule, "joinRule"));
    }

    List<Output<?>> sources() {
        return sources;
    }

    JoinRule rule() {
        return rule;
    }

    boolean valuesMayBeAbsent() {
        return !rule.equals(JoinRule.DEFAULT) && !rule.equals(JoinRule.ALL_SUCCESS);
    }
}
