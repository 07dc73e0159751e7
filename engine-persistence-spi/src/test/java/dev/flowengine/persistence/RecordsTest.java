package dev.flowengine.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.Iteration;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import dev.flowengine.model.TriggerType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("records hold only what makes sense, and never change")
class RecordsTest {
    private static final Instant FINE = Instant.parse("2026-01-02T03:04:05.123456789Z");
    private static final Instant CUT = Instant.parse("2026-01-02T03:04:05.123456Z");
    private static final FlowKey FLOW = new FlowKey("orders", "3");
    private static final Payload PAYLOAD = Payload.of("text/plain", new byte[] {1});
    private static final FlowError ERROR =
            new FlowError(FailureKind.NODE_EXECUTION_FAILED, "E", "m", "", "charge", 1, "");

    @Test
    void instants_are_cut_to_microseconds_everywhere() {
        NodeTimes times = NodeTimes.ready(FINE).started(FINE).due(FINE);

        assertThat(times).isEqualTo(NodeTimes.ready(CUT).started(CUT).due(CUT));
        assertThat(times.settled(FINE).dueAt()).isEmpty();
        assertThat(Standing.due(FINE)).isEqualTo(Standing.due(CUT));
        assertThat(new RunQuery.Position(FINE, "a").createdAt()).isEqualTo(CUT);
        assertThat(new MessageRecord(signal(), FINE).postedAt()).isEqualTo(CUT);
        assertThat(new StepRecord(new StepKey("n", Iteration.NONE, "s"), PAYLOAD, FINE).recordedAt())
                .isEqualTo(CUT);
        assertThat(new AuditRecord(FINE, "anna", "pause", Optional.empty(), "").at())
                .isEqualTo(CUT);
    }

    @Test
    void instants_no_database_can_keep_are_held_to_the_nearest_one() {
        assertThat(NodeTimes.ready(Instant.MAX).readyAt()).isEqualTo("9999-12-31T23:59:59.999999Z");
        assertThat(NodeTimes.ready(Instant.MIN).readyAt()).isEqualTo("1000-01-01T00:00:00Z");
    }

    @Test
    void a_header_has_defaults_for_what_is_not_said() {
        RunHeader header = RunHeader.of("r", FLOW, "placed", FINE).build();

        assertThat(header.createdAt()).isEqualTo(CUT);
        assertThat(header.flowName()).isEqualTo("orders");
        assertThat(header.startKind()).isEqualTo(StartKind.TRIGGER);
        assertThat(header.triggerType()).isEqualTo(TriggerType.MANUAL);
        assertThat(header.key()).isEmpty();
    }

    @Test
    void a_header_carries_everything_that_was_said() {
        NodeRun parent = new NodeRun("p", "call", new Iteration(List.of(1)));
        RunHeader header = RunHeader.of("r", FLOW, "placed", FINE)
                .flowName("Orders")
                .startKind(StartKind.FROM_NODE)
                .triggerType(TriggerType.WEBHOOK)
                .inputDigest("d")
                .affectedNodes(List.of("a"))
                .activeAtStart(2)
                .key("k")
                .userId("u")
                .parent(parent)
                .redriveOf("o")
                .keysOf("q")
                .build();

        assertThat(header)
                .isEqualTo(new RunHeader(
                        "r",
                        FLOW,
                        "Orders",
                        StartKind.FROM_NODE,
                        "placed",
                        TriggerType.WEBHOOK,
                        CUT,
                        "d",
                        List.of("a"),
                        2,
                        Optional.of("k"),
                        Optional.of("u"),
                        Optional.of(parent),
                        Optional.of("o"),
                        Optional.of("q")));
    }

