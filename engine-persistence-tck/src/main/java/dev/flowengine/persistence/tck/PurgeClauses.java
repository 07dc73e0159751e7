package dev.flowengine.persistence.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.Iteration;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.NodeKey;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.NodeResult;
import dev.flowengine.persistence.NodeRun;
import dev.flowengine.persistence.PostAnswer;
import dev.flowengine.persistence.PurgeRequest;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.Standing;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code purge} promises. */
abstract class PurgeClauses extends Clauses {
    private static final int ALL = 1_000;
    private static final Instant END_OF_TIME = Instant.MAX;

    PurgeClauses(Supplier<StoreFixture> opening) {
        super(opening);
    }

    @Test
    void runs_go_by_age_those_before_the_instant_and_not_the_one_at_it() {
        for (int i = 0; i < 5; i++) {
            ended("r" + i, i, ExecutionStatus.COMPLETED);
        }

        assertThat(store.purge(PurgeRequest.endedBefore(ExecutionStatus.COMPLETED, Samples.NOON.plusSeconds(2), ALL)))
                .isEqualTo(2);

        assertThat(left()).containsExactlyInAnyOrder("r2", "r3", "r4");
    }

    @Test
    void runs_go_by_count_and_those_that_ended_last_stay() {
        ended("x", 3, ExecutionStatus.COMPLETED);
        ended("y", 1, ExecutionStatus.COMPLETED);
        ended("z", 2, ExecutionStatus.COMPLETED);

        assertThat(store.purge(PurgeRequest.keeping(ExecutionStatus.COMPLETED, 5, ALL)))
                .isZero();
        assertThat(store.purge(PurgeRequest.keeping(ExecutionStatus.COMPLETED, 1, ALL)))
                .isEqualTo(2);

        assertThat(left()).containsExactly("x");
        assertThat(store.purge(PurgeRequest.keeping(ExecutionStatus.COMPLETED, 0, ALL)))
                .isEqualTo(1);
        assertThat(left()).isEmpty();
    }

    @Test
    void runs_go_that_are_too_old_or_too_many() {
        for (int i = 0; i < 6; i++) {
            ended("r" + i, i, ExecutionStatus.FAILED);
        }
        Optional<Instant> before = Optional.of(Samples.NOON.plusSeconds(2));

        assertThat(store.purge(request(before, OptionalLong.of(5)))).isEqualTo(2);
        assertThat(store.purge(request(before, OptionalLong.of(3)))).isEqualTo(1);
        assertThat(store.purge(request(Optional.empty(), OptionalLong.empty()))).isZero();

        assertThat(left()).containsExactlyInAnyOrder("r3", "r4", "r5");
    }

    @ParameterizedTest
    @EnumSource(
            value = ExecutionStatus.class,
            names = {"COMPLETED", "PARTIAL", "FAILED", "CANCELLED"})
    void only_runs_of_the_outcome_go(ExecutionStatus outcome) {
        List<ExecutionStatus> outcomes = List.of(
                ExecutionStatus.COMPLETED, ExecutionStatus.PARTIAL, ExecutionStatus.FAILED, ExecutionStatus.CANCELLED);
        outcomes.forEach(status -> ended(status.name(), 0, status));

        assertThat(store.purge(PurgeRequest.endedBefore(outcome, END_OF_TIME, ALL)))
                .isEqualTo(1);

        assertThat(left()).hasSize(3).doesNotContain(outcome.name());
    }

    @Test
    void only_runs_of_the_flow_go_and_only_they_are_counted() {
        for (int i = 0; i < 4; i++) {
            ended(header("a" + i, "orders", i), i, ExecutionStatus.COMPLETED);
            ended(header("b" + i, "bills", i), i, ExecutionStatus.COMPLETED);
        }

        assertThat(store.purge(
                        PurgeRequest.keeping(ExecutionStatus.COMPLETED, 3, ALL).flow("orders")))
                .isEqualTo(1);
        assertThat(store.purge(
                        PurgeRequest.keeping(ExecutionStatus.COMPLETED, 3, ALL).flow("nobody")))
                .isZero();

        assertThat(left()).hasSize(7).doesNotContain("a0");
    }

