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
import dev.flowengine.persistence.Rejection;
import dev.flowengine.persistence.Renewal;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.RunPage;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.RunTrail;
import dev.flowengine.persistence.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A store in memory, for tests: what a process would find after a restart, as long as the store object lives. It fulfils
 * the contract of {@link ExecutionStore}, with all optional abilities, and can be shared by any number of engines.
 *
 * <p>It is bounded by runs and by bytes. When it is full, ended runs go that no node waits for, those that ended first before others; if that is not
 * enough, what would add to it is refused with {@link Rejection.Reason#STORE_FULL}, but never a batch that ends its run.
 *
 * <p>One lock guards everything, so each call is one moment.
 */
public final class InMemoryExecutionStore implements ExecutionStore {
    private static final int MOST_RUNS = 100_000;
    private static final long MOST_BYTES = 256L << 20;

    private final Map<FlowKey, FlowRecord> flows = new HashMap<>();
    private final Leases leases;
    private final RunTable runs;
    private final InMemoryAbilities abilities;

    /** Creates an empty store for 100,000 runs and 256 MiB, with the clock of the machine. */
    public InMemoryExecutionStore() {
        this(MOST_RUNS, MOST_BYTES, SystemClock.INSTANCE);
    }

    /**
     * Creates an empty store.
     *
     * @param maxRuns how many runs it keeps at most
     * @param maxBytes how many bytes they have together at most, about
     * @param clock what tells the store the time
     */
    public InMemoryExecutionStore(int maxRuns, long maxBytes, InstantSource clock) {
        this.leases = new Leases(clock);
        this.runs = new RunTable(maxRuns, maxBytes);
        this.abilities = new InMemoryAbilities(this, leases);
    }

    /**
     * Sets the clock of the store forward.
     *
     * @param by how far
     */
    public synchronized void advance(Duration by) {
        leases.advance(by);
    }

    @Override
    public synchronized Instant now() {
        return leases.now();
    }

    @Override
    public synchronized FlowRecord register(FlowRecord flow) {
        FlowRecord first = flows.putIfAbsent(flow.key(), flow);
        return first == null ? flow : first;
    }

    @Override
    public synchronized Optional<FlowRecord> flow(FlowKey key) {
        return Optional.ofNullable(flows.get(key));
    }

    @Override
    public synchronized List<CreateAnswer> create(List<NewRun> wanted) {
        return wanted.stream().map(this::createOne).toList();
    }

    private CreateAnswer createOne(NewRun wanted) {
        Optional<StoredRun> there = runs.inTheWayOf(wanted.header());
        if (there.isPresent()) {
            return CreateAnswer.existing(there.get().toRecord());
        }
        StoredRun run = new StoredRun(wanted, leases.now());
        if (!runs.makeRoom(1, run.weight())) {
            return CreateAnswer.rejected(
                    Rejection.Reason.STORE_FULL, "run " + wanted.header().executionId());
        }
        runs.add(run);
        return CreateAnswer.created(run.ownership().epoch());
    }

    @Override
    public synchronized List<BatchAnswer> apply(List<RunBatch> batches) {
        return batches.stream().map(this::applyOne).toList();
    }

    private BatchAnswer applyOne(RunBatch batch) {
        StoredRun run = runs.get(batch.executionId());
        if (run == null) {
            return BatchAnswer.fenced();
        }
        return BatchCheck.answerFor(batch, run).orElseGet(() -> applyTo(run, batch));
    }

    private BatchAnswer applyTo(StoredRun run, RunBatch batch) {
        boolean ends =
                batch.state().filter(state -> state.status().isTerminal()).isPresent();
        if (!runs.makeRoom(0, Weight.of(batch)) && !ends) {
            return BatchAnswer.rejected(Rejection.Reason.STORE_FULL, "a batch of run " + batch.executionId());
        }
        long before = run.weight();
        run.apply(batch, leases.now());
        runs.grown(run.weight() - before);
        if (ends) {
            runs.ended(run);
        }
        return BatchAnswer.applied();
    }

    @Override
    public synchronized PostAnswer post(String executionId, Message message) {
        StoredRun run = runs.get(executionId);
        if (run == null) {
            return PostAnswer.NOT_FOUND;
        }
        if (run.hasEnded()) {
            return PostAnswer.TERMINAL;
        }
        return postTo(run, message) ? PostAnswer.POSTED : PostAnswer.DUPLICATE;
    }

    private boolean postTo(StoredRun run, Message message) {
        if (!runs.makeRoom(0, Weight.of(message))) {
            throw StoreException.refused(new Rejection(Rejection.Reason.STORE_FULL, "message " + message.messageId()));
        }
        long before = run.weight();
        boolean posted = run.post(message, leases.now());
        runs.grown(run.weight() - before);
        return posted;
    }

    @Override
    public synchronized Renewal renew(String workerId, Duration lease) {
        if (lease.isNegative() || lease.isZero()) {
            throw new IllegalArgumentException("lease is " + lease + ", but must be positive");
        }
        boolean lapsed = !leases.isLive(workerId);
        Instant now = leases.now();
        leases.renew(workerId, now.plus(lease));
        Set<String> withMessages = new LinkedHashSet<>();
        for (StoredRun run : runs.open()) {
            if (run.isOwnedBy(workerId) && run.hasMessages()) {
                withMessages.add(run.header().executionId());
            }
        }
        return new Renewal(now, lease, lapsed, withMessages);
    }

    @Override
    public synchronized List<Claim> claim(ClaimRequest request) {
        if (!leases.isLive(request.workerId())) {
            return List.of();
        }
        Instant now = leases.now();
        return claimable().stream()
                .filter(found -> request.flows().contains(found.run().header().flow()))
                .sorted(Comparator.comparing(Claimable::since))
                .limit(request.limit())
                .map(found -> found.run().claim(request.workerId(), now))
                .toList();
    }

    @Override
    public synchronized List<Claim> owned(String workerId) {
        return ownedBy(workerId).stream().map(StoredRun::toClaim).toList();
    }

    @Override
    public synchronized int release(String workerId, Collection<String> executionIds) {
        Instant now = leases.now();
        List<StoredRun> released = executionIds.stream()
                .map(runs::get)
                .filter(Objects::nonNull)
                .filter(run -> run.isOwnedBy(workerId))
                .distinct()
                .toList();
        released.forEach(run -> run.release(now));
        return released.size();
    }

    @Override
    public synchronized int retire(String workerId) {
        leases.end(workerId);
        List<StoredRun> released = ownedBy(workerId);
        Instant now = leases.now();
        released.forEach(run -> run.release(now));
        return released.size();
    }

    @Override
    public synchronized List<MessageRecord> messages(String executionId) {
        StoredRun run = runs.get(executionId);
        return run == null ? List.of() : run.toMessages();
    }

    @Override
    public synchronized Optional<RunImage> load(String executionId) {
        return Optional.ofNullable(runs.get(executionId)).map(StoredRun::toImage);
    }

    @Override
    public synchronized List<RunRecord> find(Collection<String> executionIds) {
        return executionIds.stream()
                .distinct()
                .map(runs::get)
                .filter(Objects::nonNull)
                .map(StoredRun::toRecord)
                .toList();
    }

    @Override
    public synchronized Optional<RunTrail> trail(String executionId) {
        return Optional.ofNullable(runs.get(executionId)).map(StoredRun::toTrail);
    }

    @Override
    public synchronized RunPage query(RunQuery query) {
        return runs.page(query);
    }

    @Override
    public synchronized List<Backlog> backlog() {
        Map<FlowKey, Backlog> byFlow = new HashMap<>();
        for (Claimable found : claimable()) {
            Backlog one = new Backlog(found.run().header().flow(), 1, found.since());
            byFlow.merge(one.flow(), one, InMemoryExecutionStore::sum);
        }
        return List.copyOf(byFlow.values());
    }

    @Override
    public synchronized int purge(PurgeRequest request) {
        return runs.purge(request);
    }

    @Override
    public <T> Optional<T> capability(Class<T> type) {
        return type.isInstance(abilities) ? Optional.of(type.cast(abilities)) : Optional.empty();
    }

    private List<StoredRun> ownedBy(String workerId) {
        List<StoredRun> owned = new ArrayList<>();
        for (StoredRun run : runs.open()) {
            if (run.isOwnedBy(workerId)) {
                owned.add(run);
            }
        }
        return owned;
    }

    private List<Claimable> claimable() {
        List<Claimable> found = new ArrayList<>();
        for (StoredRun run : runs.open()) {
            run.claimableSince(leases).ifPresent(since -> found.add(new Claimable(run, since)));
        }
        return found;
    }

    private static Backlog sum(Backlog one, Backlog other) {
        Instant first = one.since().isBefore(other.since()) ? one.since() : other.since();
        return new Backlog(one.flow(), one.runs() + other.runs(), first);
    }

    /** A run anybody may claim, and since when. */
    private record Claimable(StoredRun run, Instant since) {}
}
