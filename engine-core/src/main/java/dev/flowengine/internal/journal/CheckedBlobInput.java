package dev.flowengine.internal.journal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The bytes of a blob, which are checked when their end is reached: a reader that stops before has asked for no more. */
final class CheckedBlobInput extends FilterInputStream {
    private final BlobReference reference;
    private @Nullable BlobDigest digest = new BlobDigest();

    CheckedBlobInput(InputStream in, BlobReference reference) {
        super(in);
        this.reference = reference;
    }

    @Override
    public int read() throws IOException {
        int one = super.read();
        BlobDigest open = digest;
        if (one < 0) {
            check();
        } else if (open != null) {
            open.add(one);
        }
        return one;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int count = super.read(into, offset, length);
        BlobDigest open = digest;
        if (count < 0) {
            check();
        } else if (open != null) {
            open.add(into, offset, count);
        }
        return count;
    }

    /** By reading: what is skipped is checked, too. */
    @Override
    public long skip(long most) throws IOException {
        byte[] skipped = new byte[(int) Math.max(0, Math.min(most, 8_192))];
        int count = skipped.length == 0 ? 0 : read(skipped, 0, skipped.length);
        return Math.max(0, count);
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void check() {
        BlobDigest all = digest;
        if (all == null) {
            return;
        }
        if (all.size() != reference.size()) {
            throw reference.damaged("it has " + all.size() + " bytes, and had " + reference.size());
        }
        if (!all.hex().equals(reference.sha256())) {
            throw reference.damaged("its " + reference.size() + " bytes are not those that were written");
        }
        digest = null;
    }
}
