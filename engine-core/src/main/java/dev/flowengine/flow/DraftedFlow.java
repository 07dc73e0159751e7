package dev.flowengine.flow;

import dev.flowengine.graph.NodeKind;
import dev.flowengine.graph.Ports;
import dev.flowengine.node.NodeBody;
import dev.flowengine.node.Output;
import dev.flowengine.node.TypeRef;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A flow while it is being written. Its nodes are in the order they were written, and what feeds a node was written
 * before it: one pass in that order infers every type.
 */
final class DraftedFlow {
    private final String id;
    private final FlowDefinition definition;
    private final List<NodeDraft> nodes = new ArrayList<>();
    private final List<Runnable> inferences = new ArrayList<>();
    private boolean built;

    DraftedFlow(String id) {
        this.id = id;
        this.definition = new FlowDefinition(id);
    }

    String id() {
        return id;
    }

    boolean isBuilt() {
        return built;
    }

    /** The definition, as long as it may be changed. */
    FlowDefinition open() {
        if (built) {
            throw new IllegalStateException("flow '" + id + "' was built already; start a new builder");
        }
        return definition;
    }

    NodeDraft trigger(String nodeId, TypeRef<?> type) {
        NodeDraft draft = draft(nodeId, NodeKind.TRIGGER);
        draft.output(Ports.MAIN, type);
        return added(draft);
    }

    NodeDraft node(String nodeId, InputSpec inputs) {
        NodeDraft draft = draft(nodeId, NodeKind.NODE);
        boolean only = inputs.sources().size() == 1;
        for (Output<?> source : inputs.sources()) {
            draft.input(source, only, inputs.valuesMayBeAbsent());
        }
        draft.join(inputs.rule());
        return added(draft);
    }

    NodeDraft branch(String nodeId, Output<?> source) {
        NodeDraft draft = draft(nodeId, NodeKind.BRANCH);
        draft.alternatives(sourcesOf("branch", nodeId, List.of(source)));
        return added(draft);
    }

    /** A node that passes on what it receives, or something else, after a while. */
    NodeDraft waiting(String nodeId, NodeKind kind, Output<?> source) {
        NodeDraft draft = draft(nodeId, kind);
        draft.alternatives(sourcesOf("wait", nodeId, List.of(source)));
        return added(draft);
    }

    /** A loop or a map, and then what its body makes of its items. */
    LoopDraft loop(
            String nodeId,
            Output<?> source,
            NodeBody body,
            LoopDraft.TypeRule itemType,
            Function<LoopDraft, ? extends @Nullable Output<?>> iteration) {
        NodeDraft draft = draft(nodeId, NodeKind.LOOP);
        LoopDraft loop = draft.loop(sourcesOf("loop", nodeId, List.of(source)).get(0), body, itemType);
        added(draft);
        loop.result(iteration.apply(loop));
        inferences.add(loop::inferDone);
        return loop;
    }

    /** Whether a node was written later than another. */
    boolean isWrittenAfter(NodeDraft draft, NodeDraft other) {
        return nodes.indexOf(draft) > nodes.indexOf(other);
    }

    NodeDraft merge(String nodeId, List<? extends Output<?>> sources) {
        NodeDraft draft = draft(nodeId, NodeKind.NODE);
        draft.alternatives(sourcesOf("merge", nodeId, sources));
        draft.passThrough();
        return added(draft);
    }

    NodeDraft collect(String nodeId, List<? extends Output<?>> sources) {
        NodeDraft draft = draft(nodeId, NodeKind.NODE);
        draft.collecting(sourcesOf("collect", nodeId, sources));
        draft.passThrough();
        return added(draft);
    }

    /** What a handle stands for, provided that it was made here. */
    DraftOutput own(Output<?> handle, String user) {
        DraftOutput output = DraftOutput.of(handle);
        if (output != null && output.draft().flow() == this) {
            return output;
        }
        String given = output == null
                ? "port '" + handle.port() + "' of node '" + handle.nodeId() + "', which no builder made"
                : plain(handle) + " of another builder, of flow '"
                        + output.draft().flow().id + "'";
        throw new IllegalArgumentException(
                user + " of flow '" + id + "' is given " + given + "; give it a handle of its own builder");
    }

    /** Brings all types up to date with what the handles have declared so far. Linear. */
    void inferTypes() {
        if (!built) {
            inferences.forEach(Runnable::run);
        }
    }

    Flow build() {
        open();
        inferTypes();
        built = true;
        nodes.forEach(draft -> draft.addTo(definition));
        nodes.forEach(draft -> draft.connectIn(definition));
        return definition.build();
    }

    private NodeDraft draft(String nodeId, NodeKind kind) {
        open();
        return new NodeDraft(this, nodeId, kind);
    }

    private NodeDraft added(NodeDraft draft) {
        nodes.add(draft);
        inferences.add(draft::inferType);
        return draft;
    }

    private List<? extends Output<?>> sourcesOf(String what, String nodeId, List<? extends Output<?>> sources) {
        String subject = what + " '" + nodeId + "' of flow '" + id + "' ";
        if (sources.isEmpty()) {
            throw new IllegalArgumentException(subject + "has no source; give it at least one handle");
        }
        for (Output<?> source : sources) {
            if (source instanceof OptionalInput<?>) {
                throw new IllegalArgumentException(subject + "cannot take an optional input (" + plain(source)
                        + "): it passes on what arrives; give it the handle itself");
            }
        }
        return sources;
    }

    private static Output<?> plain(Output<?> handle) {
        return handle instanceof OptionalInput<?> optional ? optional.source() : handle;
    }
}
