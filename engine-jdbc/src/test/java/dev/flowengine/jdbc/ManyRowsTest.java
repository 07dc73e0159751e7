package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.CreateAnswer;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.NodeKey;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.NodeResult;
import dev.flowengine.persistence.NodeTimes;
import dev.flowengine.persistence.Rejection;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.Standing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Some databases are given many rows by one statement: what is kept and answered must not show it. */
@DisplayName("S41 rows of many runs in one call")
class ManyRowsTest {
    private static final int RUNS = 40;

    @ParameterizedTest
    @EnumSource(Database.class)
    @DisplayName("are kept as they are, whatever their texts, and whatever is missing")
    void are_kept_as_they_are(Database kind) {
        try (Database.Opened opened = kind.open()) {
            JdbcExecutionStore store = opened.store();
            create(store);
            List<NodeRecord> rows = rows();
            List<RunBatch> batches = new ArrayList<>();
            for (int i = 0; i < RUNS; i++) {
                RunBatch.Builder batch = RunBatch.of("r" + i, 1, 1);
                rows.forEach(batch::insert);
                batches.add(batch.build());
            }

            assertThat(store.apply(batches)).containsOnly(BatchAnswer.applied()).hasSize(RUNS);

            for (int i = 0; i < RUNS; i++) {
                assertThat(image(store, i).nodes()).containsExactlyInAnyOrderElementsOf(rows);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    @DisplayName("may be inserted, changed and changed again by batches of one call, and end their runs")
    void may_be_changed_again(Database kind) {
        try (Database.Opened opened = kind.open()) {
            JdbcExecutionStore store = opened.store();
            create(store);
            List<RunBatch> batches = new ArrayList<>();
            for (int i = 0; i < RUNS; i++) {
                NodeRecord queued = Runs.queued("n");
                batches.add(RunBatch.of("r" + i, 1, 1).insert(queued).build());
                batches.add(RunBatch.of("r" + i, 1, 2)
                        .update(queued.started(1, Runs.WORKER, Runs.NOON))
                        .build());
                batches.add(RunBatch.of("r" + i, 1, 3)
                        .update(Runs.completed("n"))
                        .state(Runs.COMPLETED)
                        .standing(Standing.ended())
                        .build());
            }

            assertThat(store.apply(batches)).containsOnly(BatchAnswer.applied());

            for (int i = 0; i < RUNS; i++) {
                assertThat(image(store, i).nodes()).containsExactly(Runs.completed("n"));
                assertThat(image(store, i).run().state()).isEqualTo(Runs.COMPLETED);
                assertThat(image(store, i).run().ownership().revision()).isEqualTo(3);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    @DisplayName("S44 are refused only where one of them has settled, or is not there")
    void are_refused_alone(Database kind) {
        try (Database.Opened opened = kind.open()) {
            JdbcExecutionStore store = opened.store();
            create(store);
            List<RunBatch> inserts = new ArrayList<>();
            List<RunBatch> updates = new ArrayList<>();
            for (int i = 0; i < RUNS; i++) {
                NodeRecord row = i == 7 ? Runs.completed("n") : Runs.queued(i == 8 ? "another" : "n");
                inserts.add(RunBatch.of("r" + i, 1, 1).insert(row).build());
                updates.add(
                        RunBatch.of("r" + i, 1, 2).update(Runs.completed("n")).build());
            }
            store.apply(inserts);

            List<BatchAnswer> answers = store.apply(updates);

            for (int i = 0; i < RUNS; i++) {
                Optional<Rejection.Reason> reason = answers.get(i).rejection().map(Rejection::reason);
                assertThat(reason)
                        .isEqualTo(
                                i == 7
                                        ? Optional.of(Rejection.Reason.NODE_SETTLED)
                                        : i == 8 ? Optional.of(Rejection.Reason.UNKNOWN_NODE) : Optional.empty());
            }
        }
    }

    private static List<NodeRecord> rows() {
        Instant last = Instant.parse("9999-12-31T23:59:59.999999Z");
        NodeTimes times = new NodeTimes(
                Instant.parse("1000-01-01T00:00:00Z"), Optional.of(Runs.NOON), Optional.of(last), Optional.empty());
        return List.of(
                Runs.queued("{NULL,\"a\\b\"}"),
                Runs.queued("NULL"),
                Runs.completed(" \u00e9\ud83d\ude00 'x', {} ? "),
                new NodeRecord(
                        NodeKey.of("skipped", 3),
                        NodeStatus.SKIPPED,
                        4_000_000_000L,
                        Optional.of("w,\n\t"),
                        times,
                        NodeResult.skipped(SkipReason.UPSTREAM_FAILED),
                        List.of()),
                Runs.queued("empty")
                        .settled(
                                NodeStatus.COMPLETED,
                                NodeResult.fired(Map.of("main", Runs.payload("")), List.of("main")),
                                Runs.NOON));
    }

    private static void create(JdbcExecutionStore store) {
        List<NewRun> runs = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            runs.add(Runs.owned("r" + i));
        }
        assertThat(store.create(runs)).extracting(CreateAnswer::outcome).containsOnly(CreateAnswer.Outcome.CREATED);
    }

    private static RunImage image(JdbcExecutionStore store, int run) {
        return store.load("r" + run).orElseThrow();
    }
}
