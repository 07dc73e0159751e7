package dev.flowengine.internal.journal;

import dev.flowengine.internal.attempt.UnkeptOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.LongFunction;

/** Takes the bytes of a blob, up to a limit, and digests them. Closing it does not close what it writes to. */
final class MeasuredBlobOutput extends OutputStream {
    private final OutputStream out;
    private final long most;
    private final LongFunction<UnkeptOutput> tooLarge;
    private final BlobDigest digest = new BlobDigest();

    MeasuredBlobOutput(OutputStream out, long most, LongFunction<UnkeptOutput> tooLarge) {
        this.out = out;
        this.most = most;
        this.tooLarge = tooLarge;
    }

    @Override
    public void write(int one) throws IOException {
        require(1);
        out.write(one);
        digest.add(one);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        require(length);
        out.write(from, offset, length);
        digest.add(from, offset, length);
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    BlobDigest digest() {
        return digest;
    }

    private void require(int more) {
        if (digest.size() + more > most) {
            throw tooLarge.apply(digest.size() + more);
        }
    }
}
