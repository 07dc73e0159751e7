package dev.flowengine.persistence.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.flowengine.persistence.ClaimRequest;
import dev.flowengine.persistence.Counters;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.FlowRecord;
import dev.flowengine.persistence.OnceMarks;
import dev.flowengine.persistence.PurgeRequest;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.StoreException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FaultyExecutionStoreTest {
    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final FaultyExecutionStore faulty = FaultyExecutionStore.of(memory);

    @Test
    void a_write_that_fails_before_it_is_made_leaves_nothing() {
        faulty.failBefore(2);
        faulty.create(Samples.owned("a", "w"));

        fails(false, () -> faulty.create(Samples.owned("b", "w")));
        faulty.create(Samples.owned("c", "w"));

        assertThat(memory.find(List.of("a", "b", "c"))).hasSize(2);
        assertThat(faulty.writes()).isEqualTo(3);
        assertThat(faulty.isDead()).isFalse();
    }

    @Test
    void a_write_whose_answer_is_lost_was_made() {
        faulty.create(Samples.owned("a", "w"));
        faulty.failAfter(1);

        fails(true, () -> faulty.post("a", Samples.signal("m")));

        assertThat(memory.messages("a")).hasSize(1);
        assertThat(faulty.messages("a")).hasSize(1);
    }

    @Test
    void a_store_that_died_before_a_write_does_nothing_until_it_is_revived() {
        faulty.dieBefore(1);

        fails(false, () -> faulty.create(Samples.owned("a", "w")));
        fails(false, () -> faulty.create(Samples.owned("b", "w")));
        assertThat(faulty.isDead()).isTrue();
        faulty.revive();
        faulty.create(Samples.owned("c", "w"));

        assertThat(memory.find(List.of("a", "b", "c"))).hasSize(1);
    }

    @Test
    void a_store_that_died_after_a_write_has_made_it() {
        faulty.create(Samples.owned("a", "w"));
        faulty.dieAfter(1);

        fails(
                true,
                () -> faulty.apply(
                        RunBatch.of("a", 1, 1).insert(Samples.queued("n")).build()));
        fails(false, () -> faulty.load("a"));

        assertThat(memory.load("a").orElseThrow().nodes()).hasSize(1);
    }

    static Stream<Named<Consumer<ExecutionStore>>> calls() {
        return Stream.of(
                Named.of(
                        "register",
                        store -> store.register(new FlowRecord(Samples.FLOW, "n", "d", List.of(), List.of()))),
                Named.of("flow", store -> store.flow(new FlowKey("f", "1"))),
                Named.of("create", store -> store.create(List.of())),
                Named.of("apply", store -> store.apply(List.of())),
                Named.of("post", store -> store.post("r", Samples.signal("m"))),
                Named.of("renew", store -> store.renew("w", Duration.ofSeconds(1))),
                Named.of("claim", store -> store.claim(new ClaimRequest("w", Set.of(), 1))),
                Named.of("owned", store -> store.owned("w")),
                Named.of("release", store -> store.release("w", List.of())),
                Named.of("retire", store -> store.retire("w")),
                Named.of("messages", store -> store.messages("r")),
                Named.of("load", store -> store.load("r")),
                Named.of("find", store -> store.find(List.of("r"))),
                Named.of("trail", store -> store.trail("r")),
                Named.of("query", store -> store.query(RunQuery.all(1))),
                Named.of("backlog", ExecutionStore::backlog),
                Named.of("purge", store -> store.purge(PurgeRequest.keeping(Samples.COMPLETED.status(), 1, 1))),
                Named.of("now", ExecutionStore::now));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void every_call_fails_on_a_dead_store_and_no_other(Consumer<ExecutionStore> call) {
        call.accept(faulty);
        faulty.die();

        fails(false, () -> call.accept(faulty));

        faulty.revive();
        call.accept(faulty);
    }

    @Test
    void abilities_die_with_their_store() {
        OnceMarks marks = faulty.capability(OnceMarks.class).orElseThrow();
        Counters counters = faulty.capability(Counters.class).orElseThrow();
        assertThat(marks.setOnce("m", Duration.ofHours(1))).isTrue();
        counters.release("c", "h");

        faulty.die();

        fails(false, () -> marks.setOnce("n", Duration.ofHours(1)));
        fails(false, () -> counters.count("c"));
        assertThat(faulty.capability(Runnable.class)).isEmpty();
    }

    @Test
    void what_an_ability_throws_comes_through() {
        ExecutionStore refusing = new ForwardingExecutionStore(memory) {
            @Override
            public <T> Optional<T> capability(Class<T> type) {
                OnceMarks marks = (mark, keep) -> {
                    throw StoreException.transientFailure("no marks today", null);
                };
                return Optional.of(type.cast(marks));
            }
        };
        OnceMarks marks =
                FaultyExecutionStore.of(refusing).capability(OnceMarks.class).orElseThrow();

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> marks.setOnce("m", Duration.ofHours(1)))
                .withMessage("no marks today");
    }

    @Test
    void only_writes_to_runs_are_counted_unless_others_are_named() {
        calls().forEach(call -> call.getPayload().accept(faulty));
        assertThat(faulty.writes()).isEqualTo(3);

        faulty.counting(EnumSet.of(StoreCall.RENEW)).failBefore(1);
        faulty.create(Samples.owned("a", "w"));
        fails(false, () -> faulty.renew("w", Duration.ofSeconds(1)));
    }

    @Test
    void a_held_write_is_made_when_it_is_let_go() throws Exception {
        Hold hold = faulty.holdBefore(1);
        FutureTask<?> write = inBackground(() -> faulty.create(Samples.owned("a", "w")));
        hold.awaitReached();
        assertThat(memory.find("a")).isEmpty();

        hold.release();
        write.get();

        assertThat(memory.find("a")).isPresent();
        assertThat(hold.isReached()).isTrue();
    }

    @Test
    void a_held_answer_is_lost_if_the_store_dies_meanwhile() throws Exception {
        Hold hold = faulty.holdAfter(1);
        FutureTask<?> write = inBackground(() -> fails(true, () -> faulty.create(Samples.owned("a", "w"))));
        hold.awaitReached();
        assertThat(memory.find("a")).isPresent();

        faulty.die();
        hold.release();

        write.get();
    }

    @Test
    void faults_can_be_forgotten_and_lie_ahead() {
        Hold hold = faulty.holdBefore(1);
        faulty.failAfter(1);
        faulty.forgetFaults();

        faulty.create(Samples.owned("a", "w"));

        assertThat(hold.isReached()).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> faulty.failBefore(0));
    }

    private static FutureTask<?> inBackground(Runnable work) {
        FutureTask<?> task = new FutureTask<>(work, null);
        new Thread(task, "writer").start();
        return task;
    }

    private static void fails(boolean inDoubt, ThrowingCallable call) {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(call)
                .matches(StoreException::isTransient)
                .matches(failure -> failure.isInDoubt() == inDoubt);
    }
}
