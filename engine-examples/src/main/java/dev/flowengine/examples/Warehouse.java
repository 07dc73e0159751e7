package dev.flowengine.examples;

import dev.flowengine.examples.Shop.Order;
import dev.flowengine.examples.Shop.Stock;
import java.net.ConnectException;
import java.util.concurrent.atomic.AtomicInteger;

/** A warehouse that is out of reach a few times before it answers. */
final class Warehouse {
    private static final int HALLS = 3;

    private final AtomicInteger failuresLeft;

    Warehouse(int failures) {
        this.failuresLeft = new AtomicInteger(failures);
    }

    /** Reserves the article where it is. */
    Stock reserve(Order order) throws ConnectException {
        if (failuresLeft.getAndDecrement() > 0) {
            throw new ConnectException("the warehouse is out of reach");
        }
        return new Stock(order.article(), 1 + Math.floorMod(order.article().hashCode(), HALLS));
    }
}
