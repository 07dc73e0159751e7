package dev.flowengine.jdbc;

import dev.flowengine.persistence.Counters;
import dev.flowengine.persistence.OnceMarks;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.Rejection;
import dev.flowengine.persistence.ResultCacheStore;
import dev.flowengine.persistence.StoreException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The optional abilities of the store: tables {@code mark}, {@code counter}, {@code counter_holder}, {@code result_cache}. */
final class JdbcAbilities implements OnceMarks, Counters, ResultCacheStore {
    /** Every so many writes somebody clears away what has expired, and a bounded part of it. */
    private static final int CLEAR_EVERY = 64;

    private static final String LIVE =
            "SELECT 1 FROM {worker} w WHERE w.worker_id = {counter_holder}.worker_id AND w.lease_until > {now}";

    private final Transactions transactions;
    private final Keeping keeping;
    private final long mostResults;
    private final AtomicLong writes = new AtomicLong();

    JdbcAbilities(Transactions transactions, Keeping keeping, long mostResults) {
        this.transactions = transactions;
        this.keeping = keeping;
        this.mostResults = mostResults;
    }

    @Override
    public boolean setOnce(String mark, Duration keep) {
        refuse(keeping.refusal("a mark", mark));
        return transactions.run("setting a mark", session -> {
            clear(session, "mark", "mark_id");
            Optional<Boolean> expired = session.first(
                    "SELECT CASE WHEN keep_until <= {now} THEN 1 ELSE 0 END FROM {mark}{by-key} WHERE mark_id = ?"
                            + " FOR UPDATE",
                    values -> values.text(mark),
                    row -> row.integer() == 1);
            if (expired.isPresent() && !expired.get()) {
                return false;
            }
            long micros = Tables.micros(keep);
            if (expired.isPresent()) {
                session.update(
                        "UPDATE {mark} SET keep_until = {later} WHERE mark_id = ?",
                        values -> values.number(micros).text(mark));
            } else {
                session.update(
                        "INSERT INTO {mark} (mark_id, keep_until) VALUES (?, {later})",
                        values -> values.text(mark).number(micros));
            }
            return true;
        });
    }

    /** The row of the counter is locked, so that those who ask come one after the other. */
    @Override
    public boolean tryAcquire(String counter, String holder, String workerId, long limit) {
        refuse(keeping.refusal("a counter, holder or worker", counter, holder, workerId));
        return transactions.run("acquiring a counter", session -> {
            lock(session, counter);
            session.update(
                    "DELETE FROM {counter_holder} WHERE counter_id = ? AND NOT EXISTS (" + LIVE + ")",
                    values -> values.text(counter));
            boolean isThere = session.update(
                            "UPDATE {counter_holder} SET worker_id = ? WHERE counter_id = ? AND holder = ? AND "
                                    + "EXISTS (SELECT 1 FROM {worker} w WHERE w.worker_id = ? AND w.lease_until > {now})",
                            values -> values.text(workerId)
                                    .text(counter)
                                    .text(holder)
                                    .text(workerId))
                    == 1;
            return isThere
                    || (isLive(session, workerId)
                            && holders(session, counter) < limit
                            && add(session, counter, holder, workerId));
        });
    }

    private static void lock(Session session, String counter) throws SQLException {
        Optional<String> there = session.first(
                "SELECT counter_id FROM {counter}{by-key} WHERE counter_id = ? FOR UPDATE",
                values -> values.text(counter),
                Row::text);
        if (there.isEmpty()) {
            session.update("INSERT INTO {counter} (counter_id) VALUES (?)", values -> values.text(counter));
        }
    }

    private static boolean isLive(Session session, String workerId) throws SQLException {
        return session.first(
                        "SELECT 1 FROM {worker} WHERE worker_id = ? AND lease_until > {now}",
                        values -> values.text(workerId),
                        Row::integer)
                .isPresent();
    }

    private static long holders(Session session, String counter) throws SQLException {
        return session.first(
                        "SELECT COUNT(*) FROM {counter_holder} WHERE counter_id = ? AND EXISTS (" + LIVE + ")",
                        values -> values.text(counter),
                        Row::number)
                .orElse(0L);
    }

