package dev.flowengine.internal.journal;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The digest and number of bytes that come one after the other. For one thread. */
final class BlobDigest {
    private final MessageDigest sha;
    private long size;

    BlobDigest() {
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }

    void add(byte[] bytes, int offset, int length) {
        sha.update(bytes, offset, length);
        size += length;
    }

    void add(int one) {
        sha.update((byte) one);
        size++;
    }

    long size() {
        return size;
    }

    /** To be asked once, at the end. */
    String hex() {
        return HexFormat.of().formatHex(sha.digest());
    }
}
