package dev.flowengine.internal.journal;

import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Ports;
import dev.flowengine.internal.machine.ReusedItems;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.Payload;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The items of a map that a run takes over, as part of how it was started. What they have brought back is one value, of the type of
 * the map's own results.
 *
 * @param payloads encodes and decodes values
 */
record ItemsCodec(Payloads payloads) {

    void write(DataOutputStream out, NodeDefinition map, ReusedItems items, UnaryOperator<Payload> change)
            throws IOException {
        out.writeInt(items.width());
        writeLongs(out, items.completed().toLongArray());
        writeLongs(out, items.digests());
        List<@Nullable Object> all = new ArrayList<>();
        out.writeInt(items.results().size());
        for (Map.Entry<Integer, List<@Nullable Object>> brought : new TreeMap<>(items.results()).entrySet()) {
            out.writeInt(brought.getKey());
            out.writeInt(brought.getValue().size());
            all.addAll(brought.getValue());
        }
        if (!all.isEmpty()) {
            Payload results = change.apply(payloads.encode(map, Ports.DONE, all));
            out.writeInt(results.size());
            out.write(results.bytes());
        }
    }

    ReusedItems read(DataInputStream in, NodeDefinition map) throws IOException {
        int width = in.readInt();
        BitSet completed = BitSet.valueOf(readLongs(in));
        long[] digests = readLongs(in);
        Map<Integer, Integer> sizes = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            sizes.put(in.readInt(), in.readInt());
        }
        List<?> all = sizes.isEmpty() ? List.of() : results(in, map);
        Map<Integer, List<@Nullable Object>> results = new HashMap<>();
        int next = 0;
        for (Map.Entry<Integer, Integer> size : sizes.entrySet()) {
            results.put(size.getKey(), new ArrayList<>(all.subList(next, next + size.getValue())));
            next += size.getValue();
        }
        return new ReusedItems(width, completed, results, digests);
    }

    private List<?> results(DataInputStream in, NodeDefinition map) throws IOException {
        TypeRef<?> type = Payloads.typeOf(map, Ports.DONE)
                .orElseThrow(() -> new IOException("the results of map '" + map.id() + "' have no declared type"));
        byte[] bytes = in.readNBytes(in.readInt());
        if (payloads.decode(Payload.of("", bytes), type) instanceof List<?> results) {
            return results;
        }
        throw new IOException("the results of map '" + map.id() + "' are no list");
    }

    private static void writeLongs(DataOutputStream out, long[] longs) throws IOException {
        out.writeInt(longs.length);
        for (long each : longs) {
            out.writeLong(each);
        }
    }

    private static long[] readLongs(DataInputStream in) throws IOException {
        long[] longs = new long[in.readInt()];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = in.readLong();
        }
        return longs;
    }
}
