package dev.flowengine.persistence.tck;

import dev.flowengine.persistence.NodeRun;
import dev.flowengine.persistence.PurgeRequest;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.RunPage;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The runs of a store in memory, found by id, by key and by place, and bounded. Guarded by the store. */
final class RunTable {
    private final Map<String, StoredRun> byId = new HashMap<>();
    private final Map<RunKey, StoredRun> byKey = new HashMap<>();
    private final NavigableMap<RunQuery.Position, StoredRun> newestFirst = new TreeMap<>();
    private final Map<String, StoredRun> open = new LinkedHashMap<>();
    private final NavigableMap<End, StoredRun> endedFirst = new TreeMap<>();
    private final int maxRuns;
    private final long maxBytes;
    private long bytes;

    RunTable(int maxRuns, long maxBytes) {
        this.maxRuns = maxRuns;
        this.maxBytes = maxBytes;
    }

    @Nullable
    StoredRun get(String executionId) {
        return byId.get(executionId);
    }

    /** The run that has the id, or the key, of another that is to be added. */
    Optional<StoredRun> inTheWayOf(RunHeader header) {
        StoredRun sameId = byId.get(header.executionId());
        return sameId != null
                ? Optional.of(sameId)
                : header.key().map(key -> byKey.get(new RunKey(header.flow().flowId(), key)));
    }

    void add(StoredRun run) {
        byId.put(run.header().executionId(), run);
        keyOf(run).ifPresent(key -> byKey.put(key, run));
        newestFirst.put(run.position(), run);
        open.put(run.header().executionId(), run);
        bytes += run.weight();
    }

    void grown(long by) {
        bytes += by;
    }

    void ended(StoredRun run) {
        open.remove(run.header().executionId());
        endedFirst.put(End.of(run), run);
    }

    Iterable<StoredRun> open() {
        return open.values();
    }

    /** Removes ended runs that no node waits for, the oldest first, until there is room; false if that is not enough. */
    boolean makeRoom(int runs, long weight) {
        Map.Entry<End, StoredRun> next = endedFirst.firstEntry();
        while (isTooMuch(runs, weight) && next != null) {
            if (!isAwaited(next.getValue())) {
                remove(next.getValue());
            }
            next = endedFirst.higherEntry(next.getKey());
        }
        return !isTooMuch(runs, weight);
    }

    /** Whether the node that started a run goes on, and may not know yet what it came to. */
    private boolean isAwaited(StoredRun run) {
        NodeRun started = run.header().parent().orElse(null);
        StoredRun parent = started == null ? null : byId.get(started.executionId());
        return started != null
                && parent != null
                && !parent.hasEnded()
                && parent.hasOpenRow(started.nodeId(), started.iteration());
    }

    RunPage page(RunQuery query) {
        NavigableMap<RunQuery.Position, StoredRun> rest =
                query.after().map(place -> newestFirst.tailMap(place, false)).orElse(newestFirst);
        List<RunRecord> runs = new ArrayList<>();
        for (StoredRun run : rest.values()) {
            if (!matches(query, run)) {
                continue;
            }
            if (runs.size() == query.limit()) {
                RunHeader last = runs.get(runs.size() - 1).header();
                return new RunPage(runs, Optional.of(new RunQuery.Position(last.createdAt(), last.executionId())));
            }
            runs.add(run.toRecord());
        }
        return new RunPage(runs, Optional.empty());
    }

    int purge(PurgeRequest request) {
        List<StoredRun> ended = endedFirst.values().stream()
                .filter(run -> run.state().status() == request.outcome())
                .filter(run ->
                        allows(request.flowId(), Optional.of(run.header().flow().flowId())))
                .toList();
        long tooMany = ended.size() - request.keep().orElse(Long.MAX_VALUE);
        List<StoredRun> doomed = new ArrayList<>();
        for (int i = 0; i < ended.size() && doomed.size() < request.limit(); i++) {
            StoredRun run = ended.get(i);
            boolean goes = i < tooMany
                    || request.endedBefore().filter(End.of(run).at()::isBefore).isPresent();
            if (goes && !isAwaited(run)) {
                doomed.add(run);
            }
        }
        doomed.forEach(this::remove);
        return doomed.size();
    }

    private void remove(StoredRun run) {
        byId.remove(run.header().executionId());
        keyOf(run).ifPresent(byKey::remove);
        newestFirst.remove(run.position());
        endedFirst.remove(End.of(run));
        bytes -= run.weight();
    }

    private boolean isTooMuch(int runs, long weight) {
        return byId.size() + runs > maxRuns || bytes + weight > maxBytes;
    }

    private static Optional<RunKey> keyOf(StoredRun run) {
        RunHeader header = run.header();
        return header.key().map(key -> new RunKey(header.flow().flowId(), key));
    }

    private static boolean matches(RunQuery query, StoredRun run) {
        RunHeader header = run.header();
        return allows(query.flowId(), Optional.of(header.flow().flowId()))
                && (query.statuses().isEmpty()
                        || query.statuses().contains(run.state().status()))
                && allows(query.startNode(), Optional.of(header.startNode()))
                && allows(query.userId(), header.userId())
                && allows(query.redriveOf(), header.redriveOf())
                && allows(query.parentId(), header.parent().map(NodeRun::executionId))
                && isInTime(query, header.createdAt());
    }

    private static boolean allows(Optional<String> wanted, Optional<String> found) {
        return wanted.isEmpty() || wanted.equals(found);
    }

    private static boolean isInTime(RunQuery query, Instant createdAt) {
        return query.from().filter(createdAt::isBefore).isEmpty()
                && (query.to().isEmpty() || createdAt.isBefore(query.to().get()));
    }

    /** What a run is known by to who started it. */
    private record RunKey(String flowId, String key) {}

    /** Orders runs by their end. */
    private record End(Instant at, String executionId) implements Comparable<End> {
        private static final Comparator<End> ORDER =
                Comparator.comparing(End::at).thenComparing(End::executionId);

        static End of(StoredRun run) {
            return new End(run.state().endedAt().orElseThrow(), run.header().executionId());
        }

        @Override
        public int compareTo(End other) {
            return ORDER.compare(this, other);
        }
    }
}
