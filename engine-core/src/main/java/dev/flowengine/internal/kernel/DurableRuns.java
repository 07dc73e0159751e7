package dev.flowengine.internal.kernel;

import dev.flowengine.execution.Durability;
import dev.flowengine.extension.TimeSource;
import dev.flowengine.flow.Flow;
import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.journal.BlobSweep;
import dev.flowengine.internal.journal.BlobTypes;
import dev.flowengine.internal.journal.Blobs;
import dev.flowengine.internal.journal.DurableJournal;
import dev.flowengine.internal.journal.FlowRecords;
import dev.flowengine.internal.journal.GroupCommit;
import dev.flowengine.internal.journal.Journal;
import dev.flowengine.internal.journal.Lease;
import dev.flowengine.internal.journal.Payloads;
import dev.flowengine.internal.journal.Purge;
import dev.flowengine.internal.journal.RunWriting;
import dev.flowengine.internal.journal.StartCodec;
import dev.flowengine.internal.journal.StoredRun;
import dev.flowengine.internal.journal.Sweeper;
import dev.flowengine.internal.layout.CompiledPlan;
import dev.flowengine.internal.machine.RunInputs;
import dev.flowengine.internal.scheduling.EngineThread;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.AwaitedSignal;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.FlowRecord;
import dev.flowengine.persistence.Message;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.RunInput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The executions of an engine that are kept in a store: begins them, goes on with those left by others, and lets go. */
final class DurableRuns {
    /** More would share out among transactions what one of them can take. */
    private static final int LANES = 2;

    private static final int MOST_AT_ONCE = 256;

    private final TimeSource time;
    private final Executor delivery;
    private final FlowRegistry registry;
    private final ExecutionStore store;
    private final Durability durability;
    private final String workerId = UUID.randomUUID().toString();
    private final Blobs blobs;
    private final Payloads payloads;
    private final StartCodec starts;
    private final GroupCommit commits;
    private final Lease lease;
    /** Executions for which a message was left, until somebody has looked whether they go on here. */
    private final Set<String> posted = ConcurrentHashMap.newKeySet();

