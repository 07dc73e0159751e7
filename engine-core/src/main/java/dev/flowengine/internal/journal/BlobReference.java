package dev.flowengine.internal.journal;

import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.BlobKey;
import dev.flowengine.persistence.Payload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a row holds of a payload that is kept as a blob: a line for each component, as people may read it.
 *
 * @param key what the blob is known by
 * @param nodeId the node that put it out; empty for what an execution was started with
 * @param contentType what the bytes are
 * @param size how many there are
 * @param sha256 their digest, in hexadecimal
 */
record BlobReference(BlobKey key, String nodeId, String contentType, long size, String sha256) {
    /** What the bytes of a reference are. */
    static final String CONTENT_TYPE = "application/vnd.flowengine.blob";

    private static final String VERSION = "1";
    private static final int LINES = 7;

    static boolean isOne(Payload payload) {
        return payload.contentType().equals(CONTENT_TYPE);
    }

    Payload payload() {
        String text = String.join(
                "\n",
                VERSION,
                key.name(),
                Long.toString(size),
                sha256,
                contentType,
                key.executionId(),
                // Last, because only it may hold anything.
                nodeId);
        return Payload.of(CONTENT_TYPE, text.getBytes(StandardCharsets.UTF_8));
    }

    /** What tells equal contents from others, whatever blob they are in; of a payload that is no reference, the payload. */
    static Payload content(Payload payload) {
        return isOne(payload)
                ? of(payload.bytes())
                        .map(blob -> Payload.of(
                                CONTENT_TYPE, (blob.size + "\n" + blob.sha256).getBytes(StandardCharsets.UTF_8)))
                        .orElse(payload)
                : payload;
    }

    /** None for the reference of a blob that is null. */
    static Optional<BlobReference> of(byte[] bytes) {
        if (bytes.length == 0) {
            return Optional.empty();
        }
        String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", LINES);
        try {
            if (lines.length == LINES && lines[0].equals(VERSION)) {
                BlobKey key = new BlobKey(lines[5], lines[1]);
                return Optional.of(new BlobReference(key, lines[6], lines[4], Long.parseLong(lines[2]), lines[3]));
            }
        } catch (IllegalArgumentException unreadable) {
            throw unreadable(unreadable);
        }
        throw unreadable(null);
    }

    private static FlowException unreadable(@Nullable IllegalArgumentException cause) {
        return FlowException.of(FailureKind.SERIALIZATION, "a payload is no reference to a blob that can be read here")
                .cause(cause)
                .suggestedResolution("Go on with the execution on an engine of the version that wrote it.")
                .build();
    }

    BlobReference with(BlobKey copy) {
        return new BlobReference(copy, nodeId, contentType, size, sha256);
    }

    List<String> nodes() {
        return nodeId.isEmpty() ? List.of() : List.of(nodeId);
    }

    /** What it is, for people. */
    String description() {
        String whose = nodeId.isEmpty() ? "what execution " : "what node '" + nodeId + "' of execution ";
        return whose + key.executionId() + (nodeId.isEmpty() ? " was started with" : " put out") + ", blob "
                + key.name();
    }

    FlowException missing() {
        return broken(description() + ", is missing: the blob store does not have it");
    }

    FlowException damaged(String how) {
        return broken(description() + ", is damaged: " + how);
    }

    private FlowException broken(String message) {
        return FlowException.of(FailureKind.SERIALIZATION, message)
                .affectedNodes(nodes())
                .permanent()
                .suggestedResolution("Restore the blob from a backup, or redrive the execution from that node.")
                .build();
    }
}
