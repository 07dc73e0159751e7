package dev.flowengine.flow;

import dev.flowengine.graph.Ports;
import dev.flowengine.node.Output;
import dev.flowengine.node.TypeRef;
import org.jspecify.annotations.Nullable;

/**
 * An output port of a node that is being written: what a handle stands for.
 *
 * @param draft the node
 * @param port name of the port
 */
record DraftOutput(NodeDraft draft, String port) {

    /** What a handle stands for; null if no builder made it. */
    static @Nullable DraftOutput of(Output<?> handle) {
        if (handle instanceof NodeRef<?> node) {
            return new DraftOutput(node.draft(), Ports.MAIN);
        }
        if (handle instanceof TriggerRef<?> trigger) {
            return new DraftOutput(trigger.draft(), Ports.MAIN);
        }
        if (handle instanceof SignalRef<?, ?> signal) {
            return new DraftOutput(signal.draft(), Ports.MAIN);
        }
        if (handle instanceof SubflowRef<?> subflow) {
            return new DraftOutput(subflow.draft(), Ports.MAIN);
        }
        if (handle instanceof PortRef<?> ref) {
            return new DraftOutput(ref.draft(), ref.port());
        }
        return handle instanceof OptionalInput<?> optional ? of(optional.source()) : ofRegion(handle);
    }

    private static @Nullable DraftOutput ofRegion(Output<?> handle) {
        if (handle instanceof LoopRef<?> loop) {
            return new DraftOutput(loop.draft().node(), Ports.DONE);
        }
        if (handle instanceof ItemRef<?> item) {
            return new DraftOutput(item.draft().node(), Ports.LOOP);
        }
        if (handle instanceof MapRef<?> map) {
            return new DraftOutput(map.draft().node(), Ports.DONE);
        }
        return handle instanceof MapItemRef<?> item
                ? new DraftOutput(item.draft().node(), Ports.LOOP)
                : null;
    }

    /** The type as it was inferred last. */
    @Nullable
    TypeRef<?> inferredType() {
        return draft.inferredType(port);
    }
}
