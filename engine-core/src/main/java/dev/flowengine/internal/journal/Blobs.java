package dev.flowengine.internal.journal;

import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.internal.attempt.UnkeptOutput;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.Blob;
import dev.flowengine.persistence.BlobKey;
import dev.flowengine.persistence.BlobStore;
import dev.flowengine.persistence.BlobWriter;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Keeps payloads that are too large for rows as blobs, of which the rows hold references, and reads them back. Blobs are
 * written before the row that refers to them is even given to the journal; one whose row is never written goes with its run.
 *
 * <p>Whoever writes waits while the store fails for the moment, with pauses that double, but not for ever: then it is the node
 * that fails. Reading is tried once, as its callers try again. Thread-safe.
 */
public final class Blobs {
    /** With the first pause, ten seconds altogether at most. */
    private static final int MOST_TRIES = 10;

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final @Nullable BlobStore store;
    private final int above;
    private final long firstPauseNanos;

    /**
     * Creates what writes and reads.
     *
     * @param store where to; null if the engine has none
     * @param above payloads of more bytes become blobs
     */
    public Blobs(@Nullable BlobStore store, int above) {
        this(store, above, FIRST_PAUSE_NANOS);
    }

    Blobs(@Nullable BlobStore store, int above, long firstPauseNanos) {
        this.store = store;
        this.above = above;
        this.firstPauseNanos = firstPauseNanos;
    }

    /**
     * Whether there are any.
     *
     * @return false if the engine has no store for them
     */
    public boolean areKept() {
        return store != null;
    }

    boolean isSameStore(Blobs other) {
        return store != null && store == other.store;
    }

    /**
     * Makes a payload one that a row of a run may hold: of a large one a reference to a new blob, and of a reference to a blob of
     * another run one to a copy.
     *
     * @param nodeId the node it is about; empty for what the run is started with
     */
    Payload kept(String executionId, String nodeId, Payload payload) {
        if (store == null) {
            return payload;
        }
        if (BlobReference.isOne(payload)) {
            return BlobReference.of(payload.bytes())
                    .map(reference -> adopted(executionId, reference).payload())
                    .orElse(payload);
        }
        return payload.size() <= above ? payload : offloaded(executionId, nodeId, payload, store);
    }

    /**
     * Makes a value that is a blob of another run a copy of it, so that it lasts as long as the run it is given to.
     *
     * @param executionId that run
     * @param value any value
     * @return the same, or a copy
     * @throws FlowException if there can be no copy
     */
    public @Nullable Object own(String executionId, @Nullable Object value) {
        return value instanceof StoredBlob blob && blob.isIn(this)
                ? new StoredBlob(this, adopted(executionId, blob.reference()))
                : value;
    }

    private Payload offloaded(String executionId, String nodeId, Payload payload, BlobStore to) {
        BlobKey key = BlobKey.fresh(executionId);
        List<String> nodes = nodeId.isEmpty() ? List.of() : List.of(nodeId);
        BlobDigest digest = tried(nodes, key, () -> {
            try (BlobWriter out = to.write(key);
                    InputStream in = payload.inputStream()) {
                MeasuredBlobOutput measured = new MeasuredBlobOutput(out, Long.MAX_VALUE, Blobs::impossible);
                in.transferTo(measured);
                out.commit();
                return measured.digest();
            }
        });
        return new BlobReference(key, nodeId, payload.contentType(), digest.size(), digest.hex()).payload();
    }

    private BlobReference adopted(String executionId, BlobReference reference) {
        if (reference.key().executionId().equals(executionId)) {
            return reference;
        }
        BlobStore holder = required(reference);
        BlobKey copy = BlobKey.fresh(executionId);
        if (!tried(reference.nodes(), copy, () -> holder.copy(reference.key(), copy))) {
            throw reference.missing();
        }
        return reference.with(copy);
    }

    /** The payload a reference stands for; any other as it is. */
    Payload fetched(Payload payload) {
        if (!BlobReference.isOne(payload)) {
            return payload;
        }
        BlobReference reference = BlobReference.of(payload.bytes()).orElse(null);
        if (reference == null) {
            return payload;
        }
        try (InputStream in = open(reference)) {
            return Payload.of(reference.contentType(), in.readAllBytes());
        } catch (IOException unreadable) {
            throw StoreException.transientFailure(
                    reference.description() + ", cannot be read: " + unreadable, unreadable);
        }
    }

    /** A value that was kept as a payload of its own. */
    @Nullable
    Blob value(Payload payload) {
        return BlobReference.of(payload.bytes())
                .map(reference -> new StoredBlob(this, reference))
                .orElse(null);
    }

