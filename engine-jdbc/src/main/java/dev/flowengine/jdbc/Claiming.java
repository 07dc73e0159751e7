package dev.flowengine.jdbc;

import dev.flowengine.persistence.Backlog;
import dev.flowengine.persistence.Claim;
import dev.flowengine.persistence.ClaimRequest;
import dev.flowengine.persistence.FlowKey;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
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
 *
 * <p>What it reads are the beginnings of ranges of indexes: for each edition the runs that wake up first, and one row for
 * each owner. How many runs there are that have ended, sleep, are owned by the living, or are of flows nobody asks for, is
 * all the same.
 */
final class Claiming {
    /** How many times the runs asked for are looked at, because others ask for the same. */
    private static final int LOOKAHEAD = 4;
    /** How many editions one statement asks for. */
    private static final int EDITIONS = 32;

    /** Before all that is kept. Without it H2 begins its search at the rows that have no time, which are most of them. */
    private static final Instant BEGINNING = Instant.parse("1000-01-01T00:00:00Z");

    private static final String SOON_OF_EDITION = "(SELECT run_id, wake_at AS since FROM {ownership}"
            + " WHERE flow_id = ? AND flow_version = ? AND wake_at >= ? AND wake_at <= {as-of}"
            + " ORDER BY {soonest} LIMIT ?)";

    /** Runs that nobody owns, and whose time has come. */
    private static final String WAKING =
            "SELECT o.flow_id, o.flow_version, o.wake_at AS since FROM {ownership} o WHERE o.wake_at <= {as-of}";

    private static final String ORPHANED_OF_EDITION = "(SELECT run_id, standing_since, worker_id FROM {ownership}"
            + " WHERE worker_id = ? AND flow_id = ? AND flow_version = ? ORDER BY standing_since LIMIT ?)";

    /** Runs of workers that have no live lease, or were never heard of. */
    private static final String ORPHANED = "SELECT o.flow_id, o.flow_version,"
            + " COALESCE(w.lease_until, o.standing_since) AS since"
            + " FROM {ownership} o LEFT JOIN {worker} w ON w.worker_id = o.worker_id"
            + " WHERE (w.worker_id IS NULL OR w.lease_until <= {as-of}) AND o.worker_id IS NOT NULL";

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

    /** The runs of some editions that wake up first. */
    static String wakingSql(int editions) {
        return "SELECT run_id, since FROM ("
                + String.join(" UNION ALL ", Collections.nCopies(editions, SOON_OF_EDITION))
                + ") c ORDER BY since LIMIT ?";
    }

    /** The runs of a worker that are of some editions. */
    static String orphanedSql(int editions) {
        return String.join(" UNION ALL ", Collections.nCopies(editions, ORPHANED_OF_EDITION));
    }

    List<Claim> claim(ClaimRequest request) throws SQLException {
        List<FlowKey> flows = request.flows().stream()
                .filter(key -> Inspection.areStorable(key.flowId(), key.version()))
                .toList();
        if (flows.isEmpty()) {
            return List.of();
        }
        Set<String> owners = owners();
        owners.add(request.workerId());
        Map<String, Lease> leases = leases(owners);
        owners.removeIf(one -> leases.containsKey(one) && leases.get(one).isLive());
        if (owners.contains(request.workerId())) {
            return List.of();
        }
        List<Candidate> candidates = candidates(flows, owners, request.limit()).stream()
                .map(one -> one.since(leases))
                .sorted(Comparator.comparing(Candidate::since))
                .limit((long) LOOKAHEAD * request.limit())
                .toList();
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

    private Set<String> owners() throws SQLException {
        Set<String> owners = new HashSet<>();
        session.ownersOfRuns().forEach(owner -> owner.ifPresent(owners::add));
        return owners;
    }

    private Map<String, Lease> leases(Set<String> workers) throws SQLException {
        Map<String, Lease> leases = new HashMap<>();
        for (List<String> ids : Marks.lists(workers)) {
            session.list(
                            "SELECT worker_id, lease_until, CASE WHEN lease_until > {as-of} THEN 1 ELSE 0 END FROM {worker}"
                                    + " WHERE worker_id IN (" + Marks.of(ids.size()) + ")",
                            values -> values.texts(ids),
                            row -> new Lease(row.text(), row.instant(), row.integer() == 1))
                    .forEach(lease -> leases.put(lease.workerId(), lease));
        }
        return leases;
    }

    private List<Candidate> candidates(List<FlowKey> flows, Set<String> dead, int limit) throws SQLException {
        int most = (int) Math.min((long) LOOKAHEAD * limit, Integer.MAX_VALUE);
        List<Candidate> candidates = new ArrayList<>();
        for (int from = 0; from < flows.size(); from += EDITIONS) {
            List<FlowKey> some = flows.subList(from, Math.min(flows.size(), from + EDITIONS));
            candidates.addAll(waking(some, most));
            for (String owner : dead) {
                candidates.addAll(orphaned(owner, some, most));
            }
        }
        return candidates;
    }

    private List<Candidate> waking(List<FlowKey> flows, int most) throws SQLException {
        return session.list(
                wakingSql(flows.size()),
                values -> bindWaking(values, flows, most),
                row -> new Candidate(row.text(), row.instant(), Optional.empty(), false));
    }

    static void bindWaking(Parameters values, List<FlowKey> flows, int most) throws SQLException {
        for (FlowKey key : flows) {
            values.text(key.flowId()).text(key.version()).instant(BEGINNING).integer(most);
        }
        values.integer(most);
    }

    private List<Candidate> orphaned(String owner, List<FlowKey> flows, int most) throws SQLException {
        return session.list(
                orphanedSql(flows.size()),
                values -> bindOrphaned(values, owner, flows, most),
                row -> new Candidate(row.text(), row.instant(), row.optionalText(), false));
    }

    static void bindOrphaned(Parameters values, String owner, List<FlowKey> flows, int most) throws SQLException {
        for (FlowKey key : flows) {
            values.text(owner).text(key.flowId()).text(key.version()).integer(most);
        }
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
     * @param since since when it is claimable
     * @param workerId its owner, which has no live lease
     * @param heardOf whether there is a row of that owner
     */
    private record Candidate(String runId, Instant since, Optional<String> workerId, boolean heardOf) {

        /** What was the run of a worker until its lease ended is claimable since then. */
        Candidate since(Map<String, Lease> leases) {
            return workerId.map(leases::get)
                    .map(lease -> new Candidate(runId, lease.until(), workerId, true))
                    .orElse(this);
        }
    }

    /** The lease of a worker, and whether it has passed. */
    private record Lease(String workerId, Instant until, boolean isLive) {}
}
