package dev.flowengine.persistence.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.model.NodeStatus;
import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.CreateAnswer;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.FlowRecord;
import dev.flowengine.persistence.Message;
import dev.flowengine.persistence.MessageRecord;
import dev.flowengine.persistence.MessageType;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.NodeKey;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.NodeResult;
import dev.flowengine.persistence.Rejection.Reason;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.RunInput;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.RunTrail;
import dev.flowengine.persistence.Standing;
import dev.flowengine.persistence.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a store is given it keeps as it is, or refuses by name. */
abstract class TextClauses extends Clauses {
    private static final String HARMLESS = "harmless";

    TextClauses(Supplier<StoreFixture> opening) {
        super(opening);
    }

    static Stream<Named<String>> kept() {
        return Stream.of(
                Named.of("nothing", ""),
                Named.of("blanks", "  \t \n "),
                Named.of("quotes", "'; DROP TABLE run; -- \" ` \\ %_ {} ?"),
                Named.of("many scripts", "Größe 価格 цена ثمن ราคา e\u0301"),
                Named.of("outside the basic plane", "a\uD83D\uDE80\uD83D\uDC69\u200D\uD83D\uDD27z\uDBFF\uDFFD"),
                Named.of("controls", "\u0001\u0007\u001b[31m\u007f\u0085\u2028\uFEFF\uFFFE"));
    }

    static Stream<Named<String>> hostile() {
        return Stream.of(
                Named.of("NUL", "a\0b"),
                Named.of("only NUL", "\0"),
                Named.of("high surrogate alone", "a\uD83Db"),
                Named.of("low surrogate alone", "\uDE80"),
                Named.of("surrogates swapped", "\uDE80\uD83D"),
                Named.of("high surrogate at the end", "a\uDBFF"));
    }

