package dev.flowengine.internal.journal;

import dev.flowengine.model.Iteration;
import dev.flowengine.node.TypeRef;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The steps that bodies of one execution have done. Thread-safe. */
final class DoneSteps {
    private final Map<Key, Done> done = new ConcurrentHashMap<>();

    /** A step was done before this engine had the execution. */
    void found(Key key, Result result) {
        done.put(key, new Done(result, CompletableFuture.completedFuture(null)));
    }

    /**
     * Does a step unless it has been done, and returns once its result is kept. Of two attempts that do it at the same time
     * the result of the first to be done is that of both.
     *
     * @param keep begins to keep a result, and says when it is kept, or that it cannot be
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // the type says whether null may come out
    <T extends @Nullable Object> T done(Key key, TypeRef<T> type, Callable<? extends T> body, Keeper keep)
            throws Exception {
        Done known = done.get(key);
        if (known == null) {
            forgetBefore(key);
            T value = body.call();
            Done mine = new Done(any -> value, new CompletableFuture<>());
            known = done.putIfAbsent(key, mine);
            if (known == null) {
                known = mine;
                begin(key, mine, value, keep);
            }
        }
        await(known.kept());
        return (T) known.result().as(type);
    }

    /**
     * Does a step that keeps its result itself, unless it has been done. Of two attempts that do it at the same time the store
     * takes one.
     *
     * @param body returns once the result is kept
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // the type says whether null may come out
    <T extends @Nullable Object> T done(Key key, TypeRef<T> type, Callable<? extends T> body) throws Exception {
        Done known = done.get(key);
        if (known != null) {
            await(known.kept());
            return (T) known.result().as(type);
        }
        T value = body.call();
        forgetBefore(key);
        found(key, any -> value);
        return value;
    }

    /** What was done in an earlier iteration is not asked for again. */
    private void forgetBefore(Key key) {
        if (!key.iteration().path().isEmpty()) {
            // Not of a later one: who asks may be a body that was given up.
            done.keySet().removeIf(other -> other.node() == key.node() && other.isBefore(key));
        }
    }

    private void begin(Key key, Done mine, @Nullable Object value, Keeper keep) {
        try {
            keep.keep(value, failure -> settle(key, mine, failure));
        } catch (RuntimeException | Error unkept) {
            settle(key, mine, unkept);
        }
    }

    private void settle(Key key, Done mine, @Nullable Throwable failure) {
        if (failure == null) {
            mine.kept().complete(null);
        } else {
            done.remove(key, mine);
            mine.kept().completeExceptionally(failure);
        }
    }

    /** A thread that is interrupted leaves the step done: what it was interrupted in is only the waiting. */
    static void await(CompletableFuture<Void> kept) throws Exception {
        try {
            kept.get();
        } catch (ExecutionException unkept) {
            throw unkept.getCause() instanceof Exception failure ? failure : unkept;
        }
    }

    /**
     * Names a step.
     *
     * @param node number of its node
     * @param iteration the iteration it is in
     * @param name its name within the node
     */
    record Key(int node, Iteration iteration, String name) {

        /** Whether this step is one of an earlier iteration. */
        boolean isBefore(Key other) {
            List<Integer> mine = iteration.path();
            List<Integer> theirs = other.iteration().path();
            for (int i = 0; i < Math.min(mine.size(), theirs.size()); i++) {
                int order = Integer.compare(mine.get(i), theirs.get(i));
                if (order != 0) {
                    return order < 0;
                }
            }
            return false;
        }
    }

    /** A step that was done, and when its result is kept. */
    private record Done(Result result, CompletableFuture<Void> kept) {}

    /** The result of a step, whatever it is kept as. */
    interface Result {

        /** The value; may be null. */
        @Nullable
        Object as(TypeRef<?> type);
    }

    /** Keeps results. */
    interface Keeper {

        /** Begins to keep one, and tells once it is kept, with null, or that it cannot be. */
        void keep(@Nullable Object value, Consumer<@Nullable Throwable> kept);
    }
}
