package dev.flowengine.internal.journal;

import dev.flowengine.internal.attempt.TransactionalStep;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.StepKey;
import dev.flowengine.persistence.StepRecord;
import dev.flowengine.persistence.StoreException;
import dev.flowengine.persistence.TransactionalSteps;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Has steps done and recorded in one transaction of the store's. Thread-safe. */
final class StepTransactions {
    /** With pauses that double, half a minute altogether. */
    private static final int MOST_LOOKS = 8;

    private static final long FIRST_PAUSE_NANOS = 100_000_000;

    private final ExecutionStore store;
    private final RunWriting writing;
    private final Runnable fenced;

    StepTransactions(ExecutionStore store, RunWriting writing, Runnable fenced) {
        this.store = store;
        this.writing = writing;
        this.fenced = fenced;
    }

    /**
     * Does a step, and returns once it is committed.
     *
     * @param encode makes a payload of its result
     * @param decode makes a result of its payload
     * @throws FlowException of kind {@code OWNERSHIP_LOST} if the execution goes on elsewhere; nothing is committed then
     * @throws Exception what the body throws
     */
    <C, T extends @Nullable Object> T done(
            StepKey key, TransactionalStep<C, T> step, Function<@Nullable Object, Payload> encode, Decoder decode)
            throws Exception {
        TransactionalSteps transactions = store.capability(TransactionalSteps.class)
                .filter(offering -> offering.offers(step.resource()))
                .orElseThrow(() -> notOffered(step.resource()));
        Work<C, T> work = new Work<>(key, step, encode, writing);
        try {
            if (transactions.record(writing.executionId(), writing.epoch(), step.resource(), work)) {
                return work.result();
            }
        } catch (StoreException unclear) {
            // Another attempt was faster, or the commit may have been carried out: then the step is there.
            return recorded(key, step.type(), decode, unclear)
                    .orElseThrow(() -> unclear)
                    .value();
        }
        // Only the store knows: what a body throws may come from another execution.
        fenced.run();
        throw RunWriter.lost();
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // the type says whether null may come out
    private <T extends @Nullable Object> Optional<Recorded<T>> recorded(
            StepKey key, TypeRef<T> type, Decoder decode, StoreException unclear) throws InterruptedException {
        return image(unclear)
                .flatMap(run -> run.steps().stream()
                        .filter(step -> step.key().equals(key))
                        .findFirst())
                .map(step -> new Recorded<>((T) decode.decode(step.result(), type)));
    }

    /** The run as the store has it, asked for again while the store is away: what took its commit away may do so too. */
    private Optional<RunImage> image(StoreException unclear) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return store.load(writing.executionId());
            } catch (StoreException unreadable) {
                if (!unclear.isInDoubt() || !unreadable.isTransient() || attempt == MOST_LOOKS) {
                    unclear.addSuppressed(unreadable);
                    return Optional.empty();
                }
                pause(FIRST_PAUSE_NANOS << attempt);
            }
        }
    }

    private void pause(long nanos) throws InterruptedException {
        LockSupport.parkNanos(this, nanos);
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted while looking for what a transaction came to");
        }
    }

    static FlowException notOffered(Class<?> resource) {
        return FlowException.of(
                        FailureKind.INVALID_DEFINITION,
                        "a step in a transaction needs a " + resource.getName()
                                + ", and the engine has no store that offers one")
                .suggestedResolution("Give the engine's builder a store that does, such as JdbcExecutionStore for"
                        + " java.sql.Connection.")
                .build();
    }

    /** Makes values of payloads. */
    interface Decoder {
        @Nullable
        Object decode(Payload payload, TypeRef<?> type);
    }

    /** The result of a step; may be null. */
    private record Recorded<T extends @Nullable Object>(T value) {}

    /** The body of a step, which remembers what it returned. */
    private static final class Work<C, T extends @Nullable Object> implements TransactionalSteps.Work<C> {
        private final StepKey key;
        private final TransactionalStep<C, T> step;
        private final Function<@Nullable Object, Payload> encode;
        private final RunWriting writing;
        private @Nullable T value;

        Work(
                StepKey key,
                TransactionalStep<C, T> step,
                Function<@Nullable Object, Payload> encode,
                RunWriting writing) {
            this.key = key;
            this.step = step;
            this.encode = encode;
            this.writing = writing;
        }

        @Override
        public StepRecord with(C resource) throws Exception {
            T made = step.body().with(resource);
            value = made;
            return new StepRecord(key, encode.apply(made), writing.now());
        }

        @SuppressWarnings("NullAway") // the type says whether null may come out
        T result() {
            return value;
        }
    }
}