    private static boolean add(Session session, String counter, String holder, String workerId) throws SQLException {
        // One that is there without counting belongs to a worker whose lease has passed.
        session.update(
                "DELETE FROM {counter_holder} WHERE counter_id = ? AND holder = ?",
                values -> values.text(counter).text(holder));
        session.update(
                "INSERT INTO {counter_holder} (counter_id, holder, worker_id) VALUES (?, ?, ?)",
                values -> values.text(counter).text(holder).text(workerId));
        return true;
    }

    @Override
    public void release(String counter, String holder) {
        if (Inspection.areStorable(counter, holder)) {
            transactions.run(
                    "releasing a counter",
                    session -> session.update(
                            "DELETE FROM {counter_holder} WHERE counter_id = ? AND holder = ?",
                            values -> values.text(counter).text(holder)));
        }
    }

    @Override
    public long count(String counter) {
        return Inspection.isStorable(counter) ? transactions.run("counting", session -> holders(session, counter)) : 0;
    }

    @Override
    public Optional<Payload> get(String key) {
        if (!Inspection.isStorable(key)) {
            return Optional.empty();
        }
        return transactions.run(
                "reading a cached result",
                session -> session.first(
                                "SELECT payload_type, payload FROM {result_cache} WHERE cache_key = ? AND keep_until > {now}",
                                values -> values.text(key),
                                RunRows::readPayload)
                        .flatMap(payload -> payload));
    }

    @Override
    public void put(String key, Payload value, Duration keep) {
        refuse(keeping.refusal(key, value));
        transactions.run("caching a result", session -> {
            if (clear(session, "result_cache", "cache_key")) {
                bound(session);
            }
            long micros = Tables.micros(keep);
            int there = session.update(
                    "UPDATE {result_cache} SET payload_type = ?, payload = ?, keep_until = {later} WHERE cache_key = ?",
                    values -> values.text(value.contentType())
                            .bytes(value.bytes())
                            .number(micros)
                            .text(key));
            return there > 0
                    ? there
                    : session.update(
                            "INSERT INTO {result_cache} (cache_key, payload_type, payload, keep_until)"
                                    + " VALUES (?, ?, ?, {later})",
                            values -> values.text(key)
                                    .text(value.contentType())
                                    .bytes(value.bytes())
                                    .number(micros));
        });
    }

    @Override
    public void remove(String key) {
        if (Inspection.isStorable(key)) {
            transactions.run(
                    "removing a cached result",
                    session -> session.update(
                            "DELETE FROM {result_cache} WHERE cache_key = ?", values -> values.text(key)));
        }
    }

    /** What others hold just now they may clear away themselves; false if it is not the time for that. */
    private boolean clear(Session session, String table, String key) throws SQLException {
        if (writes.incrementAndGet() % CLEAR_EVERY != 0) {
            return false;
        }
        List<String> expired = session.list(expiredSql(table, key), values -> {}, Row::text);
        session.each("DELETE FROM {" + table + "} WHERE " + key + " = ?", expired, Parameters::text);
        return true;
    }

    /** Of too many results those go first that would expire first. */
    private void bound(Session session) throws SQLException {
        Optional<Instant> latest = session.first(
                "SELECT keep_until FROM {result_cache} ORDER BY keep_until DESC LIMIT 1 OFFSET " + mostResults,
                values -> {},
                Row::instant);
        if (latest.isPresent()) {
            List<String> surplus = session.list(
                    "SELECT cache_key FROM {result_cache} WHERE keep_until <= ? ORDER BY keep_until LIMIT 256"
                            + " FOR UPDATE SKIP LOCKED",
                    values -> values.instant(latest.get()),
                    Row::text);
            session.each("DELETE FROM {result_cache} WHERE cache_key = ?", surplus, Parameters::text);
        }
    }

    /** Those that expired first: what is kept is not read. */
    static String expiredSql(String table, String key) {
        return "SELECT " + key + " FROM {" + table + "} WHERE keep_until <= {as-of} ORDER BY keep_until LIMIT 256"
                + " FOR UPDATE SKIP LOCKED";
    }

    private static void refuse(Optional<Rejection> refusal) {
        if (refusal.isPresent()) {
            throw StoreException.refused(refusal.get());
        }
    }
}
