package dev.flowengine.internal.journal;

import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.internal.machine.NodeTable;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.Payload;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the row of an item says of its map: the lane it began in, and how many items there are.
 *
 * @param lane position of the lane
 * @param width how many items, or {@link NodeTable#UNKNOWN_WIDTH}
 */
record LaneNote(int lane, int width) {
    private static final String PORT = "lane";
    private static final String TYPE = "text/plain";

    /** Of an item that begins in a lane. */
    static LaneNote of(PlanLayout layout, int head, int width) {
        int[] lanes = layout.loops().region(layout.loops().region(head).map()).lanes();
        int lane = 0;
        while (lanes[lane] != head) {
            lane++;
        }
        return new LaneNote(lane, width);
    }

    /** Reads the note of a row. */
    static LaneNote of(NodeRecord row) {
        Payload payload = row.result().outputs().get(PORT);
        if (payload == null) {
            return new LaneNote(0, NodeTable.UNKNOWN_WIDTH);
        }
        String text = new String(payload.bytes(), StandardCharsets.US_ASCII);
        int space = text.indexOf(' ');
        return new LaneNote(Integer.parseInt(text.substring(0, space)), Integer.parseInt(text.substring(space + 1)));
    }

    Map<String, Payload> addedTo(Map<String, Payload> outputs) {
        Map<String, Payload> all = new LinkedHashMap<>(outputs);
        all.put(PORT, Payload.of(TYPE, (lane + " " + width).getBytes(StandardCharsets.US_ASCII)));
        return all;
    }
}
