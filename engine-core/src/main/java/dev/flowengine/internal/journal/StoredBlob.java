package dev.flowengine.internal.journal;

import dev.flowengine.node.Blob;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A blob in the store of an engine. */
final class StoredBlob implements Blob {
    private final Blobs blobs;
    private final BlobReference reference;

    StoredBlob(Blobs blobs, BlobReference reference) {
        this.blobs = blobs;
        this.reference = reference;
    }

    BlobReference reference() {
        return reference;
    }

    /** Whether what is referred to is in a certain store. */
    boolean isIn(Blobs others) {
        return blobs.isSameStore(others);
    }

    @Override
    public long size() {
        return reference.size();
    }

    @Override
    public String sha256() {
        return reference.sha256();
    }

    @Override
    public InputStream open() throws IOException {
        return blobs.open(reference);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StoredBlob blob && reference.key().equals(blob.reference.key());
    }

    @Override
    public int hashCode() {
        return reference.key().hashCode();
    }

    @Override
    public String toString() {
        return "blob " + reference.key().name() + ", " + size() + " bytes";
    }
}
