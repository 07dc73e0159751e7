package dev.flowengine.jdbc;

import dev.flowengine.persistence.Backlog;
import dev.flowengine.persistence.Claim;
import dev.flowengine.persistence.ClaimRequest;
import dev.flowengine.persistence.FlowKey;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Hands runs out and takes them back. All of it happens in the tables of runs that go on and of workers.
 *
 * <p>A claim first reads, without a lock, what could be had. Then it locks the rows of dead workers, so that none of them
 * renews its lease meanwhile, and the rows of the runs themselves; whatever somebody else holds it leaves to them. It never
 * waits for a lock, and so is part of no deadlock.
 */
final class Claiming {
    /** How many times the runs asked for are looked at, because others ask for the same. */
    private static final int LOOKAHEAD = 4;

    /** Runs that nobody owns, and whose time has come. */
    private static final String WAKING =
            "SELECT o.run_id, o.flow_id, o.flow_version, o.worker_id, o.worker_id AS heard_of,"
                    + " o.wake_at AS since FROM {ownership} o WHERE o.wake_at <= {now}";

    /** Runs of workers that have no live lease, or were never heard of. */
    private static final String ORPHANED = "SELECT o.run_id, o.flow_id, o.flow_version, o.worker_id,"
            + " w.worker_id AS heard_of, COALESCE(w.lease_until, o.standing_since) AS since"
            + " FROM {ownership} o LEFT JOIN {worker} w ON w.worker_id = o.worker_id"
            + " WHERE o.worker_id IS NOT NULL AND (w.worker_id IS NULL OR w.lease_until <= {now})";

    private static final String LOCK = "SELECT run_id, flow_id, flow_version, worker_id, wake_at, epoch, tries, {now}"
            + " FROM {ownership}{by-key} WHERE run_id IN (";

    private static final String OWN = "UPDATE {ownership} SET standing = 'OWNED', worker_id = ?, epoch = ?, tries = ?,"
            + " wake_at = NULL, due_at = NULL, reason = NULL, standing_since = {now} WHERE run_id = ?";

    private static final String HAND_BACK = "UPDATE {ownership} SET standing = 'CLAIMABLE', worker_id = NULL,"
            + " wake_at = {now}, standing_since = {now} WHERE run_id = ?";

    private final Session session;

    Claiming(Session session) {
        this.session = session;
    }

    /** The runs that could be claimed most urgently, found by the rows of runs that go on alone. */
    static String candidatesSql(int flows) {
        String known = " AND (o.flow_id, o.flow_version) IN (" + Marks.rows(2, flows) + ")";
        return "SELECT run_id, worker_id, heard_of FROM ((" + WAKING + known + " ORDER BY since LIMIT ?) UNION ALL ("
                + ORPHANED + known + " ORDER BY since LIMIT ?)) c ORDER BY since LIMIT ?";
    }

    List<Claim> claim(ClaimRequest request) throws SQLException {
        List<FlowKey> flows = request.flows().stream()
                .filter(key -> Inspection.areStorable(key.flowId(), key.version()))
                .toList();
        if (flows.isEmpty() || !isLive(request.workerId())) {
            return List.of();
        }
        List<Candidate> candidates = candidates(flows, request.limit());
        Set<String> dead = lockDead(candidates);
        List<Candidate> free = candidates.stream()
                .filter(one -> one.workerId().isEmpty()
                        || !one.heardOf()
                        || dead.contains(one.workerId().get()))
                .toList();
        List<Claim> claims = new ArrayList<>();
        for (int from = 0; from < free.size() && claims.size() < request.limit(); from += request.limit()) {
            List<Candidate> some = free.subList(from, Math.min(free.size(), from + request.limit()));
            claims.addAll(take(request.workerId(), some, request.limit() - claims.size()));
        }
        return claims;
    }

    private boolean isLive(String workerId) throws SQLException {
        return session.first(
                        "SELECT worker_id FROM {worker} WHERE worker_id = ? AND lease_until > {now}",
                        values -> values.text(workerId),
                        Row::text)
                .isPresent();
    }

    private List<Candidate> candidates(List<FlowKey> flows, int limit) throws SQLException {
        long most = Math.min((long) LOOKAHEAD * limit, Integer.MAX_VALUE);
        return session.list(
                candidatesSql(flows.size()),
                values -> {
                    bind(values, flows).number(most);
                    bind(values, flows).number(most).number(most);
                },
                row -> new Candidate(
                        row.text(), row.optionalText(), row.optionalText().isPresent()));
    }

