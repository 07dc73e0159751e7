package dev.flowengine.internal.machine;

import java.util.Arrays;

/** A queue of ints that keeps its memory between uses. */
final class IntFifo {
    private int[] items = new int[16];
    private int head;
    private int tail;

    void add(int item) {
        if (tail == items.length) {
            makeRoom();
        }
        items[tail++] = item;
    }

    int remove() {
        int item = items[head++];
        if (head == tail) {
            head = 0;
            tail = 0;
        }
        return item;
    }

    void clear() {
        head = 0;
        tail = 0;
    }

    boolean isEmpty() {
        return head == tail;
    }

    int size() {
        return tail - head;
    }

    private void makeRoom() {
        if (head > items.length / 2) {
            System.arraycopy(items, head, items, 0, tail - head);
            tail -= head;
            head = 0;
        } else {
            items = Arrays.copyOf(items, items.length * 2);
        }
    }
}
