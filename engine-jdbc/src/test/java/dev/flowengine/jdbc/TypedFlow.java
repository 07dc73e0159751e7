package dev.flowengine.jdbc;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.node.TypeRef;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A flow whose values are records, generic ones among them, of a sealed type, Optional, and null. */
final class TypedFlow {
    static final String TRIGGER = "placed";
    static final String LAST = "sum";

    private TypedFlow() {}

    /** The flow; what is given is told of each body that begins. */
    static Flow of(Consumer<String> begins) {
        FlowBuilder f = Flow.builder("typed");
        TriggerRef<Order> placed = f.trigger(TRIGGER, Order.class);
        NodeRef<Payment> payment = f.node("payment", placed, order -> {
                    begins.accept("payment");
                    return order.payment();
                })
                .returns(Payment.class);
        NodeRef<Line> nothing = f.node("nothing", placed, order -> {
                    begins.accept("nothing");
                    return (Line) null;
                })
                .returns(Line.class);
        NodeRef<Optional<Line>> first = f.node("first", placed, order -> {
                    begins.accept("first");
                    return order.lines().values().stream().findFirst();
                })
                .returns(new TypeRef<Optional<Line>>() {});
        NodeRef<Pair<List<Line>, LocalDate>> pair = f.node("pair", placed, order -> {
                    begins.accept("pair");
                    return new Pair<>(List.copyOf(order.lines().values()), LocalDate.EPOCH);
                })
                .returns(new TypeRef<Pair<List<Line>, LocalDate>>() {});
        NodeRef<String> middle = f.node("middle", payment, nothing, pair, (paid, none, lines) -> {
                    begins.accept("middle");
                    return paid + " " + none + " " + lines.left().get(0).price().add(BigDecimal.ONE) + " "
                            + lines.right().plusDays(1);
                })
                .returns(String.class)
                .after(first);
        f.node(LAST, middle, first, placed, (text, line, order) -> {
                    begins.accept(LAST);
                    return text + " " + line.orElseThrow().item() + " "
                            + order.note().isPresent();
                })
                .returns(String.class);
        return f.build();
    }

    static Order order() {
        return new Order(
                "o-1",
                Optional.empty(),
                new Card("4711", Optional.of(3)),
                Map.of("1", new Line("book", new BigDecimal("12.50"))));
    }

    record Order(String id, Optional<String> note, Payment payment, Map<String, Line> lines) {}

    record Line(String item, BigDecimal price) {}

    record Pair<L, R>(L left, R right) {}

    /** Told apart by what it permits. */
    sealed interface Payment permits Card, Transfer {}

    record Card(String number, Optional<Integer> rates) implements Payment {}

    record Transfer(String iban) implements Payment {}
}
