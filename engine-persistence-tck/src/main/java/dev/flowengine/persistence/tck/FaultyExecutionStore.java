package dev.flowengine.persistence.tck;

import dev.flowengine.persistence.Backlog;
import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.Claim;
import dev.flowengine.persistence.ClaimRequest;
import dev.flowengine.persistence.CreateAnswer;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.FlowRecord;
import dev.flowengine.persistence.Message;
import dev.flowengine.persistence.MessageRecord;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.PostAnswer;
import dev.flowengine.persistence.PurgeRequest;
import dev.flowengine.persistence.Renewal;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.RunPage;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.RunTrail;
import dev.flowengine.persistence.StoreException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Another store, which fails at chosen writes. A crash of the process that uses it is a store that is dead from a write on:
 * whatever that process still does reaches nobody, and what it had written is there for the next one.
 *
 * <p>Writes are counted over all threads. What counts are calls that create runs, apply batches and post messages,
 * each call once, unless {@link #counting} names others: leases are renewed when time passes, which no count foresees.
 * Failures are {@linkplain StoreException#isTransient() transient}; after a write that was made, they are
 * {@linkplain StoreException#isInDoubt() in doubt}.
 */
public final class FaultyExecutionStore implements ExecutionStore {
    private final ExecutionStore store;
    private final Faults faults = new Faults();

    private FaultyExecutionStore(ExecutionStore store) {
        this.store = store;
    }

    /**
     * Wraps a store; until told otherwise, it does what that store does.
     *
     * @param store any store
     * @return a store over the same data
     */
    public static FaultyExecutionStore of(ExecutionStore store) {
        return new FaultyExecutionStore(store);
    }

    /**
     * Counts other calls as writes.
     *
     * @param calls at least one
     * @return this
     */
    public FaultyExecutionStore counting(Set<StoreCall> calls) {
        faults.count(calls);
        return this;
    }

    /**
     * How many writes there were, those that failed included.
     *
     * @return the number of the last write
     */
    public long writes() {
        return faults.writes();
    }

    /**
     * A write is not made.
     *
     * @param write which one, counted from 1 for the next
     */
    public void failBefore(int write) {
        faults.plan(false, write, (number, done) -> {
            throw Faults.failure("write " + number + " was not made", done);
        });
    }

    /**
     * A write is made, and its answer is lost.
     *
     * @param write which one, counted from 1 for the next
     */
    public void failAfter(int write) {
        faults.plan(true, write, (number, done) -> {
            throw Faults.failure("the answer of write " + number + " was lost", done);
        });
    }

    /**
     * A write is not made, and every call from then on fails.
     *
     * @param write which one, counted from 1 for the next
     */
    public void dieBefore(int write) {
        faults.plan(false, write, (number, done) -> {
            faults.die();
            throw Faults.failure("the store died before write " + number, done);
        });
    }

    /**
     * A write is made, and every answer from then on is lost, beginning with that of this write.
     *
     * @param write which one, counted from 1 for the next
     */
    public void dieAfter(int write) {
        faults.plan(true, write, (number, done) -> {
            faults.die();
            throw Faults.failure("the store died after write " + number, done);
        });
    }

    /**
     * A write stands still before it is made.
     *
     * @param write which one, counted from 1 for the next
     * @return what lets it go on
     */
    public Hold holdBefore(int write) {
        Hold hold = new Hold();
        faults.plan(false, write, (number, done) -> hold.pass());
        return hold;
    }

    /**
     * A write is made, and stands still before its answer is given.
     *
     * @param write which one, counted from 1 for the next
     * @return what lets it go on
     */
    public Hold holdAfter(int write) {
        Hold hold = new Hold();
        faults.plan(true, write, (number, done) -> hold.pass());
        return hold;
    }

    /** Every call fails from now on; answers of those under way are lost. */
    public void die() {
        faults.die();
    }

    /**
     * Whether every call fails.
     *
     * @return true from a death to the next revival
     */
    public boolean isDead() {
        return faults.isDead();
    }

    /** Calls are carried out again. Faults that were planned and did not happen yet still will. */
    public void revive() {
        faults.revive();
    }

    /** Forgets the faults that were planned and did not happen yet. */
    public void forgetFaults() {
        faults.clear();
    }

    @Override
    public FlowRecord register(FlowRecord flow) {
        return faults.call(StoreCall.REGISTER, () -> store.register(flow));
    }

    @Override
    public Optional<FlowRecord> flow(FlowKey key) {
        return faults.call(StoreCall.READ, () -> store.flow(key));
    }

    @Override
    public List<CreateAnswer> create(List<NewRun> runs) {
        return faults.call(StoreCall.CREATE, () -> store.create(runs));
    }

    @Override
    public List<BatchAnswer> apply(List<RunBatch> batches) {
        return faults.call(StoreCall.APPLY, () -> store.apply(batches));
    }

    @Override
    public PostAnswer post(String executionId, Message message) {
        return faults.call(StoreCall.POST, () -> store.post(executionId, message));
    }

    @Override
    public Renewal renew(String workerId, Duration lease) {
        return faults.call(StoreCall.RENEW, () -> store.renew(workerId, lease));
    }

    @Override
    public List<Claim> claim(ClaimRequest request) {
        return faults.call(StoreCall.CLAIM, () -> store.claim(request));
    }

    @Override
    public List<Claim> owned(String workerId) {
        return faults.call(StoreCall.READ, () -> store.owned(workerId));
    }

    @Override
    public int release(String workerId, Collection<String> executionIds) {
        return faults.call(StoreCall.RELEASE, () -> store.release(workerId, executionIds));
    }

    @Override
    public int retire(String workerId) {
        return faults.call(StoreCall.RELEASE, () -> store.retire(workerId));
    }

    @Override
    public List<MessageRecord> messages(String executionId) {
        return faults.call(StoreCall.READ, () -> store.messages(executionId));
    }

    @Override
    public Optional<RunImage> load(String executionId) {
        return faults.call(StoreCall.READ, () -> store.load(executionId));
    }

    @Override
    public List<RunRecord> find(Collection<String> executionIds) {
        return faults.call(StoreCall.READ, () -> store.find(executionIds));
    }

    @Override
    public Optional<RunTrail> trail(String executionId) {
        return faults.call(StoreCall.READ, () -> store.trail(executionId));
    }

    @Override
    public RunPage query(RunQuery query) {
        return faults.call(StoreCall.READ, () -> store.query(query));
    }

    @Override
    public List<Backlog> backlog() {
        return faults.call(StoreCall.READ, store::backlog);
    }

    @Override
    public int purge(PurgeRequest request) {
        return faults.call(StoreCall.PURGE, () -> store.purge(request));
    }

    @Override
    public Instant now() {
        return faults.call(StoreCall.READ, store::now);
    }

    /** The ability of the wrapped store, which fails with this one. */
    @Override
    public <T> Optional<T> capability(Class<T> type) {
        return store.capability(type)
                .map(ability -> type.cast(Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) ->
                                faults.call(StoreCall.ABILITY, () -> invoke(ability, method, arguments)))));
    }

    @SuppressWarnings("NullAway") // void methods answer null, and those without parameters get null
    private static Object invoke(Object ability, Method method, Object[] arguments) {
        try {
            return method.invoke(ability, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(method + " is not public", e);
        }
    }
}
