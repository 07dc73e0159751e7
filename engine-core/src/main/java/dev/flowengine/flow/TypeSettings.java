package dev.flowengine.flow;

import dev.flowengine.graph.JoinRule;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How the node type of a node wants it to be run. It holds unless the flow says otherwise, and is no part of the flow as
 * data: the type says it again.
 *
 * @param join when the node runs, {@link JoinRule#DEFAULT} unless set
 * @param retry when a failed attempt is repeated
 * @param timeout how long an attempt may take
 * @param nodeTimeout how long the node may take, all attempts and waits included
 */
public record TypeSettings(
        JoinRule join, Optional<RetryPolicy> retry, Optional<Duration> timeout, Optional<Duration> nodeTimeout) {

    /** What a type sets that sets nothing. */
    public static final TypeSettings NONE =
            new TypeSettings(JoinRule.DEFAULT, Optional.empty(), Optional.empty(), Optional.empty());

    /** Refuses null. */
    public TypeSettings {
        Objects.requireNonNull(join, "join");
        Objects.requireNonNull(retry, "retry");
        Objects.requireNonNull(timeout, "timeout");
        Objects.requireNonNull(nodeTimeout, "nodeTimeout");
    }

    /**
     * What the type of a node set.
     *
     * @param node the node
     * @return {@link #NONE} if the node was not made by a type
     */
    public static TypeSettings of(NodeDefinition node) {
        return node.parts().typeSettings;
    }

    /** What has been said so far; shared if that is nothing, because most types say nothing. */
    static TypeSettings of(NodeParts parts) {
        TypeSettings settings = new TypeSettings(
                parts.join,
                Optional.ofNullable(parts.retry),
                Optional.ofNullable(parts.timeout),
                Optional.ofNullable(parts.nodeTimeout));
        return settings.equals(NONE) ? NONE : settings;
    }
}
