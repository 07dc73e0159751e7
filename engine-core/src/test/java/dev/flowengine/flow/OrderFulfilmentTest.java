package dev.flowengine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.SkipReason;
import dev.flowengine.node.RunOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The example of the API's first page, with a method reference wherever one can stand: that it compiles is half the test. */
@DisplayName("the order flow, written with method references")
class OrderFulfilmentTest {
    private final Shop shop = new Shop();
    private final FlowBuilder f = Flow.builder("order-fulfilment").version("3");
    private final TriggerRef<Order> placed = f.trigger("order-placed", Order.class);
    private final TriggerRef<Order> resent = f.trigger("order-resent", Order.class);
    private final NodeRef<Order> order = f.merge("order", placed, resent);
    private final NodeRef<Stock> stock =
            f.node("reserve-stock", order, shop::reserve).returns(Stock.class);
    private final NodeRef<Quote> quote = f.node("quote", order, shop::quote).returns(Quote.class);
    private final BranchRef<Quote> size =
            f.branch("size", quote).when("big", q -> q.total() > 1_000).otherwise("small");
    private final NodeRef<Approval> review =
            f.asyncNode("review", size.on("big"), shop::ask).returns(Approval.class);
    private final NodeRef<Approval> auto =
            f.node("auto-approve", size.on("small"), q -> Approval.AUTO).returns(Approval.class);
    private final NodeRef<Approval> ok = f.merge("approved", review, auto);
    private final NodeRef<Receipt> receipt =
            f.node("receipt", ok, stock, Receipt::of).returns(Receipt.class);
    private final NodeRef<Void> mail = f.action("mail", receipt, shop::send);
    private final Flow flow = f.build();

    @Test
    void a_small_order_is_approved_by_itself() throws Exception {
        ExecutionResult result = Runs.run(flow, placed, new Order(3));

        assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(result.output(receipt)).isEqualTo(new Receipt(Approval.AUTO, new Stock(3)));
        assertThat(result.output(mail)).isNull();
        assertThat(shop.sent).containsExactly(new Receipt(Approval.AUTO, new Stock(3)));
        assertThat(result.snapshot().node("review").orElseThrow().skipReason()).contains(SkipReason.BRANCH_NOT_TAKEN);
    }

    @Test
    void a_big_order_is_reviewed() throws Exception {
        ExecutionResult result = Runs.run(flow, placed, new Order(300));

        assertThat(result.output(receipt).approval()).isEqualTo(Approval.BY_HAND);
        assertThat(result.snapshot().node("auto-approve").orElseThrow().skipReason())
                .contains(SkipReason.BRANCH_NOT_TAKEN);
    }

    @Test
    @DisplayName("S5 the same flow starts from the other trigger without waiting for the first")
    void an_order_sent_again_takes_the_same_way() throws Exception {
        ExecutionResult result = Runs.run(flow, resent, new Order(3));

        assertThat(result.output(receipt)).isEqualTo(new Receipt(Approval.AUTO, new Stock(3)));
        assertThat(result.snapshot().node("order-placed")).isEmpty();
    }

    @Test
    void the_run_can_stop_at_the_quote() throws Exception {
        RunOptions upToQuote = RunOptions.builder().upTo(quote).build();

        ExecutionResult result = Runs.run(flow, placed.nodeId(), new Order(3), upToQuote);

        assertThat(result.executionPath()).containsExactly("order-placed", "order", "quote");
    }

    @Test
    void has_no_warnings() {
        assertThat(flow.validation().problems()).isEmpty();
        assertThat(flow.version()).isEqualTo("3");
    }

    private record Order(int items) {}

    private record Stock(int reserved) {}

    private record Quote(int total) {}

    private enum Approval {
        AUTO,
        BY_HAND
    }

    private record Receipt(Approval approval, Stock stock) {
        static Receipt of(Approval approval, Stock stock) {
            return new Receipt(approval, stock);
        }
    }

    /** Methods as a host has them: some throw checked exceptions. */
    private static final class Shop {
        private final List<Receipt> sent = new CopyOnWriteArrayList<>();

        Stock reserve(Order order) throws IOException {
            return new Stock(order.items());
        }

        Quote quote(Order order) {
            return new Quote(order.items() * 10);
        }

        CompletionStage<Approval> ask(Quote quote) throws InterruptedException {
            return CompletableFuture.completedFuture(Approval.BY_HAND);
        }

        void send(Receipt receipt) throws IOException {
            sent.add(receipt);
        }
    }
}
