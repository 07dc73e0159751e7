package dev.flowengine.persistence.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.model.Iteration;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import dev.flowengine.persistence.ConnectionRecord;
import dev.flowengine.persistence.NodeKey;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.NodeResult;
import dev.flowengine.persistence.NodeTimes;
import dev.flowengine.persistence.RunBatch;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What rows of nodes keep. */
abstract class NodeRowClauses extends Clauses {

    NodeRowClauses(Supplier<StoreFixture> opening) {
        super(opening);
    }

    @Test
    void a_row_keeps_every_kind_of_result() {
        long epoch = own("r");
        NodeRecord failed =
                row("failed").settled(NodeStatus.FAILED, NodeResult.failed(Samples.error("m")), Samples.NOON);
        NodeRecord handled = row("handled")
                .settled(
                        NodeStatus.COMPLETED,
                        NodeResult.fired("error", Samples.payload("e")).inSpiteOf(Samples.error("n")),
                        Samples.NOON);
        NodeRecord skipped = row("skipped")
                .settled(NodeStatus.SKIPPED, NodeResult.skipped(SkipReason.UPSTREAM_FAILED), Samples.NOON);
        NodeRecord pinned = row("pinned")
                .settled(
                        NodeStatus.COMPLETED,
                        NodeResult.fired("main", Samples.payload("p")).from(NodeResult.Origin.PINNED),
                        Samples.NOON);
        NodeRecord several = row("several")
                .decidedBy(List.of(new ConnectionRecord("a", "true", "several", "main")))
                .settled(
                        NodeStatus.COMPLETED,
                        NodeResult.fired(
                                Map.of("x", Samples.payload("1"), "y", Samples.payload("")), List.of("y", "z", "x")),
                        Samples.NOON);
        NodeRecord waiting = row("waiting")
                .with(NodeStatus.WAITING, NodeTimes.ready(Samples.NOON).due(Samples.NOON.plusSeconds(60)));
        List<NodeRecord> rows = List.of(failed, handled, skipped, pinned, several, waiting);

        RunBatch.Builder batch = RunBatch.of("r", epoch, 1);
        rows.forEach(batch::insert);
        apply(batch.build());

        assertThat(image("r").nodes()).containsExactlyInAnyOrderElementsOf(rows);
    }

    @Test
    void an_update_replaces_what_can_change_and_keeps_what_cannot() {
        long epoch = own("r");
        List<ConnectionRecord> decided = List.of(new ConnectionRecord("a", "main", "b", "main"));
        NodeRecord ready = Samples.queued("b").decidedBy(decided);
        Instant later = Samples.NOON.plusSeconds(5);
        apply(RunBatch.of("r", epoch, 1).insert(ready).build());
        apply(RunBatch.of("r", epoch, 2).update(ready.started(3, WORKER, later)).build());

        NodeRecord other = NodeRecord.queued(ready.key(), later)
                .with(NodeStatus.WAITING, NodeTimes.ready(later).due(later));
        apply(RunBatch.of("r", epoch, 3).update(other).build());

        assertThat(image("r").nodes())
                .containsExactly(other.with(
                                NodeStatus.WAITING,
                                NodeTimes.ready(Samples.NOON).due(later))
                        .decidedBy(decided));
    }

    @Test
    void iterations_and_attempts_of_a_node_are_rows_of_their_own() {
        long epoch = own("r");
        List<NodeRecord> rows = Stream.of(
                        new NodeKey("n", Iteration.NONE, 1),
                        new NodeKey("n", Iteration.NONE, 2),
                        new NodeKey("n", new Iteration(List.of(3)), 1),
                        new NodeKey("n", new Iteration(List.of(3, 7)), 1),
                        new NodeKey("n", new Iteration(List.of(37)), 1))
                .map(key -> NodeRecord.queued(key, Samples.NOON))
                .toList();
        RunBatch.Builder batch = RunBatch.of("r", epoch, 1);
        rows.forEach(batch::insert);

        apply(batch.build());
        NodeRecord settled =
                rows.get(3).settled(NodeStatus.COMPLETED, NodeResult.fired("main", Samples.payload("x")), Samples.NOON);
        apply(RunBatch.of("r", epoch, 2).update(settled).build());

        assertThat(image("r").nodes())
                .containsExactlyInAnyOrder(rows.get(0), rows.get(1), rows.get(2), settled, rows.get(4));
    }

    private static NodeRecord row(String nodeId) {
        return Samples.queued(nodeId);
    }
}
