package dev.flowengine.persistence.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.persistence.CreateAnswer;
import dev.flowengine.persistence.NodeKey;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.NodeResult;
import dev.flowengine.persistence.PostAnswer;
import dev.flowengine.persistence.Rejection.Reason;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.Standing;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What has ended stays as it ended. */
abstract class TerminalClauses extends Clauses {

    TerminalClauses(Supplier<StoreFixture> opening) {
        super(opening);
    }

    @ParameterizedTest
    @EnumSource(
            value = ExecutionStatus.class,
            names = {"COMPLETED", "PARTIAL", "FAILED", "CANCELLED"})
    void a_run_that_has_ended_never_changes_again(ExecutionStatus status) {
        long epoch = own("r");
        apply(RunBatch.of("r", epoch, 1)
                .state(Samples.RUNNING.ended(status, Samples.NOON).with(Samples.error("m")))
                .insert(Samples.queued("open"))
                .build());
        RunImage before = image("r");

        fenced(RunBatch.of("r", epoch, 2).state(Samples.RUNNING).build());
        fenced(RunBatch.of("r", epoch, 2).update(Samples.completed("open", "x")).build());
        fenced(RunBatch.of("r", epoch + 1, 2).log(Samples.log("late")).build());
        fenced(RunBatch.of("r", 0, 2).step(Samples.step("open", "s")).build());
        assertThat(store.post("r", Samples.signal("m"))).isEqualTo(PostAnswer.TERMINAL);
        assertThat(store.release(WORKER, List.of("r"))).isZero();
        assertThat(store.create(Samples.owned("r", OTHER)).outcome()).isEqualTo(CreateAnswer.Outcome.EXISTING);
        fixture.advance(PAST_LEASE);
        assertThat(claim(OTHER)).isEmpty();
        assertThat(store.retire(WORKER)).isZero();

        assertThat(image("r")).isEqualTo(before);
        assertThat(store.trail("r").orElseThrow().logs()).isEmpty();
    }

    @Test
    void a_run_that_has_ended_tells_who_ended_it_and_is_owned_by_nobody() {
        long epoch = own("r");

        end("r", epoch);

        assertThat(ownership("r").standing()).isEqualTo(Standing.ended());
        assertThat(ownership("r").workerId()).contains(WORKER);
        assertThat(ownership("r").epoch()).isEqualTo(epoch);
        assertThat(ownership("r").revision()).isEqualTo(1);
        assertThat(store.owned(WORKER)).isEmpty();
        assertThat(store.backlog()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = NodeStatus.class,
            names = {"COMPLETED", "FAILED", "SKIPPED", "CANCELLED"})
    void a_row_of_a_node_that_has_settled_never_changes_again(NodeStatus settled) {
        long epoch = own("r");
        NodeRecord row = Samples.queued("n");
        apply(RunBatch.of("r", epoch, 1).insert(row).build());
        NodeRecord end = row.settled(settled, NodeResult.NONE, Samples.NOON);
        apply(RunBatch.of("r", epoch, 2).update(end).build());

        for (NodeRecord late : List.of(
                row,
                row.started(7, OTHER, Samples.NOON),
                row.settled(NodeStatus.COMPLETED, NodeResult.fired("main", Samples.payload("late")), Samples.NOON))) {
            rejected(
                    Reason.NODE_SETTLED, RunBatch.of("r", epoch, 3).update(late).build());
            rejected(
                    Reason.DUPLICATE_NODE,
                    RunBatch.of("r", epoch, 3).insert(late).build());
        }

        assertThat(image("r").nodes()).containsExactly(end);
    }

    @Test
    void a_row_inserted_as_settled_never_changes_again() {
        long epoch = own(Samples.owned("r", WORKER).withNodes(List.of(Samples.completed("first", "x"))));
        apply(RunBatch.of("r", epoch, 1)
                .insert(Samples.completed("second", "x"))
                .build());

        for (String node : List.of("first", "second")) {
            rejected(
                    Reason.NODE_SETTLED,
                    RunBatch.of("r", epoch, 2)
                            .update(Samples.completed(node, "y"))
                            .build());
        }
        NodeRecord next = NodeRecord.queued(NodeKey.of("first", 2), Samples.NOON);
        apply(RunBatch.of("r", epoch, 2).insert(next).build());
        assertThat(image("r").nodes()).hasSize(3);
    }
}
