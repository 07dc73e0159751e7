package dev.flowengine.persistence.tck;

import dev.flowengine.model.Iteration;
import dev.flowengine.model.LogLine;
import dev.flowengine.persistence.AuditRecord;
import dev.flowengine.persistence.Claim;
import dev.flowengine.persistence.Message;
import dev.flowengine.persistence.MessageRecord;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.NodeKey;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.NodeTimes;
import dev.flowengine.persistence.Ownership;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.RunInput;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.RunState;
import dev.flowengine.persistence.RunTrail;
import dev.flowengine.persistence.Standing;
import dev.flowengine.persistence.StepKey;
import dev.flowengine.persistence.StepRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** A run in memory, with all that belongs to it. Guarded by the store. */
final class StoredRun {
    private final RunHeader header;
    private final RunInput input;
    private final Map<NodeKey, NodeRecord> nodes = new LinkedHashMap<>();
    private final Map<StepKey, StepRecord> steps = new LinkedHashMap<>();
    private final List<LogLine> logs = new ArrayList<>(0);
    private final List<AuditRecord> audit = new ArrayList<>();
    private final Map<String, MessageRecord> pending = new LinkedHashMap<>();
    private final Set<String> messageIds = new HashSet<>(0);
    private RunState state;
    private Ownership ownership;
    private Instant standingSince;
    private long weight;

    StoredRun(NewRun run, Instant now) {
        this.header = run.header();
        this.input = run.input();
        this.state = run.state();
        long epoch = run.standing() instanceof Standing.Owned ? 1 : 0;
        this.ownership = new Ownership(run.standing(), run.workerId(), epoch, 0, 0);
        this.standingSince = now;
        this.weight = Weight.of(run);
        run.nodes().forEach(row -> nodes.put(row.key(), row));
        audit.addAll(run.audit());
    }

    RunHeader header() {
        return header;
    }

    RunState state() {
        return state;
    }

    Ownership ownership() {
        return ownership;
    }

    long weight() {
        return weight;
    }

    boolean hasEnded() {
        return ownership.standing() instanceof Standing.Ended;
    }

    boolean isOwned() {
        return ownership.standing() instanceof Standing.Owned;
    }

    boolean isOwnedBy(String workerId) {
        return isOwned() && ownership.workerId().filter(workerId::equals).isPresent();
    }

    boolean hasMessages() {
        return !pending.isEmpty();
    }

    Map<NodeKey, NodeRecord> nodes() {
        return nodes;
    }

    /** Whether an attempt of a node has not settled. */
    boolean hasOpenRow(String nodeId, Iteration iteration) {
        return nodes.values().stream()
                .filter(row -> !row.status().isSettled())
                .map(NodeRecord::key)
                .anyMatch(key -> key.nodeId().equals(nodeId) && key.iteration().equals(iteration));
    }

    boolean hasStep(StepKey key) {
        return steps.containsKey(key);
    }

    RunQuery.Position position() {
        return new RunQuery.Position(header.createdAt(), header.executionId());
    }

    RunRecord toRecord() {
        return new RunRecord(header, state, ownership);
    }

    RunImage toImage() {
        return new RunImage(toRecord(), input, List.copyOf(nodes.values()), List.copyOf(steps.values()), toMessages());
    }

    RunTrail toTrail() {
        return new RunTrail(logs, audit);
    }

    List<MessageRecord> toMessages() {
        return List.copyOf(pending.values());
    }

    Claim toClaim() {
        return new Claim(header.executionId(), header.flow(), ownership.epoch(), ownership.tries());
    }

    /** Since when anybody may claim the run; empty if nobody may now. */
    Optional<Instant> claimableSince(Leases leases) {
        Instant now = leases.now();
        Standing standing = ownership.standing();
        if (standing instanceof Standing.Ended) {
            return Optional.empty();
        }
        if (standing instanceof Standing.Owned) {
            // Of a worker that was never heard of, or is no more, nothing else is known.
            Instant end = ownership.workerId().flatMap(leases::endOf).orElse(standingSince);
            return end.isAfter(now) ? Optional.empty() : Optional.of(end);
        }
        if (standing instanceof Standing.Claimable) {
            return Optional.of(standingSince);
        }
        if (standing instanceof Standing.Due due && !due.at().isAfter(now)) {
            return Optional.of(due.at());
        }
        return pending.values().stream().findFirst().map(MessageRecord::postedAt);
    }

    Claim claim(String workerId, Instant now) {
        int tries = ownership.tries() + (isOwned() ? 1 : 0);
        stand(Standing.owned(), Optional.of(workerId), ownership.epoch() + 1, tries);
        standingSince = now;
        return toClaim();
    }

    void release(Instant now) {
        stand(Standing.claimable(), Optional.empty(), ownership.epoch(), ownership.tries());
        standingSince = now;
    }

    boolean post(Message message, Instant now) {
        if (!messageIds.add(message.messageId())) {
            return false;
        }
        pending.put(message.messageId(), new MessageRecord(message, now));
        weight += Weight.of(message);
        return true;
    }

    void apply(RunBatch batch, Instant now) {
        batch.inserted().forEach(row -> nodes.put(row.key(), row));
        batch.updated().forEach(row -> nodes.computeIfPresent(row.key(), (key, old) -> merged(old, row)));
        batch.steps().forEach(step -> steps.put(step.key(), step));
        logs.addAll(batch.logs());
        audit.addAll(batch.audit());
        batch.consumed().forEach(this::consume);
        state = batch.state().orElse(state);
        int tries = batch.makesProgress() ? 0 : ownership.tries();
        boolean named = batch.standing() instanceof Standing.Owned || batch.standing() instanceof Standing.Ended;
        ownership = new Ownership(
                batch.standing(),
                named ? ownership.workerId() : Optional.empty(),
                batch.epoch(),
                batch.revision(),
                tries);
        standingSince = now;
        weight += Weight.of(batch);
        if (hasEnded()) {
            pending.clear();
            messageIds.clear();
        }
    }

    private void consume(String messageId) {
        MessageRecord record = pending.remove(messageId);
        if (record != null) {
            weight -= Weight.of(record.message());
        }
    }

    private void stand(Standing standing, Optional<String> workerId, long epoch, int tries) {
        ownership = new Ownership(standing, workerId, epoch, ownership.revision(), tries);
    }

    private static NodeRecord merged(NodeRecord old, NodeRecord row) {
        NodeTimes times = row.times();
        return new NodeRecord(
                Objects.requireNonNull(old).key(),
                row.status(),
                row.seq(),
                row.workerId(),
                new NodeTimes(old.times().readyAt(), times.startedAt(), times.settledAt(), times.dueAt()),
                row.result(),
                old.decidedBy());
    }
}
