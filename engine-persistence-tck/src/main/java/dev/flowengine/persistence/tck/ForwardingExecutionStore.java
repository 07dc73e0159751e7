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
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Hands every call to another store, so that a subclass changes only what it is about. */
public abstract class ForwardingExecutionStore implements ExecutionStore {
    private final ExecutionStore store;

    /**
     * Wraps a store.
     *
     * @param store where calls go
     */
    protected ForwardingExecutionStore(ExecutionStore store) {
        this.store = Objects.requireNonNull(store, "store");
    }

    @Override
    public FlowRecord register(FlowRecord flow) {
        return store.register(flow);
    }

    @Override
    public Optional<FlowRecord> flow(FlowKey key) {
        return store.flow(key);
    }

    @Override
    public List<CreateAnswer> create(List<NewRun> runs) {
        return store.create(runs);
    }

    @Override
    public List<BatchAnswer> apply(List<RunBatch> batches) {
        return store.apply(batches);
    }

    @Override
    public PostAnswer post(String executionId, Message message) {
        return store.post(executionId, message);
    }

    @Override
    public Renewal renew(String workerId, Duration lease) {
        return store.renew(workerId, lease);
    }

    @Override
    public List<Claim> claim(ClaimRequest request) {
        return store.claim(request);
    }

    @Override
    public List<Claim> owned(String workerId) {
        return store.owned(workerId);
    }

    @Override
    public int release(String workerId, Collection<String> executionIds) {
        return store.release(workerId, executionIds);
    }

    @Override
    public int retire(String workerId) {
        return store.retire(workerId);
    }

    @Override
    public List<MessageRecord> messages(String executionId) {
        return store.messages(executionId);
    }

    @Override
    public Optional<RunImage> load(String executionId) {
        return store.load(executionId);
    }

    @Override
    public List<RunRecord> find(Collection<String> executionIds) {
        return store.find(executionIds);
    }

    @Override
    public Optional<RunTrail> trail(String executionId) {
        return store.trail(executionId);
    }

    @Override
    public RunPage query(RunQuery query) {
        return store.query(query);
    }

    @Override
    public List<Backlog> backlog() {
        return store.backlog();
    }

    @Override
    public int purge(PurgeRequest request) {
        return store.purge(request);
    }

    @Override
    public Instant now() {
        return store.now();
    }

    @Override
    public <T> Optional<T> capability(Class<T> type) {
        return store.capability(type);
    }
}