    @Test
    void a_new_run_is_owned_by_a_worker_or_by_nobody() {
        RunHeader header = RunHeader.of("r", FLOW, "placed", FINE).build();
        RunState state = RunState.open(ExecutionStatus.QUEUED, Optional.empty());
        AuditRecord audit = new AuditRecord(FINE, "anna", "started", Optional.empty(), "");
        NodeRecord node = NodeRecord.queued(NodeKey.of("placed", 1), FINE);

        NewRun run = NewRun.owned(header, RunInput.NONE, state, "w")
                .withNodes(List.of(node))
                .withAudit(List.of(audit));
        assertThat(run.workerId()).contains("w");
        assertThat(run.nodes()).containsExactly(node);
        assertThat(run.audit()).containsExactly(audit);
        refused(() ->
                new NewRun(header, RunInput.NONE, state, Standing.owned(), Optional.empty(), List.of(), List.of()));
        refused(() -> NewRun.unowned(header, RunInput.NONE, state, Standing.owned()));
        refused(() -> NewRun.unowned(header, RunInput.NONE, state, Standing.ended()));
        refused(() -> new Ownership(Standing.owned(), Optional.empty(), 1, 0, 0));
    }

    @Test
    void a_run_ends_exactly_with_a_terminal_status() {
        RunState open = RunState.open(ExecutionStatus.RUNNING, Optional.of(FINE));
        RunState ended = open.ended(ExecutionStatus.FAILED, FINE).with(ERROR).with(new NodeCounts(3, 1, 1, 1, 0));

        assertThat(ended.error()).contains(ERROR);
        assertThat(ended.counts().total()).isEqualTo(3);
        assertThat(RunBatch.of("r", 1, 1).state(ended).build().standing()).isEqualTo(Standing.ended());
        refused(() -> open.ended(ExecutionStatus.RUNNING, FINE));
        refused(() -> open.with(ERROR.withInput("secret")));
        refused(() -> RunState.open(ExecutionStatus.COMPLETED, Optional.empty()));
        refused(() -> RunBatch.of("r", 1, 1).standing(Standing.ended()).build());
        refused(() -> RunBatch.of("r", 1, 1)
                .state(ended)
                .standing(Standing.claimable())
                .build());
        refused(() -> RunBatch.of("r", 1, 0).build());
    }

    @Test
    void a_batch_makes_progress_by_what_will_not_be_done_again() {
        NodeRecord queued = NodeRecord.queued(NodeKey.of("a", 1), FINE);
        NodeRecord done = queued.settled(NodeStatus.SKIPPED, NodeResult.skipped(SkipReason.MANUAL), FINE);
        StepRecord step = new StepRecord(new StepKey("n", Iteration.NONE, "s"), PAYLOAD, FINE);

        assertThat(batch().insert(queued).build().makesProgress()).isFalse();
        assertThat(batch().insert(done).build().makesProgress()).isTrue();
        assertThat(batch().update(done).build().makesProgress()).isTrue();
        assertThat(batch().step(step).build().makesProgress()).isTrue();
        assertThat(batch().consume("m").build().makesProgress()).isTrue();
    }

    @Test
    void a_write_names_each_row_and_each_step_once() {
        NodeRecord row = NodeRecord.queued(NodeKey.of("a", 1), FINE);
        StepRecord step = new StepRecord(new StepKey("n", Iteration.NONE, "s"), PAYLOAD, FINE);
        RunHeader header = RunHeader.of("r", FLOW, "placed", FINE).build();
        RunState state = RunState.open(ExecutionStatus.QUEUED, Optional.empty());

        refused(() -> batch().insert(row).insert(row).build());
        refused(() -> batch().insert(row).update(row).build());
        refused(() -> batch().step(step).step(step).build());
        refused(() -> NewRun.owned(header, RunInput.NONE, state, "w").withNodes(List.of(row, row)));
    }

    @Test
    void a_node_that_has_settled_says_when() {
        NodeRecord queued = NodeRecord.queued(NodeKey.of("a", 1), FINE);
        NodeRecord running = queued.started(4, "w", FINE);

        assertThat(running.status()).isEqualTo(NodeStatus.RUNNING);
        assertThat(running.settled(NodeStatus.FAILED, NodeResult.failed(ERROR), FINE)
                        .seq())
                .isEqualTo(4);
        refused(() -> queued.with(NodeStatus.COMPLETED, queued.times()));
        refused(() -> NodeKey.of("a", -1));
    }

