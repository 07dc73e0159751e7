package dev.flowengine.internal.layout;

import dev.flowengine.flow.CompensationPolicy;
import dev.flowengine.flow.NodeDefinition;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Which nodes of a scope have a compensation that may be called, and how. Immutable. */
public final class CompensationLayout {
    private final CompensationPolicy policy;
    private final BitSet nodes;

    private CompensationLayout(CompensationPolicy policy, BitSet nodes) {
        this.policy = policy;
        this.nodes = nodes;
    }

    /** Null if there is none: what follows costs nothing then. */
    static @Nullable CompensationLayout of(CompensationPolicy policy, NodeDefinition[] definitions, int size) {
        if (policy.isNone()) {
            return null;
        }
        BitSet nodes = new BitSet(size);
        for (int node = 0; node < size; node++) {
            boolean hasOne = definitions[node].compensation().isPresent();
            nodes.set(node, hasOne && !definitions[node].isDisabled());
        }
        return nodes.isEmpty() ? null : new CompensationLayout(policy, nodes);
    }

    /**
     * When and how nodes are compensated.
     *
     * @return the policy of the flow
     */
    public CompensationPolicy policy() {
        return policy;
    }

    /**
     * Whether a node has a compensation.
     *
     * @param node its number
     * @return true if so
     */
    public boolean contains(int node) {
        return nodes.get(node);
    }
}
