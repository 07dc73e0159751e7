package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.CreateAnswer;
import dev.flowengine.persistence.Message;
import dev.flowengine.persistence.MessageType;
import dev.flowengine.persistence.PostAnswer;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections that break at each round trip in turn, before it and after it. */
@DisplayName("R8 lost connections")
class LostConnectionTest {
    private static final int MOST_ROUND_TRIPS = 60;

    @ParameterizedTest
    @EnumSource(Database.class)
    void a_batch_is_applied_once_wherever_the_connection_breaks(Database kind) {
        try (Database.Opened opened = kind.open()) {
            FailingDataSource dataSource =
                    new FailingDataSource(opened.database().dataSource());
            JdbcExecutionStore store = JdbcExecutionStore.builder(dataSource).build();
            int trips = 0;
            boolean broke = true;
            for (int trip = 1; broke; trip++) {
                assertThat(trip).isLessThan(MOST_ROUND_TRIPS);
                broke = breaksOnce(store, dataSource, "at-" + trip, trip, false);
                broke |= breaksOnce(store, dataSource, "after-" + trip, trip, true);
                trips += broke ? 1 : 0;
            }
            if (kind == Database.POSTGRESQL) {
                // The begin with the lock, all that is written, and the commit.
                assertThat(trips).as("round trips").isEqualTo(3);
            } else {
                assertThat(trips).as("round trips").isGreaterThan(3);
            }
        }
    }

    /** Whether the connection broke while a batch was applied. */
    private static boolean breaksOnce(
            JdbcExecutionStore store, FailingDataSource dataSource, String id, int trip, boolean afterwards) {
        store.create(Runs.owned(id).withNodes(List.of(Runs.queued("a"))));
        RunBatch batch = RunBatch.of(id, 1, 1)
                .update(Runs.completed("a"))
                .insert(Runs.queued("b"))
                .step(Runs.step("s"))
                .state(Runs.RUNNING)
                .build();
        Optional<StoreException> failure =
                attempt(dataSource, trip, afterwards, () -> store.apply(batch)).failure();
        RunImage image = store.load(id).orElseThrow();
        boolean written = image.run().ownership().revision() == 1;
        failure.ifPresent(e -> {
            assertThat(e.isTransient()).as("%s", e).isTrue();
            assertThat(e.isInDoubt()).isEqualTo(dataSource.brokeAtCommit());
            assertThat(written).isEqualTo(dataSource.brokeAtCommit() && afterwards);
        });

        assertThat(store.apply(batch)).isEqualTo(BatchAnswer.applied());

        image = store.load(id).orElseThrow();
        assertThat(image.nodes()).containsExactlyInAnyOrder(Runs.completed("a"), Runs.queued("b"));
        assertThat(image.steps()).containsExactly(Runs.step("s"));
        return failure.isPresent();
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void a_run_is_created_and_a_message_posted_once_wherever_the_connection_breaks(Database kind) {
        try (Database.Opened opened = kind.open()) {
            FailingDataSource dataSource =
                    new FailingDataSource(opened.database().dataSource());
            JdbcExecutionStore store = JdbcExecutionStore.builder(dataSource).build();
            Message message = Message.control("m", MessageType.PAUSE, "anna", "");
            for (int trip = 1; trip < 12; trip++) {
                String id = "r" + trip;
                Attempt<CreateAnswer> created = attempt(dataSource, trip, true, () -> store.create(Runs.owned(id)));
                CreateAnswer again = store.create(Runs.owned(id));
                boolean lost = created.failure().isPresent() && !dataSource.brokeAtCommit();
                assertThat(again.outcome())
                        .isEqualTo(lost ? CreateAnswer.Outcome.CREATED : CreateAnswer.Outcome.EXISTING);

                Attempt<PostAnswer> posted = attempt(dataSource, trip, true, () -> store.post(id, message));
                lost = posted.failure().isPresent() && !dataSource.brokeAtCommit();
                assertThat(store.post(id, message)).isEqualTo(lost ? PostAnswer.POSTED : PostAnswer.DUPLICATE);
                assertThat(store.messages(id)).hasSize(1);
            }
        }
    }

    private static <T> Attempt<T> attempt(
            FailingDataSource dataSource, int trip, boolean afterwards, Supplier<T> call) {
        if (afterwards) {
            dataSource.breakAfter(trip);
        } else {
            dataSource.breakAt(trip);
        }
        try {
            return new Attempt<>(Optional.of(call.get()), Optional.empty());
        } catch (StoreException e) {
            return new Attempt<>(Optional.empty(), Optional.of(e));
        } finally {
            dataSource.heal();
        }
    }

    /** How a call ended. */
    private record Attempt<T>(Optional<T> answer, Optional<StoreException> failure) {}
}
