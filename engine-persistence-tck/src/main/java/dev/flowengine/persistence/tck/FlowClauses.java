package dev.flowengine.persistence.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.persistence.ConnectionRecord;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.FlowNodeRecord;
import dev.flowengine.persistence.FlowRecord;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code register} promises. */
abstract class FlowClauses extends Clauses {

    FlowClauses(Supplier<StoreFixture> opening) {
        super(opening);
    }

    @Test
    void a_structure_reads_back_in_order() {
        FlowRecord flow = flow("1", "first");

        assertThat(store.register(flow)).isEqualTo(flow);

        assertThat(fixture.anotherStore().flow(flow.key())).contains(flow);
        assertThat(store.flow(new FlowKey("orders", "2"))).isEmpty();
    }

    @Test
    void a_flow_without_connections_reads_back_too() {
        FlowRecord flow = new FlowRecord(
                new FlowKey("lonely", "1"), "Lonely", "d", List.of(new FlowNodeRecord("a", "TRIGGER", "")), List.of());

        store.register(flow);

        assertThat(store.flow(flow.key())).contains(flow);
    }

    @Test
    void the_first_structure_of_an_edition_stays_and_is_told() {
        FlowRecord first = flow("1", "first");
        store.register(first);

        assertThat(store.register(flow("1", "second"))).isEqualTo(first);
        assertThat(store.register(first)).isEqualTo(first);
        assertThat(store.register(flow("2", "second"))).isEqualTo(flow("2", "second"));

        assertThat(store.flow(first.key())).contains(first);
    }

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {2, 8})
    void of_those_who_register_at_once_all_are_told_the_same(int threads) throws Exception {
        for (int round = 0; round < 10; round++) {
            String version = "" + round;
            List<FlowRecord> told =
                    Together.run(threads, thread -> side(thread).register(flow(version, "thread " + thread)));

            assertThat(told)
                    .containsOnly(store.flow(new FlowKey("orders", version)).orElseThrow());
        }
    }

    private static FlowRecord flow(String version, String digest) {
        return new FlowRecord(
                new FlowKey("orders", version),
                "Orders",
                digest,
                List.of(
                        new FlowNodeRecord("z", "TRIGGER", "main"),
                        new FlowNodeRecord("a", "BRANCH", "true, false"),
                        new FlowNodeRecord("m", "NODE", "")),
                List.of(
                        new ConnectionRecord("z", "main", "a", "main"),
                        new ConnectionRecord("a", "true", "m", "left"),
                        new ConnectionRecord("a", "false", "m", "right"),
                        new ConnectionRecord("z", "main", "m", "left")));
    }
}