    @Test
    void a_result_has_outputs_only_of_ports_that_fired_and_no_live_objects() {
        NodeResult fired = NodeResult.fired("main", PAYLOAD);

        assertThat(fired.from(NodeResult.Origin.PINNED).origin()).isEqualTo(NodeResult.Origin.PINNED);
        assertThat(fired.inSpiteOf(ERROR).handled()).isTrue();
        assertThat(fired.inSpiteOf(ERROR).outputs()).containsEntry("main", PAYLOAD);
        refused(() -> NodeResult.fired(Map.of("other", PAYLOAD), List.of("main")));
        refused(() -> NodeResult.failed(ERROR.withInput("secret")));
    }

    @Test
    void an_idempotency_key_names_run_node_and_iteration() {
        assertThat(NodeKey.of("charge", 2).idempotencyKey("4f")).isEqualTo("4f/charge/");
        assertThat(new NodeKey("charge", new Iteration(List.of(3, 7)), 1).idempotencyKey("4f"))
                .isEqualTo("4f/charge/3.7");
    }

    @Test
    void queries_keep_what_was_asked_before() {
        RunQuery.Position place = new RunQuery.Position(FINE, "a");
        RunQuery query = RunQuery.all(5)
                .flow("f")
                .status(Set.of(ExecutionStatus.FAILED))
                .startedFrom("t")
                .user("u")
                .redriveOf("r")
                .childrenOf("p")
                .between(FINE, FINE)
                .after(place);

        assertThat(query)
                .isEqualTo(new RunQuery(
                        Optional.of("f"),
                        Set.of(ExecutionStatus.FAILED),
                        Optional.of("t"),
                        Optional.of("u"),
                        Optional.of("r"),
                        Optional.of("p"),
                        Optional.of(CUT),
                        Optional.of(CUT),
                        Optional.of(place),
                        5));
        refused(() -> RunQuery.all(0));
        refused(() -> new ClaimRequest("w", Set.of(FLOW), 0));
    }

    @Test
    void places_go_from_the_newest_to_the_oldest_and_from_the_greatest_id_to_the_smallest() {
        RunQuery.Position old = new RunQuery.Position(FINE, "z");
        RunQuery.Position recent = new RunQuery.Position(FINE.plusSeconds(1), "a");
        RunQuery.Position smaller = new RunQuery.Position(FINE, "y");
        List<RunQuery.Position> places = new ArrayList<>(List.of(smaller, old, recent));

        places.sort(null);

        assertThat(places).containsExactly(recent, old, smaller);
    }

    @Test
    void only_ended_runs_are_purged() {
        assertThat(PurgeRequest.keeping(ExecutionStatus.FAILED, 3, 10).flow("f"))
                .isEqualTo(new PurgeRequest(
                        ExecutionStatus.FAILED, Optional.of("f"), Optional.empty(), OptionalLong.of(3), 10));
        refused(() -> PurgeRequest.endedBefore(ExecutionStatus.PAUSED, FINE, 1));
        refused(() -> PurgeRequest.endedBefore(ExecutionStatus.FAILED, FINE, 0));
        refused(() -> PurgeRequest.keeping(ExecutionStatus.FAILED, -1, 1));
    }

    @Test
    void collections_are_copied() {
        List<ConnectionRecord> connections = new ArrayList<>();
        FlowRecord flow =
                new FlowRecord(FLOW, "Orders", "d", List.of(new FlowNodeRecord("a", "TRIGGER", "")), connections);
        NodeRecord row = NodeRecord.queued(NodeKey.of("a", 1), FINE).decidedBy(connections);

        connections.add(new ConnectionRecord("a", "main", "b", "main"));

        assertThat(flow.connections()).isEmpty();
        assertThat(row.decidedBy()).isEmpty();
    }

    private static RunBatch.Builder batch() {
        return RunBatch.of("r", 1, 1);
    }

    private static Message signal() {
        return Message.signal("m", "approval", "anna", PAYLOAD);
    }

    private static void refused(Runnable creation) {
        assertThatIllegalArgumentException().isThrownBy(creation::run);
    }
}
