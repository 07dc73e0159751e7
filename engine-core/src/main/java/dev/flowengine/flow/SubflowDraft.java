package dev.flowengine.flow;

import dev.flowengine.graph.NodeKind;
import dev.flowengine.graph.Ports;
import dev.flowengine.node.Output;
import dev.flowengine.node.SubflowBody;
import dev.flowengine.node.TypeRef;
import org.jspecify.annotations.Nullable;

/** A node that starts another execution, while its flow is being written. */
final class SubflowDraft {
    private static final TypeRef<String> ID = TypeRef.of(String.class);

    private final NodeDraft draft;
    private final @Nullable Flow flow;
    private SubflowBody body;

    private SubflowDraft(NodeDraft draft, @Nullable Flow flow, SubflowBody body) {
        this.draft = draft;
        this.flow = flow;
        this.body = body;
        // Starting an execution is for the engine, and never blocks.
        draft.computesOnly(true);
        draft.output(Ports.MAIN, ID);
        draft.body(body);
    }

    /** A node that starts a flow which has been built. */
    static SubflowDraft of(NodeDraft draft, Flow flow, TriggerRef<?> trigger) {
        NodeDefinition node = flow.node(trigger.nodeId()).orElse(null);
        if (node == null
                || node.shape().kind() != NodeKind.TRIGGER
                || !node.outputType(Ports.MAIN).equals(trigger.type())) {
            throw new IllegalArgumentException("node '" + draft.id() + "' is to start flow '" + flow.id() + "' from "
                    + trigger + ", which is no trigger of that flow; it has " + String.join(", ", flow.triggers()));
        }
        draft.flow().open().subflow(flow);
        SubflowBody start = SubflowBody.of(flow.id(), trigger.nodeId()).version(flow.version());
        return new SubflowDraft(draft, flow, start);
    }

    /** A node that starts the flow it belongs to. */
    static SubflowDraft ofItself(NodeDraft draft, TriggerRef<?> trigger) {
        draft.flow().own(trigger, "node '" + draft.id() + "'");
        return new SubflowDraft(draft, null, SubflowBody.of(draft.flow().id(), trigger.nodeId()));
    }

    NodeDraft node() {
        return draft;
    }

    void returning(Output<?> output) {
        TypeRef<?> type;
        if (flow == null) {
            draft.flow().own(output, "node '" + draft.id() + "'");
            type = output.type().orElse(null);
        } else {
            NodeDefinition node = flow.node(output.nodeId()).orElse(null);
            if (node == null || !node.shape().outputs().contains(output.port())) {
                throw new IllegalArgumentException("node '" + draft.id() + "' is to return " + output
                        + ", which is no output of flow '" + flow.id() + "'; give it a handle of that flow");
            }
            type = node.outputType(output.port()).orElse(null);
        }
        returning(output.nodeId(), output.port(), type);
    }

    void returning(String nodeId, String port, @Nullable TypeRef<?> type) {
        if (!body.awaited()) {
            throw new IllegalArgumentException(
                    "node '" + draft.id()
                            + "' does not wait for the flow it starts, so it cannot return an output of it; leave out detached()");
        }
        body(body.returning(nodeId, port));
        draft.output(Ports.MAIN, type);
    }

    void detached() {
        if (body.returned().isPresent()) {
            throw new IllegalArgumentException(
                    "node '" + draft.id()
                            + "' returns an output of the flow it starts, so it waits for it; leave out detached(), or returning(…)");
        }
        body(body.detached());
    }

    private void body(SubflowBody changed) {
        draft.definition();
        body = changed;
        draft.body(body);
    }
}
