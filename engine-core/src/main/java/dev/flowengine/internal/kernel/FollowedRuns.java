package dev.flowengine.internal.kernel;

import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.RunRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
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
    private final FlowRegistry registry;
    private final TakeOver.Engine engine;
    private final Map<String, List<Follower>> followed = new ConcurrentHashMap<>();
    /** Those that have ended, by editions of flows that are not known here. */
    private final Map<String, FlowKey> unread = new ConcurrentHashMap<>();

    private final Queue<String> fresh = new ConcurrentLinkedQueue<>();
    /** Those to be asked about next; of the thread that looks. */
    private final Queue<String> turn = new ArrayDeque<>();

    private volatile boolean gone;

    FollowedRuns(ExecutionStore store, FlowRegistry registry, TakeOver.Engine engine) {
        this.store = store;
        this.registry = registry;
        this.engine = engine;
    }

    /** Tells somebody how an execution ends. */
    void follow(String executionId, Follower follower) {
        add(executionId, follower);
        fresh.add(executionId);
    }

    private void add(String executionId, Follower follower) {
        followed.compute(executionId, (id, others) -> {
            if (gone) {
                follower.gone(closedNow());
                return null;
            }
            List<Follower> all = others == null ? new ArrayList<>() : new ArrayList<>(others);
            all.add(follower);
            return all;
        });
    }

    /** How many executions have ended that are waited for here and cannot be read, by the edition of the flow that it takes. */
    Map<FlowKey, Integer> unread() {
        Map<FlowKey, Integer> editions = new HashMap<>();
        unread.values().forEach(edition -> editions.merge(edition, 1, Integer::sum));
        return editions;
    }

    /** Somebody wants to be told no more. */
    void unfollow(String executionId, Follower follower) {
        followed.computeIfPresent(executionId, (id, all) -> {
            List<Follower> others = new ArrayList<>(all);
            others.remove(follower);
            if (others.isEmpty()) {
                unread.remove(id);
                return null;
            }
            return others;
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
                .filter(run -> !run.state().status().isTerminal() || isLeft(run))
                .forEach(run -> over.remove(run.executionId()));
        ids.stream()
                .filter(id -> !over.contains(id))
                .flatMap(id -> followed.getOrDefault(id, List.of()).stream())
                .forEach(Follower::goesOn);
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

    /** Whether all who wait for the end of an execution wait until its edition of the flow is known here. */
    private boolean isLeft(RunRecord run) {
        List<Follower> followers = followed.getOrDefault(run.executionId(), List.of());
        boolean left = isUnknown(run) && followers.stream().allMatch(Follower::isPatient);
        if (left) {
            unread.put(run.executionId(), run.header().flow());
        }
        return left;
    }

    private boolean isUnknown(RunRecord run) {
        return registry.find(run.header().flow()).isEmpty();
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
        unread.remove(executionId);
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
            boolean later = image.isPresent() && isUnknown(image.get().run());
            for (Follower follower : followers) {
                if (later && follower.isPatient()) {
                    add(executionId, follower);
                } else {
                    follower.gone(why);
                }
            }
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

        /** It has been asked for, and has not ended. */
        default void goesOn() {}

        /** Whether it waits on if it is only not known here how it has ended. */
        default boolean isPatient() {
            return false;
        }
    }
}
