package dev.flowengine.flow;

import dev.flowengine.node.NodeBody;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a node does and how it is run. Every builder and every definition has a copy of its own; those of definitions never change. */
final class NodeParts {
    @Nullable
    NodeBody body;

    boolean cpuBound;
    boolean keep;
    boolean disabled;

    NodeDefinition.@Nullable DisabledOutput disabledOutput;

    @Nullable
    RetryPolicy retry;

    @Nullable
    Duration timeout;

    @Nullable
    Duration nodeTimeout;

    ErrorHandling errorHandling = ErrorHandling.FAIL;

    NodeParts copy() {
        NodeParts copy = new NodeParts();
        copy.body = body;
        copy.cpuBound = cpuBound;
        copy.keep = keep;
        copy.disabled = disabled;
        copy.disabledOutput = disabledOutput;
        copy.retry = retry;
        copy.timeout = timeout;
        copy.nodeTimeout = nodeTimeout;
        copy.errorHandling = errorHandling;
        return copy;
    }
}
