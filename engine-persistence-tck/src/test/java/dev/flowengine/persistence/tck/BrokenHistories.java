package dev.flowengine.persistence.tck;

import dev.flowengine.persistence.Counters;
import dev.flowengine.persistence.CreateAnswer;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.OnceMarks;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.PurgeRequest;
import dev.flowengine.persistence.Renewal;
import dev.flowengine.persistence.ResultCacheStore;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.RunPage;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Stores that break one promise about leases, history or an ability each. */
final class BrokenHistories {
    private static final Duration FOR_EVER = Duration.ofDays(10_000);

    private BrokenHistories() {}

    static ExecutionStore leasesForEver(ExecutionStore store) {
        return new ForwardingExecutionStore(store) {
            @Override
            public Renewal renew(String workerId, Duration lease) {
                return store.renew(workerId, FOR_EVER);
            }
        };
    }

    static ExecutionStore hidesLapses(ExecutionStore store) {
        return new ForwardingExecutionStore(store) {
            @Override
            public Renewal renew(String workerId, Duration lease) {
                Renewal renewal = store.renew(workerId, lease);
                return new Renewal(renewal.now(), renewal.lease(), false, renewal.withMessages());
            }
        };
    }

    static ExecutionStore hidesMessages(ExecutionStore store) {
        return new ForwardingExecutionStore(store) {
            @Override
            public Renewal renew(String workerId, Duration lease) {
                Renewal renewal = store.renew(workerId, lease);
                return new Renewal(renewal.now(), renewal.lease(), renewal.lapsed(), Set.of());
            }
        };
    }

    static ExecutionStore releasesNothing(ExecutionStore store) {
        return new ForwardingExecutionStore(store) {
            @Override
            public int release(String workerId, Collection<String> executionIds) {
                return executionIds.size();
            }
        };
    }

    static ExecutionStore retiresWithItsRuns(ExecutionStore store) {
        return new ForwardingExecutionStore(store) {
            @Override
            public int retire(String workerId) {
                return store.owned(workerId).size();
            }
        };
    }

    /** Changes what is asked of the history. */
    static ExecutionStore querying(ExecutionStore store, UnaryOperator<RunQuery> how) {
        return new ForwardingExecutionStore(store) {
            @Override
            public RunPage query(RunQuery query) {
                return store.query(how.apply(query));
            }
        };
    }

    static RunQuery forgetsIdsOfPlaces(RunQuery query) {
        return query.after()
                .map(place -> query.after(new RunQuery.Position(place.createdAt(), "")))
                .orElse(query);
    }

    static RunQuery ignoresUsers(RunQuery query) {
        return new RunQuery(
                query.flowId(),
                query.statuses(),
                query.startNode(),
                Optional.empty(),
                query.redriveOf(),
                query.parentId(),
                query.from(),
                query.to(),
                query.after(),
                query.limit());
    }

    static ExecutionStore pagesByCounting(ExecutionStore store) {
        List<RunQuery.Position> places = Collections.synchronizedList(new ArrayList<>());
        return new ForwardingExecutionStore(store) {
            @Override
            public RunPage query(RunQuery query) {
                int begin =
                        query.after().map(place -> places.indexOf(place) + 1).orElse(0);
                List<RunRecord> all = store.query(RunQuery.all(10_000)).runs();
                List<RunRecord> page =
                        all.subList(Math.min(begin, all.size()), Math.min(begin + query.limit(), all.size()));
                all.stream()
                        .map(run -> new RunQuery.Position(run.header().createdAt(), run.executionId()))
                        .skip(places.size())
                        .forEach(places::add);
                boolean more = begin + query.limit() < all.size();
                return new RunPage(page, more ? Optional.of(places.get(begin + query.limit() - 1)) : Optional.empty());
            }
        };
    }

    /** Changes what is to be removed. */
    static ExecutionStore purging(ExecutionStore store, UnaryOperator<PurgeRequest> how) {
        return new ForwardingExecutionStore(store) {
            @Override
            public int purge(PurgeRequest request) {
                return store.purge(how.apply(request));
            }
        };
    }

    /** Forgets which node has started a run. */
    static ExecutionStore forgetsParents(ExecutionStore store) {
        return new ForwardingExecutionStore(store) {
            @Override
            public List<CreateAnswer> create(List<NewRun> runs) {
                return store.create(runs.stream()
                        .map(run -> new NewRun(
                                RunHeader.of(
                                                run.header().executionId(),
                                                run.header().flow(),
                                                run.header().startNode(),
                                                run.header().createdAt())
                                        .build(),
                                run.input(),
                                run.state(),
                                run.standing(),
                                run.workerId(),
                                run.nodes(),
                                run.audit()))
                        .toList());
            }
        };
    }

    static PurgeRequest withoutLimit(PurgeRequest request) {
        return new PurgeRequest(request.outcome(), request.flowId(), request.endedBefore(), request.keep(), 1_000_000);
    }

    static PurgeRequest byCountOnly(PurgeRequest request) {
        return new PurgeRequest(request.outcome(), request.flowId(), Optional.empty(), request.keep(), request.limit());
    }

    /** Has another ability in place of its own. */
    static ExecutionStore with(ExecutionStore store, Object ability) {
        return new ForwardingExecutionStore(store) {
            @Override
            public <T> Optional<T> capability(Class<T> type) {
                return type.isInstance(ability) ? Optional.of(type.cast(ability)) : store.capability(type);
            }
        };
    }

    static OnceMarks marksAgain() {
        return (mark, keep) -> true;
    }

    static Counters countsTheDead(ExecutionStore store) {
        Counters counters = store.capability(Counters.class).orElseThrow();
        store.renew("the dead", FOR_EVER);
        return new Counters() {
            @Override
            public boolean tryAcquire(String counter, String holder, String workerId, long limit) {
                return counters.tryAcquire(counter, holder, "the dead", limit);
            }

            @Override
            public void release(String counter, String holder) {
                counters.release(counter, holder);
            }

            @Override
            public long count(String counter) {
                return counters.count(counter);
            }
        };
    }

    static ResultCacheStore cachesForEver(ExecutionStore store) {
        ResultCacheStore cache = store.capability(ResultCacheStore.class).orElseThrow();
        return new ResultCacheStore() {
            @Override
            public Optional<Payload> get(String key) {
                return cache.get(key);
            }

            @Override
            public void put(String key, Payload value, Duration keep) {
                cache.put(key, value, FOR_EVER);
            }

            @Override
            public void remove(String key) {
                cache.remove(key);
            }
        };
    }
}
