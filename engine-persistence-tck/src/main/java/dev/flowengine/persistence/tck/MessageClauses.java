package dev.flowengine.persistence.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.persistence.Claim;
import dev.flowengine.persistence.Message;
import dev.flowengine.persistence.MessageRecord;
import dev.flowengine.persistence.MessageType;
import dev.flowengine.persistence.PostAnswer;
import dev.flowengine.persistence.Rejection.Reason;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code post} promises, and who learns of messages. */
abstract class MessageClauses extends Clauses {

    MessageClauses(Supplier<StoreFixture> opening) {
        super(opening);
    }

    @ParameterizedTest
    @EnumSource(MessageType.class)
    void a_message_reads_back_as_it_was_posted(MessageType type) {
        own("r");
        Message message = type == MessageType.SIGNAL
                ? Samples.signal("m")
                : Message.control("m", type, "anna", "customer gave up");

        Instant before = store.now();
        assertThat(fixture.anotherStore().post("r", message)).isEqualTo(PostAnswer.POSTED);
        Instant after = store.now();

        List<MessageRecord> pending = store.messages("r");
        assertThat(pending).extracting(MessageRecord::message).containsExactly(message);
        assertThat(pending.get(0).postedAt()).isBetween(before, after);
        assertThat(image("r").messages()).isEqualTo(pending);
    }

    @Test
    void there_are_no_messages_for_a_run_that_is_not_there() {
        assertThat(store.post("r", Samples.signal("m"))).isEqualTo(PostAnswer.NOT_FOUND);
        assertThat(store.messages("r")).isEmpty();
    }

    @Test
    void an_id_is_posted_once_whatever_else_the_message_says() {
        own("r");
        store.post("r", Samples.signal("m"));

        assertThat(store.post("r", Message.control("m", MessageType.CANCEL, "bob", "")))
                .isEqualTo(PostAnswer.DUPLICATE);

        assertThat(store.messages("r")).extracting(MessageRecord::message).containsExactly(Samples.signal("m"));
    }

    @Test
    void an_id_is_not_posted_again_after_the_message_was_acted_upon() {
        long epoch = own("r");
        store.post("r", Samples.signal("m"));
        apply(RunBatch.of("r", epoch, 1).consume("m").build());

        assertThat(store.post("r", Samples.signal("m"))).isEqualTo(PostAnswer.DUPLICATE);

        assertThat(store.messages("r")).isEmpty();
        assertThat(store.renew(WORKER, LEASE).withMessages()).isEmpty();
    }

    @Test
    void an_id_belongs_to_one_run() {
        own("r");
        own("s");
        store.post("r", Samples.signal("m"));

        assertThat(store.post("s", Samples.signal("m"))).isEqualTo(PostAnswer.POSTED);
    }

    @Test
    void messages_come_in_the_order_they_were_posted() {
        own("r");
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            ids.add((i * 7) % 30 + "-message");
            side(i).post("r", Samples.signal(ids.get(i)));
        }

