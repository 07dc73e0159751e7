package dev.flowengine.internal.kernel;

import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.RunImage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/**
 * The executions whose ends somebody here waits for, though they go on elsewhere, or wait where nobody owns them. A store is
 * asked about a bounded number of them at a time, those first that have been asked for last: there may be very many that wait for long.
 *
 * <p>{@link #look} is for one thread; the rest is thread-safe.
 */
final class FollowedRuns {
    private static final int MOST_AT_ONCE = 500;

    private final ExecutionStore store;
    private final TakeOver.Engine engine;
    private final Map<String, List<Follower>> followed = new ConcurrentHashMap<>();
    private final Queue<String> fresh = new ConcurrentLinkedQueue<>();
    /** Those to be asked about next; of the thread that looks. */
    private final Queue<String> turn = new ArrayDeque<>();

    private volatile boolean gone;

    FollowedRuns(ExecutionStore store, TakeOver.Engine engine) {
        this.store = store;
        this.engine = engine;
    }

    /** Tells somebody how an execution ends. */
    void follow(String executionId, Follower follower) {
        followed.compute(executionId, (id, others) -> {
            if (gone) {
                follower.gone(closedNow());
                return null;
            }
            List<Follower> all = others == null ? new ArrayList<>() : new ArrayList<>(others);
            all.add(follower);
            return all;
        });
        fresh.add(executionId);
    }

    /** Somebody wants to be told no more. */
    void unfollow(String executionId, Follower follower) {
        followed.computeIfPresent(executionId, (id, all) -> {
            List<Follower> others = new ArrayList<>(all);
            others.remove(follower);
            return others.isEmpty() ? null : others;
        });
    }

    /** An execution has ended here. */
    void ended(RunResult end) {
        if (!followed.isEmpty()) {
            remove(end.executionId()).forEach(follower -> follower.ended(end));
        }
    }

    /** Nobody is followed any more. */
    void letGo() {
        gone = true;
        for (String id : Set.copyOf(followed.keySet())) {
            followed.computeIfPresent(id, (any, followers) -> {
                followers.forEach(follower -> follower.gone(closedNow()));
                return null;
            });
        }
    }

    private static FlowException closedNow() {
        return EngineKernel.closed("the engine was closed, and follows the execution no more");
    }

    /**
     * Looks whether executions have ended.
     *
     * @param here tells which of them go on here, whose ends are told without being asked for
     */
    void look(Predicate<String> here) {
        Set<String> ids = next(here);
        if (ids.isEmpty()) {
            return;
        }
        Set<String> over = new HashSet<>(ids);
        store.find(ids).stream()
                .filter(run -> !run.state().status().isTerminal())
                .forEach(run -> over.remove(run.executionId()));
        RuntimeException failure = null;
        for (String id : over) {
            try {
                tell(id);
            } catch (RuntimeException away) {
                // Asked again; the others are told all the same.
                failure = away;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private Set<String> next(Predicate<String> here) {
        Set<String> ids = new HashSet<>();
        take(fresh, ids, here);
        if (turn.isEmpty()) {
            turn.addAll(followed.keySet());
        }
        take(turn, ids, here);
        return ids;
    }

    private void take(Queue<String> from, Set<String> ids, Predicate<String> here) {
        while (ids.size() < MOST_AT_ONCE) {
            String id = from.poll();
            if (id == null) {
                return;
            }
            if (followed.containsKey(id) && !here.test(id)) {
                ids.add(id);
            }
        }
    }

    private List<Follower> remove(String executionId) {
        return Optional.ofNullable(followed.remove(executionId)).orElse(List.of());
    }

    /** Tells how an execution has ended; if that cannot be read, tells so. */
    private void tell(String executionId) {
        Optional<RunImage> image = store.load(executionId);
        List<Follower> followers = remove(executionId);
        RunResult end;
        try {
            end = engine.result(image.orElseThrow(() -> Lookup.notFound(executionId)));
        } catch (RuntimeException | LinkageError | StackOverflowError unreadable) {
            FlowException why = unreadable instanceof FlowException known ? known : unreadable(executionId, unreadable);
            followers.forEach(follower -> follower.gone(why));
            return;
        }
        followers.forEach(follower -> follower.ended(end));
    }

    private static FlowException unreadable(String executionId, Throwable cause) {
        return FlowException.of(
                        FailureKind.SERIALIZATION,
                        "what is kept of execution " + executionId + " cannot be read: " + cause.getMessage())
                .cause(cause)
                .suggestedResolution("Read it with the flow, and the types, it was kept with.")
                .build();
    }

    /** Wants to know how an execution ends. */
    interface Follower {

        /** It has ended. */
        void ended(RunResult end);

        /** It is not known how it ends. */
        void gone(FlowException why);
    }
}