    InputStream open(BlobReference reference) throws IOException {
        InputStream in = required(reference).read(reference.key()).orElseThrow(reference::missing);
        return new CheckedBlobInput(in, reference);
    }

    /** Has a node write a blob. What it throws, and what the store does, is thrown as it is. */
    Blob written(String executionId, NodeDefinition node, Blob.Content content) throws Exception {
        if (store == null) {
            throw noStore(List.of(node.id()), "node '" + node.id() + "' writes a blob");
        }
        BlobKey key = BlobKey.fresh(executionId);
        long most = node.maxOutputBytes().isPresent() ? node.maxOutputBytes().getAsInt() : Long.MAX_VALUE;
        try (BlobWriter out = store.write(key)) {
            MeasuredBlobOutput measured = new MeasuredBlobOutput(out, most, size -> tooLarge(node, size, most));
            content.writeTo(measured);
            out.commit();
            BlobDigest digest = measured.digest();
            return new StoredBlob(
                    this, new BlobReference(key, node.id(), "application/octet-stream", digest.size(), digest.hex()));
        }
    }

    private static UnkeptOutput tooLarge(NodeDefinition node, long size, long most) {
        return new UnkeptOutput(
                FailureKind.LIMIT_EXCEEDED,
                List.of(node.id()),
                "the blob that node '" + node.id() + "' writes is too large: it takes " + size
                        + " bytes and more, and the node allows " + most,
                null,
                "Write less; or raise maxOutputBytes() of the node.");
    }

    private static UnkeptOutput impossible(long size) {
        throw new AssertionError("no payload has " + size + " bytes");
    }

    private BlobStore required(BlobReference reference) {
        if (store == null) {
            throw noStore(reference.nodes(), reference.description() + ", is kept in a blob store");
        }
        return store;
    }

    /**
     * There is no store for blobs, and somebody needs one.
     *
     * @param nodes ids of the nodes that do
     * @param what what for
     * @return says so
     */
    public static FlowException noStore(List<String> nodes, String what) {
        return FlowException.of(FailureKind.INVALID_DEFINITION, what + ", and the engine has none for blobs")
                .affectedNodes(nodes)
                .permanent()
                .suggestedResolution(
                        "Give blobStore(...) to the engine's builder, such as FileBlobStore of the artifact"
                                + " dev.flowengine:engine-blobs.")
                .build();
    }

    private <T> T tried(List<String> nodes, BlobKey key, Writing<T> writing) {
        for (int tries = 1; ; tries++) {
            try {
                return writing.write();
            } catch (IOException mayBeGone) {
                requireTries(tries, nodes, key, mayBeGone);
            } catch (StoreException failure) {
                if (!failure.isTransient()) {
                    throw unkept(kindOf(failure), nodes, key, failure);
                }
                requireTries(tries, nodes, key, failure);
            } catch (RuntimeException broken) {
                throw unkept(FailureKind.NODE_EXECUTION_FAILED, nodes, key, broken);
            }
            pause(firstPauseNanos << (tries - 1), nodes, key);
        }
    }

    private static void requireTries(int tries, List<String> nodes, BlobKey key, Exception failure) {
        if (tries == MOST_TRIES) {
            throw unkept(FailureKind.NODE_EXECUTION_FAILED, nodes, key, failure);
        }
    }

    private static FailureKind kindOf(StoreException failure) {
        return switch (failure.kind()) {
            case LIMIT_EXCEEDED, SERIALIZATION -> failure.kind();
            default -> FailureKind.NODE_EXECUTION_FAILED;
        };
    }

    private static void pause(long nanos, List<String> nodes, BlobKey key) {
        LockSupport.parkNanos(nanos / 2 + ThreadLocalRandom.current().nextLong(nanos / 2 + 1));
        if (Thread.currentThread().isInterrupted()) {
            throw unkept(
                    FailureKind.NODE_EXECUTION_FAILED,
                    nodes,
                    key,
                    new InterruptedException("interrupted while the blob store was away"));
        }
    }

    private static UnkeptOutput unkept(FailureKind kind, List<String> nodes, BlobKey key, Exception cause) {
        String what = nodes.isEmpty()
                ? "what execution " + key.executionId() + " is started with"
                : "what node '" + nodes.get(0) + "' of execution " + key.executionId() + " puts out";
        return new UnkeptOutput(
                kind,
                nodes,
                what + " cannot be kept as blob " + key.name() + ": " + cause,
                cause,
                "Look at what keeps the blobs, and then "
                        + (nodes.isEmpty() ? "start it again." : "redrive the execution."));
    }

    /** Writes a blob, and may be repeated. */
    private interface Writing<T> {

        /** Writes it. */
        T write() throws IOException;
    }
}
