package dev.flowengine.jdbc;

import dev.flowengine.persistence.Renewal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One heartbeat row per worker. */
final class Workers {
    /** How long a row without a live lease is kept: long after its runs were taken over. */
    private static final Duration FORGET_AFTER = Duration.ofDays(1);

    private final Session session;

    Workers(Session session) {
        this.session = session;
    }

    Renewal renew(String workerId, Duration lease) throws SQLException {
        Optional<Instant> before = session.first(
                "SELECT lease_until FROM {worker}{by-key} WHERE worker_id = ? FOR UPDATE",
                values -> values.text(workerId),
                Row::instant);
        // Asked after the row was locked: who takes runs over from a worker holds it, and the lease may end meanwhile.
        Instant now = session.now();
        boolean lapsed = before.filter(until -> until.isAfter(now)).isEmpty();
        long micros = Tables.micros(lease);
        if (before.isPresent()) {
            session.update(
                    "UPDATE {worker} SET lease_until = {later} WHERE worker_id = ?",
                    values -> values.number(micros).text(workerId));
        } else {
            session.update(
                    "INSERT INTO {worker} (worker_id, lease_until) VALUES (?, {later})",
                    values -> values.text(workerId).number(micros));
            forgetOld();
        }
        Set<String> withMessages = new HashSet<>(session.list(
                "SELECT run_id FROM {ownership} WHERE worker_id = ? AND pending > 0",
                values -> values.text(workerId),
                Row::text));
        return new Renewal(now, lease, lapsed, withMessages);
    }

    /** Ends the lease of a worker, and hands its runs back. */
    int retire(String workerId) throws SQLException {
        session.update("DELETE FROM {worker} WHERE worker_id = ?", values -> values.text(workerId));
        List<String> owned = session.list(
                "SELECT run_id FROM {ownership} WHERE worker_id = ?", values -> values.text(workerId), Row::text);
        return new Claiming(session).release(workerId, owned);
    }

    /** New workers clear away after those of long ago, which nobody needs any more to tell since when a run is orphaned. */
    private void forgetOld() throws SQLException {
        long micros = -Tables.micros(FORGET_AFTER);
        List<String> old = session.list(
                "SELECT worker_id FROM {worker}{by-key} WHERE lease_until < {later} ORDER BY worker_id LIMIT 100"
                        + " FOR UPDATE SKIP LOCKED",
                values -> values.number(micros),
                Row::text);
        session.each("DELETE FROM {worker} WHERE worker_id = ?", old, Parameters::text);
    }
}