    private final Offloading offloading;
    private final Recalls recalls;
    private final PendingPosts pending;
    private final Sweeper sweeper;
    private final TakeOver takeOver;
    private final Purge purge;
    private final @Nullable BlobSweep blobSweep;
    private final DeclaredVersions declared;
    private final OwnedRuns own = new OwnedRuns(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
    /** Of the editions of flows that are kept, as the store has said. */
    private final Map<FlowKey, String> digests = new ConcurrentHashMap<>();

    private final TakeOver.Engine engine;

    /**
     * Begins to keep executions.
     *
     * @param settings how
     * @param time the clock
     * @param delivery runs what hosts attach to the ends of executions
     * @param registry the flows whose executions may be taken over
     * @param engine goes on with them
     */
    DurableRuns(
            StoreSettings settings, TimeSource time, Executor delivery, FlowRegistry registry, TakeOver.Engine engine) {
        this.delivery = delivery;
        this.registry = registry;
        this.time = time;
        this.store = settings.store();
        this.durability = settings.durability();
        this.blobs = new Blobs(settings.blobStore(), settings.offloadAbove());
        this.payloads = new Payloads(settings.codec(), settings.payloadLimit(), blobs);
        this.starts = new StartCodec(payloads);
        this.engine = engine;
        ThreadFactory threads = EngineThread.factory("flowengine-store-");
        this.declared = new DeclaredVersions(store, registry);
        this.takeOver = new TakeOver(settings, workerId, registry, own, engine);
        this.offloading = new Offloading(settings, time, own.runs());
        this.recalls = new Recalls(store, workerId);
        this.pending = new PendingPosts();
        this.sweeper = new Sweeper(settings.sweepInterval(), this::sweep, threads);
        this.lease = new Lease(store, workerId, settings.lease(), time, (lapsed, withMessages) -> {
            takeOver.renewed(lapsed, withMessages);
            if (lapsed || !withMessages.isEmpty()) {
                sweeper.nudge();
            }
        });
        this.commits = new GroupCommit(store, LANES, MOST_AT_ONCE, threads);
        this.purge = new Purge(store, settings.retention(), settings.sweepInterval(), threads);
        this.blobSweep = settings.blobStore() == null
                ? null
                : new BlobSweep(settings.blobStore(), store, settings.sweepInterval(), threads);
        lease.start(threads);
        sweeper.start();
        purge.start();
        if (blobSweep != null) {
            blobSweep.start();
        }
        lease.whenLive(sweeper::nudge);
    }

    /** Keeps the structure of a flow, or refuses one that cannot be kept. */
    void register(Flow flow) {
        FlowRecords.requireTypes(flow);
        BlobTypes.require(flow, blobs.areKept());
        payloads.requireReadable(flow);
        FlowRecord record = FlowRecords.of(flow);
        // A host may build the same flow again and again: the store is asked once.
        String digest = digests.get(record.key());
        if (digest == null) {
            digest = store.register(record).digest();
            digests.put(record.key(), digest);
        }
        if (!digest.equals(record.digest())) {
            throw FlowException.of(
                            FailureKind.INVALID_DEFINITION,
                            "flow '" + flow.id() + "' version '" + flow.version()
                                    + "' is kept already with another structure or other types")
                    .suggestedResolution("Give the changed flow a new version.")
                    .build();
        }
    }

    /** A flow has become known. */
    void registered() {
        sweeper.nudge();
    }

    /** Versions whose executions a flow goes on with, too. */
    DeclaredVersions declared() {
        return declared;
    }

    /** The journal of a new execution, of which nothing is kept yet. */
    Journal begin(FlowRun run, RunScope scope, CompiledPlan plan) {
        RunInput input = RunHeaders.input(scope, plan, payloads, starts);
        RunHeader header = RunHeaders.of(scope, plan, input, starts, own.runs().size());
        RunInput kept = RunHeaders.kept(input, scope, payloads.of(scope.executionId()));
        RunWriting writing = RunWriting.begin(header, kept, workerId, time);
        DurableRun durable = new DurableRun(run, 1, lease, this);
        return keep(durable, scope, writing);
    }

    /** The journal of an execution that was left. */
    Journal goOn(FlowRun run, RunScope scope, StoredRun stored, long epoch) {
        RunWriting writing = RunWriting.goOn(stored.image().run(), epoch, workerId, time);
        DurableJournal journal = keep(new DurableRun(run, epoch, lease, this), scope, writing);
        journal.restored(stored);
        return journal;
    }

    private DurableJournal keep(DurableRun durable, RunScope scope, RunWriting writing) {
        DurableJournal journal = new DurableJournal(commits, payloads, scope, writing, durable);
        durable.journal(journal);
        return journal;
    }

    /** Has an execution looked after, for which there is a journal: from now on others may take it away from here. */
    void lookAfter(FlowRun run) {
        DurableRun durable = run.control().kept();
        if (durable != null) {
            own.runs().put(run.id(), durable);
        }
    }

    /** A flow that is known here. */
    Optional<Flow> flow(FlowKey edition) {
        return registry.find(edition);
    }

    /** The message of a signal that nodes of a flow wait for. */
    Message message(String executionId, Flow flow, AwaitedSignal signal, @Nullable Object value, String signalId) {
        List<String> nodes = FlowSignals.awaiting(flow, signal.name());
        String what = "what signal '" + signal.name() + "' brings";
        Payload payload = payloads.encode(nodes, what, value, signal.type());
        return Message.signal(
                signalId, signal.name(), "", payloads.of(executionId).adopted(payload));
    }

    /** The message of a signal to an execution of a flow that nobody knows here: its owner judges it. */
    Message message(String name, @Nullable Object value, String signalId) {
        TypeRef<?> type = value == null ? TypeRef.of(Object.class) : TypeRef.of(value.getClass());
        return Message.signal(
                signalId, name, "", payloads.encode(List.of(), "what signal '" + name + "' brings", value, type));
    }

    /** What nodes wait for before they start. */
    Durability durability() {
        return durability;
    }

    /** Whether what is large is kept apart. */
    boolean keepsBlobs() {
        return blobs.areKept();
    }

    /** What an execution is given, with copies of the blobs in it that are others'. */
    RunInputs own(String executionId, RunInputs inputs) {
        return blobs.areKept() ? inputs.with(value -> blobs.own(executionId, value)) : inputs;
    }

    Payloads payloads() {
        return payloads;
    }

    StartCodec starts() {
        return starts;
    }

    /** An execution that goes on here. */
    Optional<DurableRun> find(String executionId) {
        return Optional.ofNullable(own.runs().get(executionId));
    }

    /** Whether an execution goes on here, and nowhere else. */
    boolean isOwned(DurableRun run) {
        return own.runs().get(run.run().id()) == run && lease.isUndoubted();
    }

    TakeOver takeOver() {
        return takeOver;
    }

    Executor delivery() {
        return delivery;
    }

    ExecutionStore store() {
        return store;
    }

    /** Tells how an execution ends that does not go on here. */
    void follow(String executionId, FollowedRuns.Follower follower) {
        takeOver.followed().follow(executionId, follower);
        sweeper.nudge();
    }

    /** Somebody does not want to know any more how an execution ends. */
    void unfollow(String executionId, FollowedRuns.Follower follower) {
        takeOver.followed().unfollow(executionId, follower);
    }

    /** What is to be said in the store, and nobody waits for. */
    PendingPosts pending() {
        return pending;
    }

    /** Those that are needed here. */
    Recalls recalls() {
        return recalls;
    }

    /** Has an execution taken up again that was let go of. */
    void recall(String executionId, Consumer<FlowRun> here, Consumer<FlowException> refused) {
        recalls.recall(executionId, here, refused);
        posted(executionId);
    }

    /** An execution has ended here. */
    void ended(RunResult end) {
        takeOver.followed().ended(end);
    }

    /** An execution was let go of, and is nobody's until it is due or something is asked of it. */
    void offloaded(DurableRun durable) {
        if (own.runs().remove(durable.run().id(), durable)) {
            engine.forget(durable.run());
        }
        durable.run().offloaded();
        // Whoever left a message while this was being written could not claim it yet, and does not look again at once.
        sweeper.nudge();
    }

    /** A message has been left in the store: if nobody owns the execution, this engine may be the one to go on. */
    void posted(String executionId) {
        posted.add(executionId);
        sweeper.nudge();
    }

    /** An execution has ended, or never began. */
    void forget(String executionId) {
        DurableRun run = own.runs().remove(executionId);
        engine.forget(executionId);
        if (run != null) {
            run.forgotten();
        }
    }

    /** Somebody else has an execution. */
    void lost(DurableRun durable) {
        takeOver.lost(durable);
        sweeper.nudge();
    }

    /** An execution does not go on here, nor elsewhere as long as this engine is open. */
    void unwritable(String executionId, String why) {
        own.unwritable().put(executionId, why);
        forget(executionId);
    }

    /** What troubles the store, for people. */
    List<String> troubles() {
        List<String> troubles = new ArrayList<>();
        commits.failing().ifPresent(failure -> troubles.add("The store does not write: " + failure.getMessage()));
        lease.failing()
                .ifPresent(failure -> troubles.add("The lease cannot be renewed: " + failure.getMessage()
                        + (lease.isLive() ? "" : "; nothing starts until it is.")));
        takeOver.unsettled()
                .filter(any -> lease.isLive() && !lease.isUndoubted())
                .ifPresent(failure ->
                        troubles.add("The lease had ended, and what others took over meanwhile is not known: "
                                + failure.getMessage() + "; nothing starts until it is."));
        purge.failing()
                .ifPresent(failure -> troubles.add("Ended executions cannot be removed: " + failure.getMessage()));
        Optional.ofNullable(blobSweep)
                .flatMap(BlobSweep::failing)
                .ifPresent(failure ->
                        troubles.add("Blobs of removed executions cannot be removed: " + failure.getMessage()));
        takeOver.unknownFlows()
                .forEach(backlog -> troubles.add(backlog.runs() + " executions of flow '"
                        + backlog.flow().flowId() + "' version '"
                        + backlog.flow().version() + "' wait for an engine that has it registered."));
        takeOver.followed()
                .unread()
                .forEach((flow, runs) -> troubles.add(runs + " ended executions of flow '" + flow.flowId()
                        + "' version '" + flow.version()
                        + "', which others wait for here, cannot be read until that is registered."));
        troubles.addAll(declared.troubles());
        own.unwritable().forEach((id, why) -> troubles.add("Execution " + id + " cannot be written: " + why));
        return troubles;
    }

    /** Nothing is taken over any more, and nobody is followed: what others have may go on for long. */
    void stopTakingOver() {
        takeOver.close();
        takeOver.followed().letGo();
        recalls.close();
    }

    /** Hands everything back; nothing of it goes on here. */
    void close(Duration atMost) {
        boolean interrupted = false;
        // Told first, so that there is hardly anything to wait for at last.
        for (Closing part : List.<Closing>of(
                () -> purge.close(Duration.ZERO),
                () -> closeBlobSweep(Duration.ZERO),
                () -> sweeper.close(atMost),
                () -> commits.close(atMost),
                () -> purge.close(atMost),
                () -> closeBlobSweep(atMost),
                pending::close)) {
            try {
                part.close();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        own.runs().values().forEach(DurableRun::released);
        lease.close();
        try {
            store.retire(workerId);
        } catch (RuntimeException unreachable) {
            // Then the others wait until the lease has ended.
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeBlobSweep(Duration atMost) throws InterruptedException {
        if (blobSweep != null) {
            blobSweep.close(atMost);
        }
    }

    private void sweep() {
        if (lease.isLive()) {
            long lapses = lease.lapses();
            try {
                takeOver.sweep(!lease.isUndoubted(), () -> lease.settled(lapses));
            } finally {
                // Whatever is wrong with some of them, the others matter all the same.
                readPosted();
                offloading.look();
                pending.sayAgain();
                recalls.look();
            }
            if (declared.lookAgain()) {
                sweeper.nudge();
            }
        }
    }

    /** What was claimed without a message that was on its way has it read at once, not only with the next renewal. */
    private void readPosted() {
        Set<String> seen = Set.copyOf(posted);
        posted.removeAll(seen);
        if (seen.stream().anyMatch(own.runs()::containsKey)) {
            lease.renewSoon();
        }
    }

    /** Ends a part. */
    private interface Closing {

        /** Ends it, and waits a while. */
        void close() throws InterruptedException;
    }
}
