package dev.flowengine.internal.machine;

import java.util.Arrays;

/** A list of ints that keeps its memory between uses. */
final class IntList {
    private static final int FIRST_CAPACITY = 16;
    private static final int[] NONE = {};

    private int[] items = NONE;
    private int size;

    void add(int item) {
        if (size == items.length) {
            items = Arrays.copyOf(items, Math.max(FIRST_CAPACITY, size * 2));
        }
        items[size++] = item;
    }

    int get(int index) {
        return items[index];
    }

    int removeLast() {
        return items[--size];
    }

    /** Removes an item, keeping the order of the others; false if it is not there. */
    boolean remove(int item) {
        for (int i = 0; i < size; i++) {
            if (items[i] == item) {
                System.arraycopy(items, i + 1, items, i, --size - i);
                return true;
            }
        }
        return false;
    }

    void clear() {
        size = 0;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }
}
