package dev.flowengine.persistence.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.Iteration;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.CreateAnswer;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.Message;
import dev.flowengine.persistence.NodeResult;
import dev.flowengine.persistence.NodeRun;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.Rejection;
import dev.flowengine.persistence.ResultCacheStore;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.StoreException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("R31 a store in memory is bounded by count and by bytes")
class InMemoryExecutionStoreTest {

    @Test
    void the_runs_that_ended_first_make_room_for_new_ones() {
        ExecutionStore store = new InMemoryExecutionStore(3, 1 << 20, () -> Samples.NOON);
        create(store, "open");
        create(store, "first");
        create(store, "second");
        end(store, "second", 2);
        end(store, "first", 1);

        create(store, "new");

        assertThat(ids(store)).containsExactlyInAnyOrder("open", "second", "new");
    }

    @Test
    void a_run_that_a_node_waits_for_makes_no_room() {
        ExecutionStore store = new InMemoryExecutionStore(3, 1 << 20, () -> Samples.NOON);
        create(store, "parent");
        store.apply(RunBatch.of("parent", 1, 1).insert(Samples.queued("call")).build());
        store.create(Samples.owned(
                RunHeader.of("child", Samples.FLOW, "placed", Samples.NOON)
                        .parent(new NodeRun("parent", "call", Iteration.NONE))
                        .build(),
                "w"));
        end(store, "child", 1);
        create(store, "later");
        end(store, "later", 2);

        create(store, "new");

        assertThat(ids(store)).containsExactlyInAnyOrder("parent", "child", "new");
    }

    @Test
    void a_store_full_of_runs_that_go_on_takes_no_other() {
        ExecutionStore store = new InMemoryExecutionStore(2, 1 << 20, () -> Samples.NOON);
        create(store, "a");
        create(store, "b");

        CreateAnswer refused = store.create(Samples.owned("c", "w"));

        assertThat(refused.rejection().orElseThrow().reason()).isEqualTo(Rejection.Reason.STORE_FULL);
        assertThat(store.create(Samples.owned("a", "w")).outcome()).isEqualTo(CreateAnswer.Outcome.EXISTING);
        end(store, "a", 1);
        create(store, "c");
    }

    @Test
    void a_batch_that_is_too_large_is_refused_and_the_run_can_still_end() {
        ExecutionStore store = new InMemoryExecutionStore(10, 10_000, () -> Samples.NOON);
        create(store, "ended");
        end(store, "ended", 1);
        create(store, "r");

        BatchAnswer answer = store.apply(RunBatch.of("r", 1, 1)
                .insert(Samples.queued("n")
                        .settled(NodeStatus.COMPLETED, NodeResult.fired("main", large()), Samples.NOON))
                .build());

        assertThat(answer.rejection().orElseThrow().reason()).isEqualTo(Rejection.Reason.STORE_FULL);
        assertThat(store.load("r").orElseThrow().nodes()).isEmpty();
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> store.post("r", Message.signal("m", "s", "", large())))
                .matches(refused -> refused.kind() == FailureKind.LIMIT_EXCEEDED);
        end(store, "r", 2);
    }

    @Test
    void what_was_acted_upon_and_what_is_gone_takes_no_room() {
        ExecutionStore store = new InMemoryExecutionStore(10, 30_000, () -> Samples.NOON);
        for (int i = 0; i < 50; i++) {
            String id = "r" + i;
            create(store, id);
            store.post(id, Message.signal("m", "s", "", Payload.of("x", new byte[9_000])));
            store.apply(RunBatch.of(id, 1, 1).consume("m").build());
            store.apply(RunBatch.of(id, 1, 2).state(Samples.COMPLETED).build());
        }

        assertThat(ids(store)).hasSize(10);
    }

    @Test
    void entries_of_the_cache_make_room_for_new_ones() {
        ResultCacheStore cache =
                new InMemoryExecutionStore().capability(ResultCacheStore.class).orElseThrow();
        for (int i = 0; i <= 10_000; i++) {
            cache.put("k" + i, Samples.payload("x"), Duration.ofHours(1));
        }

        assertThat(cache.get("k0")).isEmpty();
        assertThat(cache.get("k10000")).isPresent();
    }

    @Test
    void a_lease_is_positive() {
        ExecutionStore store = new InMemoryExecutionStore();

        assertThatIllegalArgumentException().isThrownBy(() -> store.renew("w", Duration.ZERO));
    }

    @Test
    void there_is_no_ability_it_does_not_have() {
        assertThat(new InMemoryExecutionStore().capability(Runnable.class)).isEmpty();
    }

    private static void create(ExecutionStore store, String id) {
        assertThat(store.create(Samples.owned(id, "w")).outcome()).isEqualTo(CreateAnswer.Outcome.CREATED);
    }

    private static void end(ExecutionStore store, String id, int seconds) {
        assertThat(store.apply(RunBatch.of(id, 1, 1)
                        .state(Samples.RUNNING.ended(ExecutionStatus.FAILED, Samples.NOON.plusSeconds(seconds)))
                        .build()))
                .isEqualTo(BatchAnswer.applied());
    }

    private static Payload large() {
        return Payload.of("x", new byte[20_000]);
    }

    private static List<String> ids(ExecutionStore store) {
        return store.query(RunQuery.all(100)).runs().stream()
                .map(RunRecord::executionId)
                .toList();
    }
}