    @Test
    void runs_that_go_on_never_go_whatever_they_stand_as() {
        own("owned");
        create(Samples.claimable("claimable"));
        apply(RunBatch.of("due", own("due"), 1)
                .standing(Standing.due(Samples.NOON))
                .build());
        apply(RunBatch.of("dormant", own("dormant"), 1)
                .state(Samples.PAUSED)
                .standing(Standing.dormant(""))
                .build());
        ended("ended", 0, ExecutionStatus.COMPLETED);

        for (ExecutionStatus status : ExecutionStatus.values()) {
            if (status.isTerminal()) {
                store.purge(PurgeRequest.keeping(status, 0, ALL));
                store.purge(PurgeRequest.endedBefore(status, END_OF_TIME, ALL));
            }
        }

        assertThat(left()).containsExactlyInAnyOrder("owned", "claimable", "due", "dormant");
    }

    @Test
    void a_run_stays_until_the_node_that_started_it_has_settled() {
        long epoch = own("parent");
        NodeRecord waits = call(new Iteration(List.of(3, 7)), 2);
        apply(RunBatch.of("parent", epoch, 1)
                .insert(call(new Iteration(List.of(3, 7)), 1).settled(NodeStatus.FAILED, NodeResult.NONE, Samples.NOON))
                .insert(waits)
                .build());
        ended(child("child", "parent", new Iteration(List.of(3, 7))), 0, ExecutionStatus.COMPLETED);
        ended("other", 1, ExecutionStatus.COMPLETED);
        PurgeRequest all = PurgeRequest.keeping(ExecutionStatus.COMPLETED, 0, 1);

        assertThat(store.purge(all)).isEqualTo(1);
        assertThat(store.purge(all)).isZero();
        assertThat(store.purge(PurgeRequest.endedBefore(ExecutionStatus.COMPLETED, END_OF_TIME, ALL)))
                .isZero();
        assertThat(left()).containsExactlyInAnyOrder("parent", "child");

        apply(RunBatch.of("parent", epoch, 2)
                .update(waits.settled(NodeStatus.COMPLETED, NodeResult.NONE, Samples.NOON))
                .build());
        assertThat(store.purge(all)).isEqualTo(1);
        assertThat(left()).containsExactly("parent");
    }

    @Test
    void a_run_goes_that_no_node_waits_for_though_it_was_started_by_one() {
        apply(RunBatch.of("parent", own("parent"), 1)
                .insert(call(Iteration.NONE, 1))
                .build());
        apply(RunBatch.of("over", own("over"), 1)
                .insert(call(Iteration.NONE, 1))
                .state(Samples.RUNNING.ended(ExecutionStatus.FAILED, Samples.NOON))
                .build());
        own("idle");
        ended(child("awaited", "parent", Iteration.NONE), 0, ExecutionStatus.COMPLETED);
        ended(child("of another iteration", "parent", new Iteration(List.of(1))), 1, ExecutionStatus.COMPLETED);
        ended(child("of one that has ended", "over", Iteration.NONE), 2, ExecutionStatus.COMPLETED);
        ended(child("of one without rows", "idle", Iteration.NONE), 3, ExecutionStatus.COMPLETED);
        ended(child("of one that is gone", "gone", Iteration.NONE), 4, ExecutionStatus.COMPLETED);
        ended("of nobody", 5, ExecutionStatus.COMPLETED);

        assertThat(store.purge(PurgeRequest.keeping(ExecutionStatus.COMPLETED, 1, ALL)))
                .as("counted like the others")
                .isEqualTo(4);
        assertThat(left()).containsExactlyInAnyOrder("parent", "over", "idle", "awaited", "of nobody");
    }

    @ParameterizedTest(name = "{0} at a time")
    @ValueSource(ints = {1, 3, 100})
    void bounded_calls_always_progress_and_the_oldest_go_first(int limit) {
        int runs = 7;
        for (int i = 0; i < runs; i++) {
            ended("r" + i, i, ExecutionStatus.COMPLETED);
        }

        for (int removed = 0; removed < runs; removed += limit) {
            assertThat(left())
                    .hasSize(runs - removed)
                    .contains("r" + (runs - 1))
                    .doesNotContain("r" + (removed - 1));
            assertThat(store.purge(PurgeRequest.keeping(ExecutionStatus.COMPLETED, 0, limit)))
                    .isEqualTo(Math.min(limit, runs - removed));
        }
        assertThat(store.purge(PurgeRequest.keeping(ExecutionStatus.COMPLETED, 0, limit)))
                .isZero();
    }

