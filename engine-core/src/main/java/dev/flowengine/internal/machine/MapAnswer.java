package dev.flowengine.internal.machine;

import dev.flowengine.node.LoopItem;
import dev.flowengine.node.PortValues;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt of a map has come to: the next item, that there is none, or what the map puts out in the end.
 *
 * @param item the next item, or that there is none
 * @param number of the item; if there is none, how many there were
 * @param source where it was taken from; null in the end
 * @param outputs what the map puts out; null before the end
 */
public record MapAnswer(
        LoopItem item,
        int number,
        @Nullable ItemSource source,
        @Nullable PortValues outputs) {

    /**
     * The next item.
     *
     * @param item the item, or that there is none
     * @param number of the item; if there is none, how many there were
     * @param source where it was taken from
     * @return the answer
     */
    public static MapAnswer next(LoopItem item, int number, ItemSource source) {
        return new MapAnswer(item, number, source, null);
    }

    /**
     * The end of the map.
     *
     * @param outputs what it puts out
     * @return the answer
     */
    public static MapAnswer end(PortValues outputs) {
        return new MapAnswer(LoopItem.none(), 0, null, outputs);
    }
}
