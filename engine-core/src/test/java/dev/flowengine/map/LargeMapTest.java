package dev.flowengine.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.MapRef;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.node.Items;
import dev.flowengine.node.MapSummary;
import dev.flowengine.testing.Engines;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code flowengine.test.mapItems} says how many items there are: 100,000 take some seconds. */
@DisplayName("S33 maps over many items")
@Timeout(300)
class LargeMapTest {
    private static final int ITEMS = Integer.getInteger("flowengine.test.mapItems", 20_000);
    private static final int WINDOW = 8;

    @Test
    @DisplayName(
            "S33 a stream is pulled no further than items can begin, and what is held does not grow with their number")
    void holds_a_window() throws InterruptedException {
        AtomicInteger pulled = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        FlowBuilder f = Flow.builder("large");
        TriggerRef<Integer> count = f.trigger("count", Integer.class);
        MapRef<Void> all = f.<Integer, Integer, Void>mapOver(
                        "each",
                        count,
                        n -> Items.of(IntStream.range(0, n).boxed().peek(i -> {
                            int held = pulled.incrementAndGet() - ended.get();
                            most.accumulateAndGet(held, Math::max);
                        })),
                        each -> {
                            f.action("work", each, n -> ended.incrementAndGet());
                            return null;
                        })
                .concurrency(WINDOW);
        NodeRef<Integer> items = f.node("items", all.summary(), MapSummary::items);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult end = engine.executeFromTrigger(flow, count, ITEMS).await();
            assertThat(end.output(items)).isEqualTo(ITEMS);
            assertThat(end.snapshot().states("work")).hasSizeLessThanOrEqualTo(WINDOW);
        }
        assertThat(ended).hasValue(ITEMS);
        // The one that has been pulled for a lane that is free.
        assertThat(most.get()).isLessThanOrEqualTo(WINDOW + 1);
    }

    @Test
    @DisplayName("S33 R25 results of many items come together in order, after all of them")
    void joins_many() throws InterruptedException {
        FlowBuilder f = Flow.builder("joined");
        TriggerRef<Integer> count = f.trigger("count", Integer.class);
        MapRef<Integer> all = f.<Integer, Integer, Integer>mapOver(
                        "each",
                        count,
                        n -> Items.of(IntStream.range(0, n).boxed().toList()),
                        each -> f.node("work", each, n -> n))
                .concurrency(64);
        NodeRef<Long> ordered = f.node("ordered", all, values -> {
            AtomicLong next = new AtomicLong();
            return values.stream().filter(n -> n == next.getAndIncrement()).count();
        });
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            assertThat(engine.executeFromTrigger(flow, count, 10_000).await().output(ordered))
                    .isEqualTo(10_000L);
        }
    }
}
