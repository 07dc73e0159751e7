package dev.flowengine.node;

import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a map goes through: the elements of a list, of a stream, or of an iterator. It is opened once in an execution, asked
 * for one item after the other by one thread at a time, and closed when the map has settled, however that comes about. Where an
 * execution is gone on with, it is opened again and has to yield the same items in the same order.
 *
 * @param <T> type of an item
 */
public final class Items<T extends @Nullable Object> {
    private static final int UNKNOWN = -1;

    private final Iterator<? extends T> iterator;
    private final int width;
    private final AutoCloseable resource;

    private Items(Iterator<? extends T> iterator, int width, AutoCloseable resource) {
        this.iterator = iterator;
        this.width = width;
        this.resource = resource;
    }

    /**
     * The elements of a list, whose number is known from the beginning.
     *
     * @param list not changed from now on
     * @param <T> type of an item
     * @return the items
     */
    public static <T extends @Nullable Object> Items<T> of(List<? extends T> list) {
        return new Items<>(list.iterator(), list.size(), () -> {});
    }

    /**
     * The elements of a stream, which is closed with the items.
     *
     * @param stream not used otherwise; may have no end as long as something ends the map
     * @param <T> type of an item
     * @return the items
     */
    public static <T extends @Nullable Object> Items<T> of(Stream<? extends T> stream) {
        return new Items<>(stream.iterator(), UNKNOWN, stream);
    }

    /**
     * The elements of an iterator. It is closed with the items if it can be.
     *
     * @param iterator not used otherwise
     * @param <T> type of an item
     * @return the items
     */
    public static <T extends @Nullable Object> Items<T> of(Iterator<? extends T> iterator) {
        Objects.requireNonNull(iterator, "iterator");
        return new Items<>(iterator, UNKNOWN, iterator instanceof AutoCloseable resource ? resource : () -> {});
    }

    /**
     * How many items there are.
     *
     * @return their number; empty where that shows only at the end
     */
    public OptionalInt width() {
        return width == UNKNOWN ? OptionalInt.empty() : OptionalInt.of(width);
    }

    /**
     * Takes the next item.
     *
     * @return the item, or that there is none
     */
    public LoopItem next() {
        return iterator.hasNext() ? LoopItem.of(iterator.next()) : LoopItem.none();
    }

    /**
     * Closes what the items are taken from.
     *
     * @throws Exception what that has thrown
     */
    public void close() throws Exception {
        resource.close();
    }
}
