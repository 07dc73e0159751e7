package dev.flowengine.internal.attempt;

import dev.flowengine.internal.machine.ItemSource;
import dev.flowengine.internal.machine.NodeTable;
import dev.flowengine.node.Items;
import dev.flowengine.node.LoopItem;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;

/** The source of a map while it is open. Whoever comes last closes it: who is told to, or who is just taking from it. */
final class OpenItems implements ItemSource {
    private final Items<?> items;
    private final AtomicBoolean inUse = new AtomicBoolean();
    private volatile boolean closed;

    OpenItems(Items<?> items) {
        this.items = items;
    }

    @Override
    public int width() {
        return items.width().orElse(NodeTable.UNKNOWN_WIDTH);
    }

    /** Takes the next item, or finds that there is none. Also throws what closing has, if that was left to this call. */
    LoopItem next() throws Exception {
        if (!inUse.compareAndSet(false, true)) {
            throw new CancellationException("the items of the map are not asked for any more");
        }
        try {
            return items.next();
        } finally {
            inUse.set(false);
            if (closed) {
                close();
            }
        }
    }

    @Override
    public void close() throws Exception {
        closed = true;
        if (inUse.compareAndSet(false, true)) {
            items.close();
        }
    }
}
