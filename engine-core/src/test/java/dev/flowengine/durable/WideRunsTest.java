package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.extension.PayloadCodec;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.MapRef;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.tck.ForwardingExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.testing.JavaCodec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("R25 what wide executions write grows as they do, and no faster")
@Tag("once")
@Timeout(120)
class WideRunsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final TypeRef<List<Integer>> NUMBERS = new TypeRef<>() {};
    private final AtomicLong rows = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    @Test
    @DisplayName("R25 a fan-in of 10,000: one row for each node but a few, and each value is written once")
    void fan_in() throws Exception {
        Cost small = cost(fanIn(2_500), List.of(1));
        Cost large = cost(fanIn(10_000), List.of(1));

        assertThat(large.rows).isLessThan(10_100);
        large.mustBeAtMost(4, small);
    }

    @Test
    @DisplayName(
            "R25 S33 the items of a map and its join: three rows for each item, and no value is written more often for it")
    void map() throws Exception {
        Cost small = cost(mapped(), numbers(1_000));
        Cost large = cost(mapped(), numbers(4_000));

        assertThat(large.rows).isLessThan(3 * 4_000 + 100);
        large.mustBeAtMost(4, small);
    }

    private record Cost(long rows, long bytes) {

        /** A tenth more is for what comes together in one write, and for larger numbers. */
        void mustBeAtMost(int times, Cost other) {
            assertThat(rows).as("rows, %s", this).isLessThanOrEqualTo(times * other.rows * 11 / 10);
            assertThat(bytes).as("bytes, %s", this).isLessThanOrEqualTo(times * other.bytes * 11 / 10);
        }
    }

    private Cost cost(Flow flow, List<Integer> data) throws Exception {
        rows.set(0);
        bytes.set(0);
        try (FlowEngine engine =
                Durable.builder(new Counting()).codec(new CountingCodec()).build()) {
            assertThat(engine.executeFromTrigger(flow, "t", data)
                            .await(PATIENCE)
                            .orElseThrow()
                            .status())
                    .isEqualTo(ExecutionStatus.COMPLETED);
        }
        return new Cost(rows.get(), bytes.get());
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Flow fanIn(int width) {
        FlowBuilder f = Flow.builder("fan-in");
        TriggerRef<List<Integer>> t = f.trigger("t", NUMBERS);
        NodeRef<Integer>[] sources = new NodeRef[width];
        for (int i = 0; i < width; i++) {
            sources[i] = f.node("n" + i, t, List::size).returns(Integer.class);
        }
        f.node("sum", f.<Integer>collect("all", sources).returns(NUMBERS), List::size)
                .returns(Integer.class);
        return f.build();
    }

    private static Flow mapped() {
        FlowBuilder f = Flow.builder("map");
        TriggerRef<List<Integer>> t = f.trigger("t", NUMBERS);
        MapRef<Integer> each =
                f.map("each", t, n -> f.node("work", n, i -> i + 1).returns(Integer.class));
        f.node("sum", each, List::size).returns(Integer.class);
        return f.build();
    }

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private final class Counting extends ForwardingExecutionStore {

        Counting() {
            super(new InMemoryExecutionStore());
        }

        @Override
        public List<BatchAnswer> apply(List<RunBatch> batches) {
            batches.forEach(batch ->
                    rows.addAndGet(batch.inserted().size() + batch.updated().size()));
            return super.apply(batches);
        }
    }

    private final class CountingCodec implements PayloadCodec {
        private final JavaCodec codec = new JavaCodec();

        @Override
        public String contentType() {
            return codec.contentType();
        }

        @Override
        public byte[] encode(@Nullable Object value, TypeRef<?> type) {
            byte[] encoded = codec.encode(value, type);
            bytes.addAndGet(encoded.length);
            return encoded;
        }

        @Override
        public <T> @Nullable T decode(byte[] encoded, TypeRef<T> type) {
            return codec.decode(encoded, type);
        }
    }
}
