package dev.flowengine.persistence;

import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Names a blob. The name is the engine's own, and safe to be part of a file's name or a URL; the id of the run is any text,
 * as everywhere, and is not.
 *
 * @param executionId the run it belongs to, with which it goes
 * @param name 1 to 64 of {@code a-z}, {@code 0-9} and {@code -}; unique within the run
 */
public record BlobKey(String executionId, String name) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");

    /** Refuses null, and a name of other characters. */
    public BlobKey {
        Objects.requireNonNull(executionId, "executionId");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a blob is named by 1 to 64 of a-z, 0-9 and '-', and not '" + shortened(name) + "'");
        }
    }

    /**
     * Names a new blob.
     *
     * @param executionId the run it belongs to
     * @return a key that no other blob has
     */
    public static BlobKey fresh(String executionId) {
        return new BlobKey(executionId, UUID.randomUUID().toString());
    }

    private static String shortened(String name) {
        return name.length() <= 80 ? name : name.substring(0, 80) + "…";
    }
}
