package dev.flowengine.node;

import java.util.Objects;
import java.util.Optional;

/**
 * A body that starts an execution of a flow, its <em>child</em>, from a trigger that is fired with the node's input. The
 * node then waits without a thread until the child has ended. Immutable and thread-safe.
 *
 * <p>A child that completed fires the first output port of the node: with what it {@linkplain #returning returned}, or else
 * with its execution id. A child that ended otherwise fails the node.
 *
 * @param flowId the flow to start
 * @param version its edition; empty for the one that comes with the flow of the node or, if none does, was registered last
 * @param triggerId the trigger to start it from
 * @param returned the output of the child that becomes the output of the node; empty for the child's execution id
 * @param awaited whether the node waits for the end of the child, and not only until it has been admitted
 */
public record SubflowBody(
        String flowId, Optional<String> version, String triggerId, Optional<Returned> returned, boolean awaited)
        implements NodeBody {

    /** Refuses null, and something that is returned without being waited for. */
    public SubflowBody {
        Objects.requireNonNull(flowId, "flowId");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(triggerId, "triggerId");
        if (returned.isPresent() && !awaited) {
            throw new IllegalArgumentException("a node that does not wait for flow '" + flowId
                    + "' cannot return an output of it: leave one of both out");
        }
    }

    /**
     * Waits for an execution of a flow.
     *
     * @param flowId id of the flow
     * @param triggerId id of its trigger
     * @return a body that puts out the id of that execution
     */
    public static SubflowBody of(String flowId, String triggerId) {
        return new SubflowBody(flowId, Optional.empty(), triggerId, Optional.empty(), true);
    }

    /**
     * The same for one edition of the flow.
     *
     * @param edition its version
     * @return a copy
     */
    public SubflowBody version(String edition) {
        return new SubflowBody(flowId, Optional.of(edition), triggerId, returned, awaited);
    }

    /**
     * The same, putting out what a node of the child does. If that output did not fire, neither does this node's.
     *
     * @param nodeId id of the node of the child
     * @param port its output port
     * @return a copy
     */
    public SubflowBody returning(String nodeId, String port) {
        return new SubflowBody(flowId, version, triggerId, Optional.of(new Returned(nodeId, port)), awaited);
    }

    /**
     * The same without waiting for the child, which then lives by itself: nothing that happens to the execution of the node
     * reaches it.
     *
     * @return a copy
     */
    public SubflowBody detached() {
        return new SubflowBody(flowId, version, triggerId, returned, false);
    }

    /**
     * An output of a child.
     *
     * @param nodeId id of its node
     * @param port the output port
     */
    public record Returned(String nodeId, String port) {

        /** Refuses null. */
        public Returned {
            Objects.requireNonNull(nodeId, "nodeId");
            Objects.requireNonNull(port, "port");
        }
    }
}
