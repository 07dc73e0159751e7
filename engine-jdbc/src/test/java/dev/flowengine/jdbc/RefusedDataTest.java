package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.Iteration;
import dev.flowengine.model.LogLevel;
import dev.flowengine.model.LogLine;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.NodeKey;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.NodeResult;
import dev.flowengine.persistence.Rejection;
import dev.flowengine.persistence.RunBatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What cannot be kept is refused by itself, whether we see it or only the database does. */
@DisplayName("R23 data nobody can keep")
class RefusedDataTest {
    private static final int HOSTILE = 10_000;
    private static final int TOGETHER = 200;
    private static final String[] PIECES = {
        "a", "\0", "\uD83D", "\uDE80", "\uD83D\uDE80", "'", "\\", "\n", "\r", "%", "{", "\uFFFE", "é", "\u0001", " "
    };

    @ParameterizedTest
    @EnumSource(Database.class)
    void the_one_batch_the_database_refuses_harms_no_other(Database kind) {
        try (Database.Opened opened = kind.open()) {
            JdbcExecutionStore store = JdbcExecutionStore.builder(
                            opened.database().dataSource())
                    .tablePrefix("narrow_")
                    .createSchema(true)
                    .build();
            opened.database()
                    .execute(
                            kind == Database.MARIADB
                                    ? "ALTER TABLE narrow_log MODIFY line VARCHAR(10) NOT NULL"
                                    : "ALTER TABLE narrow_log ALTER COLUMN line SET DATA TYPE VARCHAR(10)");
            List<NewRun> runs = new ArrayList<>();
            List<RunBatch> batches = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                runs.add(Runs.owned("r" + i));
                batches.add(RunBatch.of("r" + i, 1, 1)
                        .insert(Runs.queued("n"))
                        .log(log(i == 5 ? "longer than the column" : "short"))
                        .build());
            }
            batches.add(RunBatch.of("r5", 1, 2).build());
            store.create(runs);

            List<BatchAnswer> answers = store.apply(batches);

            for (int i = 0; i < 9; i++) {
                boolean applied = answers.get(i).equals(BatchAnswer.applied());
                assertThat(applied).as("batch %d: %s", i, answers.get(i)).isEqualTo(i != 5);
                assertThat(store.load("r" + i).orElseThrow().nodes()).hasSize(i == 5 ? 0 : 1);
            }
            assertThat(answers.get(9).rejection().map(Rejection::reason)).contains(Rejection.Reason.OUT_OF_ORDER);
            TestDatabase.TABLES.forEach(table -> opened.database()
                    .execute("DROP TABLE narrow_" + table + (kind == Database.MARIADB ? "" : " CASCADE")));
            opened.database().execute("DROP TABLE narrow_schema_version");
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void hostile_texts_are_kept_unchanged_or_refused(Database kind) {
        Random random = new Random(4711);
        List<String> kept = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (int i = 0; i < HOSTILE; i++) {
            String text = text(random);
            (isWellFormed(text) ? kept : refused).add(text);
        }
        assertThat(kept).hasSizeBetween(HOSTILE / 4, HOSTILE * 3 / 4);
        try (Database.Opened opened = kind.open()) {
            JdbcExecutionStore store = opened.store();

            List<RunBatch> batches = new ArrayList<>();
            for (int from = 0; from < kept.size(); from += TOGETHER) {
                List<String> some = kept.subList(from, Math.min(kept.size(), from + TOGETHER));
                batches.add(hostile("kept-" + from, some));
                store.create(Runs.owned("kept-" + from));
            }
            assertThat(store.apply(batches)).allMatch(BatchAnswer.applied()::equals);
            for (RunBatch batch : batches) {
                assertThat(store.load(batch.executionId()).orElseThrow().nodes())
                        .containsExactlyInAnyOrderElementsOf(batch.inserted());
                assertThat(store.trail(batch.executionId()).orElseThrow().logs())
                        .isEqualTo(batch.logs());
            }

            store.create(Runs.owned("refused"));
            List<BatchAnswer> answers = store.apply(refused.stream()
                    .map(text -> hostile("refused", List.of(text)))
                    .toList());
            assertThat(answers).allMatch(answer -> reason(answer) == Rejection.Reason.UNSTORABLE_TEXT);
            RunBatch tooLong = RunBatch.of("refused", 1, 1)
                    .insert(node("n", "x".repeat(10_000_000)))
                    .build();
            assertThat(reason(store.apply(tooLong))).isEqualTo(Rejection.Reason.TOO_LARGE);
            assertThat(store.apply(
                            RunBatch.of("refused", 1, 1).state(Runs.COMPLETED).build()))
                    .isEqualTo(BatchAnswer.applied());
        }
    }

    private static Rejection.Reason reason(BatchAnswer answer) {
        return answer.rejection().orElseThrow().reason();
    }

    /** Whether every database can keep a text. */
    private static boolean isWellFormed(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return text.indexOf(0) < 0 && new String(bytes, StandardCharsets.UTF_8).equals(text);
    }

    private static RunBatch hostile(String id, List<String> texts) {
        RunBatch.Builder batch = RunBatch.of(id, 1, 1);
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            batch.insert(node(i + text, text));
            batch.log(log(text));
        }
        return batch.build();
    }

    private static NodeRecord node(String id, String text) {
        FlowError error = new FlowError(FailureKind.NODE_EXECUTION_FAILED, text, text, text, text, 1, text);
        return NodeRecord.queued(new NodeKey(id, Iteration.NONE, 1), Runs.NOON)
                .settled(
                        NodeStatus.COMPLETED,
                        NodeResult.fired(text, Runs.payload("x")).inSpiteOf(error),
                        Runs.NOON);
    }

    private static LogLine log(String text) {
        return new LogLine("n", Iteration.NONE, 1, Runs.NOON, LogLevel.INFO, text);
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i >= 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }
}
