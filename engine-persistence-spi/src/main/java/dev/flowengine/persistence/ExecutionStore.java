package dev.flowengine.persistence;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps runs, and says who may go on with them. What the documentation of this package says about threads, writes, time,
 * text and errors holds for every method.
 *
 * <p><b>Workers and leases.</b> A worker is one engine in one process; its id is new with every start. It has a <em>live
 * lease</em> from a {@link #renew} until the lease it answered has passed, or until {@link #retire}.
 *
 * <p><b>Ownership.</b> A run that has not ended has one {@link Standing}. It <em>is claimable</em> in exactly these cases:
 *
 * <ul>
 *   <li>it stands as claimable, or as due at an instant that has come;
 *   <li>it stands as due or dormant, and a message is pending for it;
 *   <li>it stands as owned, and its owner has no live lease.
 * </ul>
 *
 * <p>A claim makes the epoch greater. A batch is accepted only under the epoch of the last claim, and only while the run
 * stands as owned. The end of a lease alone fences nobody: a worker that was away finds its runs as it left them, unless
 * somebody claimed them meanwhile.
 *
 * <p><b>Terminal is absorbing.</b> No call changes a run that has ended, or a row of a node that has settled; a run
 * that has ended can only be purged as a whole.
 *
 * <p><b>Steps written elsewhere.</b> A store may offer other ways to record a step, such as within a transaction of the
 * host's. Such a write obeys the same conditions as a batch: the run stands as owned under the epoch given, and no step
 * of that key is there; otherwise it fails and writes nothing. It is no batch: the revision stays.
 */
public interface ExecutionStore {

    /**
     * Keeps the structure of an edition of a flow, unless one is kept already. Runs can be created whether or not the
     * structure of their flow is kept, and purging runs leaves it alone.
     *
     * @param flow the structure
     * @return what is kept from now on: the one given, or the one that was there first, for the caller to compare
     * @throws StoreException if it cannot be kept, as {@linkplain StoreException#refused refused}
     */
    FlowRecord register(FlowRecord flow);

    /**
     * Reads the structure of an edition of a flow.
     *
     * @param key the edition
     * @return its structure, if it is kept
     */
    Optional<FlowRecord> flow(FlowKey key);

    /**
     * Creates runs, each completely or not at all, as if one after the other in the order given; for speed, in one
     * transaction.
     *
     * <p>A run whose id is taken, or whose key another run of the same flow id has, is not created: the answer is
     * {@code EXISTING} with the run that is there, the one with the id before the one with the key. A key is taken as long as
     * its run is kept, ended or not. Of any number of calls with the same id or key at once, one creates. So a repetition
     * is answered with the caller's own run. A run that holds what cannot be kept is {@code REJECTED}.
     *
     * <p>A run created as owned has the epoch 1 and needs no claim, any other the epoch 0; the store does not ask
     * whether its worker has a live lease. The revision of a new run is 0.
     *
     * @param runs the runs
     * @return an answer for each, in the same order
     */
    List<CreateAnswer> create(List<NewRun> runs);

    /**
     * Applies batches, each completely or not at all, as if one after the other in the order given; for speed, in one
     * transaction. There may be several for one run. A batch that is fenced or rejected changes nothing and does not
     * harm the others, except those of the same run that follow on it.
     *
     * <p>A batch is repeated as it was: one that was changed meanwhile, but has the same revision, may be taken for a
     * repetition. For each batch, the first of these that is true is the answer:
     *
     * <ol>
     *   <li>The last epoch of the run is that of the batch, and its revision has been reached, whatever the run stands as
     *       or whether it has ended: {@code APPLIED}; it is a repetition, and nothing changes.
     *   <li>There is no such run, it does not stand as owned, or its epoch is another: {@code FENCED}.
     *   <li>The revision of the run is not one less than that of the batch, a row or step to insert is there, a row to
     *       update is not there or has settled, a text or size cannot be kept: {@code REJECTED} with the reason.
     *   <li>Everything in the batch is written, the revision of the run becomes that of the batch, and the run
     *       stands as the batch says: {@code APPLIED}. If the batch {@linkplain RunBatch#makesProgress makes progress}, the
     *       tries of the run become 0. If it ends the run, the messages of the run are gone, the consumed ones and the
     *       others.
     * </ol>
     *
     * @param batches the batches
     * @return an answer for each, in the same order
     */
    List<BatchAnswer> apply(List<RunBatch> batches);

    /**
     * Leaves a message for the owner of a run, now or later. Needs no epoch and may be called by anybody.
     *
     * <p>An id that was posted to the run before is answered {@code DUPLICATE}, even if a batch has consumed that
     * message meanwhile: a store remembers the ids of messages until their run ends. The messages of a run are ordered: a
     * post that returned before another one was called comes first.
     *
     * @param executionId the run
     * @param message the message
     * @return what became of it
     * @throws StoreException if it cannot be kept, as {@linkplain StoreException#refused refused}
     */
    PostAnswer post(String executionId, Message message);

    /**
     * The heartbeat of a worker: begins its lease, or begins it anew. One small write per call, however many runs the worker
     * owns. A worker that renews after its lease has passed owns again what nobody claimed meanwhile.
     *
     * @param workerId the worker
     * @param lease for how long; positive. A store may round it up to its resolution, never down
     * @return the lease, and what is new for the worker
     */
    Renewal renew(String workerId, Duration lease);

    /**
     * Hands claimable runs of known flows to a worker, each to one worker only, however many ask at once. A run that is
     * handed out stands as owned by the worker, under a greater epoch. Those that became claimable first go first, as far
     * as others do not hold them just now. A run taken over from a worker whose lease has passed counts one more try.
     *
     * <p>Fewer than there are may be handed out, or none, if others are asking at the same time. Asked again and again,
     * every claimable run is handed out. A worker without a live lease gets none.
     *
     * <p>If the call is in doubt, {@link #owned} tells what was handed out.
     *
     * @param request who asks, and for what
     * @return the runs handed out
     */
    List<Claim> claim(ClaimRequest request);

    /**
     * The runs that stand as owned by a worker, whether or not it has a live lease.
     *
     * @param workerId the worker
     * @return a claim for each
     */
    List<Claim> owned(String workerId);

    /**
     * Hands runs back: those of the given ones that stand as owned by the worker become claimable at once, under the same
     * epoch, and its further batches for them are fenced. A repetition changes nothing.
     *
     * @param workerId the worker
     * @param executionIds the runs
     * @return how many were handed back
     */
    int release(String workerId, Collection<String> executionIds);

    /**
     * Ends a worker: its lease ends at once, and all its runs are handed back as by {@link #release}. A repetition changes
     * nothing.
     *
     * @param workerId the worker
     * @return how many runs were handed back
     */
    int retire(String workerId);

    /**
     * The messages pending for a run.
     *
     * @param executionId the run
     * @return the messages in the order they were posted; none if the run has ended, or is not there
     */
    List<MessageRecord> messages(String executionId);

    /**
     * Reads everything it takes to go on with a run, as of one moment.
     *
     * @param executionId the run
     * @return the run, if it is there
     */
    Optional<RunImage> load(String executionId);

    /**
     * Reads runs without their nodes and payloads, ended or not.
     *
     * @param executionIds the runs
     * @return those that are there, in no particular order
     */
    List<RunRecord> find(Collection<String> executionIds);

    /**
     * Reads what people want to read about a run.
     *
     * @param executionId the run
     * @return its trail, if the run is there
     */
    Optional<RunTrail> trail(String executionId);

    /**
     * Lists runs, a page at a time, in the order of {@link RunQuery.Position}. Pages are not affected by runs that arrive
     * while somebody pages: what was there before and is not purged comes exactly once, what arrives before the place
     * already reached does not come at all. What a page says of a run is as of the moment of that page.
     *
     * @param query which ones
     * @return a page
     */
    RunPage query(RunQuery query);

    /**
     * Counts the runs that are claimable, by edition of their flows: what nobody knows, or nobody has room for.
     *
     * @return an entry for each edition with at least one such run
     */
    List<Backlog> backlog();

    /**
     * Removes ended runs with all that belongs to them: those that ended first go first, the smaller id first among
     * equals. Each call removes as many as the limit allows; if there are any and nobody else is removing them, it
     * removes at least one. A run is removed completely or not at all. Keys of removed runs can be used again.
     *
     * <p>A run stays, whatever the request, as long as the node that started it has not taken note of its end: its
     * {@linkplain RunHeader#parent() parent} is there and has not ended, and a row of that node in that iteration has
     * not settled: the node would start it again. It is counted as the others are.
     *
     * @param request which ones
     * @return how many runs were removed; less than the limit if no more are left, or others remove them just now
     */
    int purge(PurgeRequest request);

    /**
     * What time it is for this store.
     *
     * @return an instant of the one clock that judges leases, wake times and expiry
     */
    Instant now();

    /**
     * An optional ability of this store. A store that wraps another one asks that for it.
     *
     * @param type an interface, such as {@link OnceMarks}, {@link Counters}, {@link ResultCacheStore} or
     *     {@link TransactionalSteps}
     * @param <T> the same type
     * @return the ability, if the store has it
     */
    default <T> Optional<T> capability(Class<T> type) {
        return type.isInstance(this) ? Optional.of(type.cast(this)) : Optional.empty();
    }

    /**
     * Creates one run.
     *
     * @param run the run
     * @return the answer for it
     */
    default CreateAnswer create(NewRun run) {
        return create(List.of(run)).get(0);
    }

    /**
     * Applies one batch.
     *
     * @param batch the batch
     * @return the answer for it
     */
    default BatchAnswer apply(RunBatch batch) {
        return apply(List.of(batch)).get(0);
    }

    /**
     * Reads one run without its nodes and payloads.
     *
     * @param executionId the run
     * @return the run, if it is there
     */
    default Optional<RunRecord> find(String executionId) {
        return find(Set.of(executionId)).stream().findFirst();
    }
}