    @ParameterizedTest
    @MethodSource("kept")
    void well_formed_text_is_kept_everywhere(String text) {
        assertThat(writeRun("r" + text, text)).isTrue();
        assertThat(writeBatch("batch", text)).isTrue();
        own("posted");
        assertThat(store.post("posted", message("m" + text, text))).isNotNull();

        assertThat(store.messages("posted"))
                .extracting(MessageRecord::message)
                .containsExactly(message("m" + text, text));
        assertThat(store.query(RunQuery.all(10).user("user" + text)).runs())
                .extracting(RunRecord::executionId)
                .containsExactly("r" + text);
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void hostile_text_of_a_run_is_kept_or_refused(String text) {
        if (!writeRun("r" + text, text)) {
            assertThat(store.find("r" + text)).isEmpty();
        }
        if (!writeRun("plain id", text)) {
            assertThat(store.find("plain id")).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void hostile_text_of_a_run_does_not_harm_the_others(String text) {
        NewRun hostile = NewRun.owned(headerWith("hostile", text), RunInput.NONE, Samples.RUNNING, WORKER);

        List<CreateAnswer> answers =
                store.create(List.of(Samples.owned("a", WORKER), hostile, Samples.owned("z", WORKER)));

        assertThat(answers).hasSize(3);
        assertThat(answers.get(0)).isEqualTo(CreateAnswer.created(1));
        assertThat(answers.get(2)).isEqualTo(CreateAnswer.created(1));
        assertThat(store.find(List.of("a", "z"))).hasSize(2);
        assertThat(store.find("hostile").isPresent())
                .isEqualTo(answers.get(1).outcome() == CreateAnswer.Outcome.CREATED);
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void hostile_text_of_a_batch_is_kept_or_refused(String text) {
        if (!writeBatch("r", text)) {
            assertThat(image("r").nodes()).isEmpty();
            assertThat(store.trail("r")).contains(new RunTrail(List.of(), List.of()));
        }
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void each_hostile_text_is_judged_by_itself(String text) {
        batchesWith(text).forEach(batch -> assertKeptOrRefused(batch, Reason.UNSTORABLE_TEXT));
    }

    @ParameterizedTest(name = "{0} characters")
    @ValueSource(ints = {256, 5_000, 1_000_000})
    void each_long_text_is_kept_or_refused_by_itself(int length) {
        String text = "long ".repeat(length / 5 + 1).substring(0, length);

        batchesWith(text).forEach(batch -> assertKeptOrRefused(batch, Reason.TOO_LARGE));
        NewRun run = Samples.owned(Samples.header(text), WORKER);
        CreateAnswer answer = store.create(run);
        if (answer.outcome() == CreateAnswer.Outcome.CREATED) {
            assertThat(image(text).run().header()).isEqualTo(run.header());
        } else {
            assertThat(answer.rejection().orElseThrow().reason()).isEqualTo(Reason.TOO_LARGE);
        }
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void hostile_messages_and_structures_are_kept_or_refused(String text) {
        own("r");
        try {
            store.post("r", message("m", text));
            assertThat(store.messages("r")).extracting(MessageRecord::message).containsExactly(message("m", text));
        } catch (StoreException refused) {
            assertThat(refused.isTransient()).isFalse();
            assertThat(refused).hasMessageContaining(Reason.UNSTORABLE_TEXT.name());
            assertThat(store.messages("r")).isEmpty();
        }
        FlowRecord flow = new FlowRecord(new FlowKey("f", "1"), text, "d", List.of(), List.of());
        try {
            store.register(flow);
            assertThat(store.flow(flow.key())).contains(flow);
        } catch (StoreException refused) {
            assertThat(refused).hasMessageContaining(Reason.UNSTORABLE_TEXT.name());
            assertThat(store.flow(flow.key())).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void who_asks_for_what_cannot_be_kept_finds_nothing(String text) {
        own("r");

        assertThat(store.load(text)).isEmpty();
        assertThat(store.find(List.of(text, "r"))).hasSize(1);
        assertThat(store.trail(text)).isEmpty();
        assertThat(store.messages(text)).isEmpty();
        assertThat(store.flow(new FlowKey(text, text))).isEmpty();
        assertThat(store.owned(text)).isEmpty();
        assertThat(store.query(RunQuery.all(5).flow(text)).runs()).isEmpty();
        assertThat(store.query(RunQuery.all(5).user(text)).runs()).isEmpty();
        assertThat(store.query(RunQuery.all(5).startedFrom(text)).runs()).isEmpty();
        fenced(RunBatch.of(text, 1, 1).build());
    }

    @Test
    void texts_are_told_apart_by_their_characters() {
        List<String> ids = List.of("r", "R", "r ", " r", "ŕ", "r\u0301", "r\n", "ｒ");
        for (String id : ids) {
            RunHeader header = RunHeader.of(id, Samples.FLOW, "placed", Samples.NOON)
                    .key(id)
                    .userId(id)
                    .build();
            own(Samples.owned(header, WORKER));
            RunBatch.Builder batch = RunBatch.of(id, 1, 1);
            ids.forEach(node -> batch.insert(Samples.queued(node)).step(Samples.step(node, "s")));
            apply(batch.build());
        }

        for (String id : ids) {
            assertThat(store.find(id)).as("<%s>", id).isPresent();
            assertThat(store.query(RunQuery.all(50).user(id)).runs())
                    .as("<%s>", id)
                    .hasSize(1);
        }
    }

    @Test
    void long_ids_and_names_are_kept() {
        String name = "n".repeat(255);
        String text = "line\n".repeat(2_000);
        RunHeader header = RunHeader.of(name, new FlowKey(name, name), name, Samples.NOON)
                .flowName(name)
                .key(name)
                .userId(name)
                .build();
        own(Samples.owned(header, WORKER));
        NodeRecord node = NodeRecord.queued(NodeKey.of(name, 1), Samples.NOON)
                .settled(NodeStatus.FAILED, NodeResult.failed(Samples.error(text)), Samples.NOON);
        apply(RunBatch.of(name, 1, 1)
                .insert(node)
                .step(Samples.step(name, name))
                .build());
        store.post(name, Message.control(name, MessageType.PAUSE, name, text));

        assertThat(image(name).run().header()).isEqualTo(header);
        assertThat(image(name).nodes()).containsExactly(node);
        assertThat(image(name).steps()).containsExactly(Samples.step(name, name));
        assertThat(store.messages(name)).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void a_worker_with_a_hostile_name_is_kept_or_refused(String text) {
        CreateAnswer answer = store.create(Samples.owned("r", text));
        if (answer.outcome() == CreateAnswer.Outcome.CREATED) {
            assertThat(store.owned(text)).hasSize(1);
        } else {
            assertThat(answer.rejection().orElseThrow().reason()).isEqualTo(Reason.UNSTORABLE_TEXT);
            assertThat(store.find("r")).isEmpty();
        }
    }

    /** Creates a run full of a text; true if it is there as it was given, false if it was refused. */
    private boolean writeRun(String id, String text) {
        NewRun run = NewRun.owned(headerWith(id, text), RunInput.NONE, Samples.RUNNING, WORKER)
                .withNodes(List.of(Samples.queued("node" + text)))
                .withAudit(List.of(Samples.audit(text)));
        CreateAnswer answer = store.create(run);
        if (answer.outcome() == CreateAnswer.Outcome.REJECTED) {
            assertThat(answer.rejection().orElseThrow().reason()).isEqualTo(Reason.UNSTORABLE_TEXT);
            return false;
        }
        assertThat(image(id).run().header()).isEqualTo(run.header());
        assertThat(image(id).nodes()).isEqualTo(run.nodes());
        assertThat(store.trail(id).orElseThrow().audit()).isEqualTo(run.audit());
        return true;
    }

    private static RunHeader headerWith(String id, String text) {
        return RunHeader.of(id, new FlowKey("flow" + text, "v" + text), "start" + text, Samples.NOON)
                .flowName(text)
                .inputDigest(text)
                .affectedNodes(List.of(text, HARMLESS))
                .key("key" + id)
                .userId("user" + text)
                .redriveOf("redrive" + text)
                .build();
    }

    private boolean writeBatch(String id, String text) {
        own(id);
        RunBatch batch = RunBatch.of(id, 1, 1)
                .insert(nodeWith(text))
                .step(Samples.step("node" + text, "step" + text))
                .log(Samples.log(text))
                .audit(Samples.audit(text))
                .standing(Standing.dormant(text))
                .build();
        BatchAnswer answer = store.apply(batch);
        if (!answer.equals(BatchAnswer.applied())) {
            assertRejected(Reason.UNSTORABLE_TEXT, answer);
            return false;
        }
        assertThat(image(id).nodes()).containsExactly(nodeWith(text));
        assertThat(image(id).steps()).isEqualTo(batch.steps());
        assertThat(store.trail(id)).contains(new RunTrail(batch.logs(), batch.audit()));
        assertThat(ownership(id).standing()).isEqualTo(batch.standing());
        return true;
    }

    private void assertKeptOrRefused(RunBatch batch, Reason reason) {
        String id = batch.executionId();
        String good = "good-" + id;
        own(id);
        own(good);

        List<BatchAnswer> answers = store.apply(List.of(
                batch, RunBatch.of(good, 1, 1).insert(Samples.queued("a")).build()));

        assertThat(answers.get(1)).isEqualTo(BatchAnswer.applied());
        if (!answers.get(0).equals(BatchAnswer.applied())) {
            assertRejected(reason, answers.get(0));
            assertThat(ownership(id).revision()).isZero();
            return;
        }
        assertThat(image(id).nodes()).isEqualTo(batch.inserted());
        assertThat(image(id).steps()).isEqualTo(batch.steps());
        assertThat(image(id).run().state()).isEqualTo(batch.state().orElse(Samples.RUNNING));
        assertThat(ownership(id).standing()).isEqualTo(batch.standing());
        assertThat(store.trail(id)).contains(new RunTrail(batch.logs(), batch.audit()));
    }

    private static Stream<RunBatch> batchesWith(String text) {
        RunBatch.Builder error = RunBatch.of("error", 1, 1).state(Samples.RUNNING.with(Samples.error(text)));
        NodeRecord failed =
                Samples.queued("n").settled(NodeStatus.FAILED, NodeResult.failed(Samples.error(text)), Samples.NOON);
        NodeRecord ports = Samples.queued("n")
                .settled(NodeStatus.COMPLETED, NodeResult.fired("port" + text, Samples.payload("x")), Samples.NOON);
        return Stream.of(
                        error,
                        RunBatch.of("failed", 1, 1).insert(failed),
                        RunBatch.of("ports", 1, 1).insert(ports),
                        RunBatch.of("node", 1, 1).insert(Samples.queued(text)),
                        RunBatch.of("step", 1, 1).step(Samples.step("n", text)),
                        RunBatch.of("log", 1, 1).log(Samples.log(text)),
                        RunBatch.of("audit", 1, 1).audit(Samples.audit(text)),
                        RunBatch.of("reason", 1, 1).standing(Standing.dormant(text)))
                .map(RunBatch.Builder::build);
    }

    private static NodeRecord nodeWith(String text) {
        return NodeRecord.queued(NodeKey.of("node" + text, 1), Samples.NOON)
                .settled(
                        NodeStatus.FAILED,
                        NodeResult.fired("port" + text, Samples.payload(HARMLESS))
                                .inSpiteOf(Samples.error(text)),
                        Samples.NOON);
    }

    private static Message message(String id, String text) {
        return new Message(id, MessageType.SIGNAL, text, text, text, Optional.of(Samples.payload(HARMLESS)));
    }
}
