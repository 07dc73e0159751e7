package dev.flowengine.examples;

import dev.flowengine.model.FlowError;
import java.util.Objects;

/** The work of the order flow: small, pure functions that know nothing of the engine. */
final class Shop {
    private static final int SHIPPING = 5;

    private Shop() {}

    record Order(String id, String article, int total) {}

    record Stock(String article, int warehouse) {}

    record Quote(String orderId, int total, int shipping) {}

    record Approval(String orderId, String by) {}

    record Receipt(String orderId, String approvedBy, int warehouse) {}

    /** What the order comes to, and its shipping. */
    static Quote quote(Order order) {
        return new Quote(order.id(), order.total(), SHIPPING);
    }

    /** Small sums need nobody. */
    static Approval approve(Quote quote) {
        return new Approval(quote.orderId(), "nobody: small enough");
    }

    /** Somebody else approves what the review desk failed to: the failure holds what the desk was asked. */
    static Approval escalate(FlowError failure) {
        Quote quote = (Quote) Objects.requireNonNull(failure.input());
        return new Approval(quote.orderId(), "the head of sales");
    }

    /** Needs both what was approved and what was reserved. */
    static Receipt receipt(Approval approval, Stock stock) {
        return new Receipt(approval.orderId(), approval.by(), stock.warehouse());
    }
}
