package dev.flowengine.jdbc;

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
import dev.flowengine.persistence.StepRecord;
import dev.flowengine.persistence.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Keeps runs in a PostgreSQL, H2, MariaDB or MySQL database of the host's, with all optional abilities.
 *
 * <pre>{@code
 * ExecutionStore store = JdbcExecutionStore.builder(dataSource).createSchema(true).build();
 * }</pre>
 *
 * <p>Each call is one transaction on a connection of its own, which goes back to the data source as it came: the data source
 * must not hand out connections that take part in a transaction of the caller's. Only what is too much for one becomes
 * several: removing runs, and groups of runs or batches that the database refuses or takes too long for. No code of the host's ever runs while a
 * transaction is open, but that of {@link JdbcNodes#transactional}. What the database undid for the sake of others (deadlocks, conflicts) is repeated at once a few times;
 * other failures that may pass are told as {@linkplain StoreException#isTransient() transient}.
 *
 * <p>Ids and names that are part of a key have 255 characters at most, other texts 1,000,000, and a row 64 MiB, or, on
 * MariaDB and MySQL, what one packet holds if that is less. NUL and halves of surrogate pairs are refused on every database,
 * because PostgreSQL cannot keep them.
 */
public final class JdbcExecutionStore implements ExecutionStore {
    private final Transactions transactions;
    private final Keeping keeping;
    private final RunNumbers numbers;
    private final JdbcAbilities abilities;
    private final HostWork hostWork;

    JdbcExecutionStore(Transactions transactions, long mostBytes, long mostResults) {
        this.transactions = transactions;
        this.keeping = new Keeping(mostBytes);
        this.numbers = new RunNumbers(now());
        this.abilities = new JdbcAbilities(transactions, keeping, mostResults);
        this.hostWork = new HostWork(this, transactions);
    }

    /**
     * A store with the defaults in tables of its own, which are created if they are missing. See {@link #builder} for
     * tables made by migrations, and for names of them.
     *
     * @param dataSource where its connections come from
     * @return a store
     * @throws dev.flowengine.persistence.StoreException if the database cannot be asked, or its tables are of a version this
     *     library cannot bring up to date
     * @throws IllegalArgumentException if the database is none of those known
     */
    public static JdbcExecutionStore create(DataSource dataSource) {
        return builder(dataSource).createSchema(true).build();
    }

    /**
     * Starts the description of a store.
     *
     * @param dataSource where its connections come from
     * @return a builder
     */
    public static JdbcExecutionStoreBuilder builder(DataSource dataSource) {
        return new JdbcExecutionStoreBuilder(dataSource);
    }

    @Override
    public FlowRecord register(FlowRecord flow) {
        refuse(keeping.refusal(flow));
        return transactions.run("registering a flow", session -> FlowRows.register(session, flow));
    }

    @Override
    public Optional<FlowRecord> flow(FlowKey key) {
        return Inspection.areStorable(key.flowId(), key.version())
                ? transactions.snapshot("reading a flow", session -> FlowRows.read(session, key))
                : Optional.empty();
    }

    @Override
    public List<CreateAnswer> create(List<NewRun> runs) {
        return Splitting.each(
                runs,
                some -> transactions.runMany(
                        "creating runs", session -> Creation.create(session, keeping, numbers, some)),
                refused -> CreateAnswer.rejected(Rejection.Reason.UNSTORABLE_TEXT, refused));
    }

    @Override
    public List<BatchAnswer> apply(List<RunBatch> batches) {
        return Splitting.each(
                batches,
                some -> transactions.runMany("applying batches", session -> Application.apply(session, keeping, some)),
                refused -> BatchAnswer.rejected(Rejection.Reason.UNSTORABLE_TEXT, refused));
    }

    /**
     * Records a step within a transaction of the caller's, on the same database: both are committed, or neither. It fails
     * unless the run stands as owned under the epoch, and the row that says so is locked until that transaction ends, so that
     * nobody takes the run over meanwhile. The owner's batches for the run wait that long, too: this is the last thing to do
     * before the commit.
     *
     * @param connection a connection with a transaction under way, on which nothing else is changed
     * @param executionId the run
     * @param epoch what its owner writes under
     * @param step the step
     * @return true if it is recorded; false if the run is not owned under the epoch, and the transaction is to be undone
     * @throws StoreException if it cannot be kept, as {@linkplain StoreException#refused refused}, or is there already, or
     *     the database fails; the transaction is to be undone
     * @throws IllegalArgumentException if the connection commits by itself, so that there is no transaction
     */
    public boolean recordStep(Connection connection, String executionId, long epoch, StepRecord step) {
        refuse(keeping.refusal(step));
        requireTransaction(connection);
        return Inspection.isStorable(executionId)
                && transactions.within(connection, "recording a step", session -> {
                    OpenRun run =
                            OwnershipRows.lock(session, List.of(executionId)).get(executionId);
                    if (run == null || !run.isOwned() || run.epoch() != epoch) {
                        return false;
                    }
                    if (StepRows.isThere(session, run.runNo(), step.key())) {
                        String detail = "a step is recorded already: " + step.key();
                        throw StoreException.refused(new Rejection(Rejection.Reason.DUPLICATE_STEP, detail));
                    }
                    StepRows.insert(session, List.of(new Numbered<>(run.runNo(), step)));
                    return true;
                });
    }

    private static void requireTransaction(Connection connection) {
        try {
            if (connection.getAutoCommit()) {
                throw new IllegalArgumentException("the connection is in autocommit mode, so that the step would be"
                        + " committed without what else is written; call setAutoCommit(false) first");
            }
        } catch (SQLException e) {
            throw StoreException.transientFailure("the connection is broken: " + e.getMessage(), e);
        }
    }

    @Override
    public PostAnswer post(String executionId, Message message) {
        refuse(keeping.refusal(message));
        return Inspection.isStorable(executionId)
                ? transactions.run("posting a message", session -> Posting.post(session, executionId, message))
                : PostAnswer.NOT_FOUND;
    }

    @Override
    public Renewal renew(String workerId, Duration lease) {
        if (lease.isNegative() || lease.isZero()) {
            throw new IllegalArgumentException("lease is " + lease + ", but must be positive");
        }
        refuse(keeping.refusal("a worker", workerId));
        return transactions.run("renewing a lease", session -> new Workers(session).renew(workerId, lease));
    }

    @Override
    public List<Claim> claim(ClaimRequest request) {
        return Inspection.isStorable(request.workerId())
                ? transactions.run("claiming runs", session -> new Claiming(session).claim(request))
                : List.of();
    }

    @Override
    public List<Claim> owned(String workerId) {
        return Inspection.isStorable(workerId)
                ? transactions.run("reading the runs of a worker", session -> new Claiming(session).owned(workerId))
                : List.of();
    }

    @Override
    public int release(String workerId, Collection<String> executionIds) {
        List<String> ids = storable(executionIds);
        return ids.isEmpty()
                ? 0
                : transactions.run("releasing runs", session -> new Claiming(session).release(workerId, ids));
    }

    @Override
    public int retire(String workerId) {
        return Inspection.isStorable(workerId)
                ? transactions.run("retiring a worker", session -> new Workers(session).retire(workerId))
                : 0;
    }

    @Override
    public List<MessageRecord> messages(String executionId) {
        return Inspection.isStorable(executionId)
                ? transactions.snapshot("reading messages", session -> new Reading(session).messages(executionId))
                : List.of();
    }

    @Override
    public Optional<RunImage> load(String executionId) {
        return Inspection.isStorable(executionId)
                ? transactions.snapshot("loading a run", session -> new Reading(session).load(executionId))
                : Optional.empty();
    }

    @Override
    public List<RunRecord> find(Collection<String> executionIds) {
        List<String> ids = storable(executionIds);
        return ids.isEmpty() ? List.of() : transactions.run("finding runs", session -> new Reading(session).find(ids));
    }

    @Override
    public Optional<RunTrail> trail(String executionId) {
        return Inspection.isStorable(executionId)
                ? transactions.snapshot("reading a trail", session -> new Reading(session).trail(executionId))
                : Optional.empty();
    }

    @Override
    public RunPage query(RunQuery query) {
        return Reading.canFind(query)
                ? transactions.run("listing runs", session -> new Reading(session).query(query))
                : new RunPage(List.of(), Optional.empty());
    }

    @Override
    public List<Backlog> backlog() {
        return transactions.run("counting claimable runs", session -> new Claiming(session).backlog());
    }

    @Override
    public int purge(PurgeRequest request) {
        return request.flowId().filter(id -> !Inspection.isStorable(id)).isPresent()
                ? 0
                : new Purging(transactions, request).purge();
    }

    @Override
    public Instant now() {
        return transactions.run("reading the clock", Session::now);
    }

    @Override
    public <T> Optional<T> capability(Class<T> type) {
        return Stream.of(abilities, hostWork)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .or(() -> ExecutionStore.super.capability(type));
    }

    private static List<String> storable(Collection<String> ids) {
        return ids.stream().filter(Inspection::isStorable).toList();
    }

    private static void refuse(Optional<Rejection> refusal) {
        if (refusal.isPresent()) {
            throw StoreException.refused(refusal.get());
        }
    }
}