    @Test
    void a_heavy_run_goes_in_one_piece() {
        own("heavy");
        RunBatch.Builder batch = RunBatch.of("heavy", 1, 1).state(Samples.COMPLETED);
        for (int i = 0; i < 2_000; i++) {
            batch.insert(Samples.completed("n" + i, "x"))
                    .step(Samples.step("n" + i, "s"))
                    .log(Samples.log("line " + i));
        }
        apply(batch.build());
        assertThat(image("heavy").nodes()).hasSize(2_000);

        assertThat(store.purge(PurgeRequest.keeping(ExecutionStatus.COMPLETED, 0, 1)))
                .isEqualTo(1);

        assertThat(store.load("heavy")).isEmpty();
    }

    @Test
    void all_that_belongs_to_a_run_goes_with_it_and_its_names_are_free() {
        long epoch = own(Samples.owned(Samples.fullHeader("r"), WORKER));
        apply(RunBatch.of("r", epoch, 1)
                .insert(Samples.completed("a", "x"))
                .step(Samples.step("a", "s"))
                .log(Samples.log("l"))
                .build());
        store.post("r", Samples.signal("m"));
        apply(RunBatch.of("r", epoch, 2).state(Samples.COMPLETED).build());

        store.purge(PurgeRequest.keeping(ExecutionStatus.COMPLETED, 0, ALL));

        assertThat(store.load("r")).isEmpty();
        assertThat(store.find("r")).isEmpty();
        assertThat(store.trail("r")).isEmpty();
        assertThat(left()).isEmpty();
        assertThat(store.post("r", Samples.signal("m"))).isEqualTo(PostAnswer.NOT_FOUND);
        fenced(RunBatch.of("r", epoch, 3).build());
        fenced(RunBatch.of("r", epoch, 2).state(Samples.COMPLETED).build());
        own(Samples.owned(Samples.fullHeader("r"), WORKER));
        assertThat(image("r").nodes()).isEmpty();
        assertThat(image("r").steps()).isEmpty();
        assertThat(store.trail("r").orElseThrow().logs()).isEmpty();
        assertThat(store.post("r", Samples.signal("m"))).isEqualTo(PostAnswer.POSTED);
    }

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {1, 2, 8})
    void each_run_goes_once_while_others_arrive(int threads) throws Exception {
        int runs = 40;
        for (int i = 0; i < runs; i++) {
            ended("r" + i, i, ExecutionStatus.FAILED);
        }
        PurgeRequest failed = PurgeRequest.keeping(ExecutionStatus.FAILED, 0, 3);

        List<Integer> removed = Together.run(threads + 1, thread -> {
            if (thread == threads) {
                for (int i = 0; i < runs; i++) {
                    ended("new" + i, i, ExecutionStatus.COMPLETED);
                }
                return 0;
            }
            int mine = 0;
            int rounds = 0;
            while (!store.query(RunQuery.all(1).status(Set.of(ExecutionStatus.FAILED)))
                    .runs()
                    .isEmpty()) {
                goOn(rounds++);
                mine += side(thread).purge(failed);
            }
            return mine;
        });

        assertThat(removed.stream().mapToInt(Integer::intValue).sum()).isEqualTo(runs);
        assertThat(left()).hasSize(runs).allMatch(id -> id.startsWith("new"));
    }

    /** A node that waits for a run it has started. */
    private static NodeRecord call(Iteration iteration, int attempt) {
        NodeRecord queued = NodeRecord.queued(new NodeKey("call", iteration, attempt), Samples.NOON);
        return queued.with(NodeStatus.WAITING, queued.times());
    }

    private static RunHeader child(String id, String parent, Iteration iteration) {
        return RunHeader.of(id, Samples.FLOW, "placed", Samples.NOON)
                .parent(new NodeRun(parent, "call", iteration))
                .build();
    }

    private static PurgeRequest request(Optional<Instant> before, OptionalLong keep) {
        return new PurgeRequest(ExecutionStatus.FAILED, Optional.empty(), before, keep, ALL);
    }

    private void ended(String id, int seconds, ExecutionStatus status) {
        ended(header(id, "orders", -seconds), seconds, status);
    }

    private void ended(RunHeader header, int seconds, ExecutionStatus status) {
        String id = header.executionId();
        apply(RunBatch.of(id, own(Samples.owned(header, WORKER)), 1)
                .state(Samples.RUNNING.ended(status, Samples.NOON.plusSeconds(seconds)))
                .build());
    }

    private static RunHeader header(String id, String flow, int seconds) {
        return RunHeader.of(id, new FlowKey(flow, "1"), "placed", Samples.NOON.plusSeconds(seconds))
                .build();
    }

    private List<String> left() {
        return store.query(RunQuery.all(ALL)).runs().stream()
                .map(RunRecord::executionId)
                .toList();
    }
}
