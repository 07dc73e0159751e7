package dev.flowengine.internal.journal;

import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.Blob;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.Payload;
import org.jspecify.annotations.Nullable;

/** The payloads of one run: what is large goes to blobs of its own. Thread-safe; its callers may have to wait for these. */
public final class RunPayloads {
    private final Payloads payloads;
    private final Blobs blobs;
    private final String executionId;

    RunPayloads(Payloads payloads, Blobs blobs, String executionId) {
        this.payloads = payloads;
        this.blobs = blobs;
        this.executionId = executionId;
    }

    /** As {@link Payloads#encode(NodeDefinition, String, Object)}, for a row. */
    Payload encode(NodeDefinition node, String port, @Nullable Object value) {
        return kept(node.id(), payloads.encode(node, port, value));
    }

    /** As {@link Payloads#encode(NodeDefinition, String, Object)}, only to be compared with what a row holds. */
    Payload encodeToCompare(NodeDefinition node, String port, @Nullable Object value) {
        return payloads.encode(node, port, value);
    }

    /** As {@link Payloads#encode(NodeDefinition, String, Object, TypeRef)}, for a row. */
    Payload encode(NodeDefinition node, String what, @Nullable Object value, TypeRef<?> type) {
        return kept(node.id(), payloads.encode(node, what, value, type));
    }

    /**
     * Makes a payload one that a row of the run may hold.
     *
     * @param nodeId the node it is about; empty for what the run is started with
     * @param payload as it was encoded
     * @return the same, or a reference
     * @throws FlowException if that cannot be kept
     */
    public Payload kept(String nodeId, Payload payload) {
        return blobs.kept(executionId, nodeId, payload);
    }

    /**
     * Makes a payload that is a reference to a blob of another run one to a copy of the run's own.
     *
     * @param payload any payload
     * @return the same, or a reference
     * @throws FlowException if there can be no copy
     */
    public Payload adopted(Payload payload) {
        return BlobReference.isOne(payload) ? kept("", payload) : payload;
    }

    /** As {@link Payloads#decode}. */
    @Nullable
    Object decode(Payload payload, TypeRef<?> type) {
        return payloads.decode(payload, type);
    }

    /** Has a node write a blob. */
    Blob written(NodeDefinition node, Blob.Content content) throws Exception {
        return blobs.written(executionId, node, content);
    }
}