    private static Parameters bind(Parameters values, List<FlowKey> flows) throws SQLException {
        for (FlowKey key : flows) {
            values.text(key.flowId()).text(key.version());
        }
        return values;
    }

    /** Workers whose lease has passed, and cannot begin anew until this transaction ends. */
    private Set<String> lockDead(List<Candidate> candidates) throws SQLException {
        List<String> owners = candidates.stream()
                .filter(Candidate::heardOf)
                .flatMap(one -> one.workerId().stream())
                .toList();
        Set<String> dead = new HashSet<>();
        for (List<String> ids : Marks.lists(owners)) {
            dead.addAll(session.list(
                    "SELECT worker_id FROM {worker}{by-key} WHERE worker_id IN (" + Marks.of(ids.size())
                            + ") AND lease_until <= {now} ORDER BY worker_id FOR UPDATE SKIP LOCKED",
                    values -> values.texts(ids),
                    Row::text));
        }
        return dead;
    }

    private List<Claim> take(String workerId, List<Candidate> some, int most) throws SQLException {
        Map<String, Candidate> wanted = new LinkedHashMap<>();
        some.forEach(one -> wanted.put(one.runId(), one));
        Map<String, Claim> claims = new LinkedHashMap<>();
        for (List<String> ids : Marks.lists(wanted.keySet())) {
            session.list(
                            LOCK + Marks.of(ids.size()) + ") ORDER BY run_id FOR UPDATE SKIP LOCKED",
                            values -> values.texts(ids),
                            row -> readLocked(row, wanted))
                    .forEach(locked -> locked.ifPresent(claim -> claims.put(claim.executionId(), claim)));
        }
        List<Claim> taken = wanted.keySet().stream()
                .filter(claims::containsKey)
                .limit(most)
                .map(claims::get)
                .toList();
        session.eachExactlyOne(
                OWN,
                taken,
                (values, claim) -> values.text(workerId)
                        .number(claim.epoch())
                        .integer(claim.tries())
                        .text(claim.executionId()));
        return taken;
    }

    /** What a run would be claimed as; empty if somebody was faster. */
    private static Optional<Claim> readLocked(Row row, Map<String, Candidate> wanted) throws SQLException {
        String runId = row.text();
        FlowKey flow = new FlowKey(row.text(), row.text());
        Optional<String> owner = row.optionalText();
        Optional<Instant> wakeAt = row.optionalInstant();
        long epoch = row.number() + 1;
        int tries = row.integer() + (owner.isPresent() ? 1 : 0);
        Instant now = row.instant();
        Candidate candidate = wanted.get(runId);
        boolean asRead = candidate != null && candidate.workerId().equals(owner);
        boolean awake =
                owner.isPresent() || wakeAt.filter(at -> !at.isAfter(now)).isPresent();
        return asRead && awake ? Optional.of(new Claim(runId, flow, epoch, tries)) : Optional.empty();
    }

    List<Claim> owned(String workerId) throws SQLException {
        return session.list(
                "SELECT run_id, flow_id, flow_version, epoch, tries FROM {ownership} WHERE worker_id = ?",
                values -> values.text(workerId),
                row -> new Claim(row.text(), new FlowKey(row.text(), row.text()), row.number(), row.integer()));
    }

    /** Hands back those of some runs that a worker owns. */
    int release(String workerId, Collection<String> runIds) throws SQLException {
        List<String> owned = OwnershipRows.lock(session, runIds).values().stream()
                .filter(run -> run.isOwnedBy(workerId))
                .map(OpenRun::runId)
                .toList();
        session.eachExactlyOne(HAND_BACK, owned, Parameters::text);
        return owned.size();
    }

    List<Backlog> backlog() throws SQLException {
        return session.list(
                "SELECT flow_id, flow_version, COUNT(*), MIN(since) FROM (" + WAKING + " UNION ALL " + ORPHANED
                        + ") c GROUP BY flow_id, flow_version",
                values -> {},
                row -> new Backlog(new FlowKey(row.text(), row.text()), row.number(), row.instant()));
    }

    /**
     * A run as it was read without a lock.
     *
     * @param runId its id
     * @param workerId its owner, which has no live lease
     * @param heardOf whether there is a row of that owner
     */
    private record Candidate(String runId, Optional<String> workerId, boolean heardOf) {}
}
