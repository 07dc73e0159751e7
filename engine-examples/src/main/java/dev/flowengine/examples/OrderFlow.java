package dev.flowengine.examples;

import dev.flowengine.examples.Shop.Approval;
import dev.flowengine.examples.Shop.Order;
import dev.flowengine.examples.Shop.Quote;
import dev.flowengine.examples.Shop.Receipt;
import dev.flowengine.examples.Shop.Stock;
import dev.flowengine.flow.BranchRef;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.TriggerRef;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * An order from two possible triggers to its mail: a merge, work side by side, a branch, a review that answers later,
 * and a node that needs two inputs. What may go wrong is provided for: the warehouse is tried again, and a review that
 * takes too long or fails goes on at its error output.
 *
 * @param flow the flow
 * @param receipt what it comes to
 */
record OrderFlow(Flow flow, NodeRef<Receipt> receipt) {
    private static final int BIG = 1_000;

    /**
     * Builds the flow.
     *
     * @param warehouse reserves, but may be out of reach
     * @param desk reviews what is big
     * @param reviewTimeout how long the desk may take
     * @param mailer is given the receipt
     */
    static OrderFlow of(Warehouse warehouse, ReviewDesk desk, Duration reviewTimeout, Consumer<Receipt> mailer) {
        FlowBuilder f = Flow.builder("order-fulfilment").version("1");
        TriggerRef<Order> placed = f.trigger("order-placed", Order.class);
        TriggerRef<Order> resent = f.trigger("order-resent", Order.class);
        NodeRef<Order> order = f.merge("order", placed, resent);
        NodeRef<Stock> stock = f.node("reserve-stock", order, warehouse::reserve)
                .returns(Stock.class)
                .retry(RetryPolicy.exponential(Duration.ofMillis(20))
                        .maxAttempts(4)
                        .on(IOException.class));
        NodeRef<Quote> quote = f.node("quote", order, Shop::quote).returns(Quote.class);
        BranchRef<Quote> size =
                f.branch("size", quote).when("big", q -> q.total() > BIG).otherwise("small");
        NodeRef<Approval> review = f.asyncNode("review", size.on("big"), desk::ask)
                .returns(Approval.class)
                .timeout(reviewTimeout);
        NodeRef<Approval> escalated =
                f.node("escalate", review.error(), Shop::escalate).returns(Approval.class);
        NodeRef<Approval> auto =
                f.node("auto-approve", size.on("small"), Shop::approve).returns(Approval.class);
        NodeRef<Approval> approved = f.merge("approved", review, escalated, auto);
        NodeRef<Receipt> receipt =
                f.node("receipt", approved, stock, Shop::receipt).returns(Receipt.class);
        f.action("mail", receipt, mailer::accept);
        return new OrderFlow(f.build(), receipt);
    }
}
