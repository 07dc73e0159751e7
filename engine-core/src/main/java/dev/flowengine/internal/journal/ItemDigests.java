package dev.flowengine.internal.journal;

import dev.flowengine.graph.Ports;
import dev.flowengine.model.Iteration;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.Payload;
import java.util.SortedMap;

/** What the items were like that had begun of a map, when it was left. Immutable. */
final class ItemDigests {
    private static final int HEX_OF_LONG = 16;

    private final Iteration iteration;
    private final long[] digests;

    /**
     * Remembers items.
     *
     * @param iteration the iteration the map is in
     * @param items the rows of its items by their numbers, from 1; some may be left out
     */
    ItemDigests(Iteration iteration, SortedMap<Integer, NodeRecord> items) {
        this.iteration = iteration;
        this.digests = new long[items.isEmpty() ? 0 : items.lastKey()];
        items.forEach((item, row) -> {
            Payload payload = row.result().outputs().get(Ports.LOOP);
            digests[item - 1] = payload == null ? 0 : of(payload);
        });
    }

    /** Whether they are the items the map is at now. */
    boolean isOf(Iteration now) {
        return iteration.equals(now);
    }

    boolean has(int item, Payload payload) {
        return item > digests.length || digests[item - 1] == of(payload);
    }

    /** What items were like, the first at 0; 0 for those that have not begun. */
    long[] all() {
        return digests.clone();
    }

    /** Of the contents, whether a row holds them or a blob does. */
    static long of(Payload payload) {
        String sha256 = BlobReference.isOne(payload)
                ? BlobReference.of(payload.bytes()).map(BlobReference::sha256).orElseGet(() -> sha256(payload))
                : sha256(payload);
        return Long.parseUnsignedLong(sha256.substring(0, HEX_OF_LONG), 16);
    }

    private static String sha256(Payload payload) {
        BlobDigest digest = new BlobDigest();
        byte[] bytes = payload.bytes();
        digest.add(bytes, 0, bytes.length);
        return digest.hex();
    }
}