        assertThat(store.messages("r"))
                .extracting(record -> record.message().messageId())
                .containsExactlyElementsOf(ids);
        assertThat(image("r").messages()).isEqualTo(store.messages("r"));
    }

    @Test
    void the_owner_learns_of_messages_from_its_heartbeat_until_it_has_acted_upon_them() {
        long epoch = own("r");
        own("quiet");
        own(Samples.owned("others", OTHER));
        store.post("r", Samples.signal("m"));
        store.post("r", Samples.signal("n"));
        store.post("others", Samples.signal("m"));

        assertThat(store.renew(WORKER, LEASE).withMessages()).containsExactly("r");
        assertThat(store.renew(WORKER, LEASE).withMessages()).containsExactly("r");
        apply(RunBatch.of("r", epoch, 1).consume("m").build());
        assertThat(store.renew(WORKER, LEASE).withMessages()).containsExactly("r");
        apply(RunBatch.of("r", epoch, 2).consume("n").build());

        assertThat(store.renew(WORKER, LEASE).withMessages()).isEmpty();
        assertThat(store.renew(OTHER, LEASE).withMessages()).containsExactly("others");
    }

    @Test
    void a_message_goes_in_the_write_that_acts_upon_it_and_only_with_it() {
        long epoch = own("r");
        store.post("r", Samples.signal("m"));
        store.post("r", Samples.signal("n"));

        rejected(
                Reason.UNKNOWN_NODE,
                RunBatch.of("r", epoch, 1)
                        .update(Samples.completed("nobody", "x"))
                        .consume("m")
                        .build());
        fenced(RunBatch.of("r", epoch + 1, 1).consume("m").build());
        assertThat(store.messages("r")).hasSize(2);
        apply(RunBatch.of("r", epoch, 1).consume("m").consume("never posted").build());

        assertThat(store.messages("r"))
                .extracting(record -> record.message().messageId())
                .containsExactly("n");
    }

    @Test
    void the_end_of_a_run_is_the_end_of_its_messages() {
        long epoch = own("r");
        store.post("r", Samples.signal("m"));

        end("r", epoch);

        assertThat(store.messages("r")).isEmpty();
        assertThat(image("r").messages()).isEmpty();
        assertThat(store.post("r", Samples.signal("m"))).isEqualTo(PostAnswer.TERMINAL);
    }

    @Test
    void a_message_wakes_a_run_that_is_dormant_or_not_due_yet() {
        apply(RunBatch.of("paused", own("paused"), 1)
                .state(Samples.PAUSED)
                .standing(Standing.dormant(""))
                .build());
        apply(RunBatch.of("waiting", own("waiting"), 1)
                .standing(Standing.due(store.now().plus(Duration.ofDays(1))))
                .build());
        assertThat(claim(OTHER)).isEmpty();

        store.post("paused", Message.control("m", MessageType.RESUME, "anna", ""));
        assertThat(claimedBy(OTHER)).containsExactly("paused");
        store.post("waiting", Samples.signal("m"));
        assertThat(claimedBy(OTHER)).containsExactly("waiting");
    }

    @Test
    void a_message_does_not_take_a_run_from_its_owner() {
        own("r");

        store.post("r", Samples.signal("m"));

        assertThat(claim(OTHER)).isEmpty();
    }

    @Test
    void no_message_is_lost_that_arrives_while_its_run_goes_to_sleep() {
        for (Standing standing :
                List.of(Standing.dormant("paused"), Standing.due(store.now().plus(Duration.ofDays(1))))) {
            String id = "r-" + standing.getClass().getSimpleName();
            long epoch = own(id);
            store.post(id, Samples.signal("m"));
            apply(RunBatch.of(id, epoch, 1).standing(standing).build());

            assertThat(claimedBy(OTHER)).as("asleep as %s", standing).containsExactly(id);
        }
    }

    @Test
    void a_run_whose_messages_were_acted_upon_sleeps_on() {
        long epoch = own("r");
        store.post("r", Samples.signal("m"));
        apply(RunBatch.of("r", epoch, 1)
                .consume("m")
                .standing(Standing.dormant("paused"))
                .build());

        assertThat(claim(OTHER)).isEmpty();
        store.post("r", Samples.signal("n"));
        Claim claim = claim(OTHER).get(0);
        apply(RunBatch.of("r", claim.epoch(), 2)
                .consume("n")
                .standing(Standing.dormant("paused"))
                .build());
        assertThat(claim(OTHER)).isEmpty();
    }

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {2, 8})
    void of_those_who_post_one_id_at_once_one_is_heard(int threads) throws Exception {
        long epoch = own("r");
        for (int round = 0; round < 20; round++) {
            String id = "message-" + round;
            List<PostAnswer> answers =
                    Together.run(threads, thread -> side(thread).post("r", Samples.signal(id)));

            assertThat(answers).containsOnlyOnce(PostAnswer.POSTED);
            assertThat(answers).filteredOn(PostAnswer.DUPLICATE::equals).hasSize(threads - 1);
        }
        assertThat(store.messages("r")).hasSize(20);
        end("r", epoch);
    }

    @Test
    void messages_posted_while_the_owner_writes_are_all_there() throws Exception {
        long epoch = own("r");

        Together.run(4, thread -> {
            for (int i = 1; i <= 25; i++) {
                if (thread == 0) {
                    apply(RunBatch.of("r", epoch, i)
                            .insert(Samples.queued("n" + i))
                            .build());
                } else {
                    assertThat(side(thread).post("r", Samples.signal(thread + "-" + i)))
                            .isEqualTo(PostAnswer.POSTED);
                }
            }
            return thread;
        });

        assertThat(store.messages("r")).hasSize(75);
        for (int thread = 1; thread < 4; thread++) {
            String prefix = thread + "-";
            assertThat(store.messages("r").stream()
                            .map(record -> record.message().messageId())
                            .filter(id -> id.startsWith(prefix))
                            .map(id -> Integer.valueOf(id.substring(2)))
                            .toList())
                    .as("order of what one thread posted")
                    .isSorted();
        }
    }
}
