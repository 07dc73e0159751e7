package dev.flowengine.jdbc;

import dev.flowengine.persistence.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Finds the one among many that the database refuses, so that it does not harm the others, and as many as it has time for. */
final class Splitting {
    /** How often a group that takes too long is halved: whoever waits for its answer has a lease that ends. */
    private static final int MOST_HALVINGS = 3;

    private Splitting() {}

    /**
     * Does something with a list in one transaction, and, if the database refuses something in it or has no time for it,
     * with each of its halves.
     *
     * @param work gives an answer for each item
     * @param refusal the answer for an item that is refused by itself
     */
    static <T, A> List<A> each(List<T> items, Function<List<T>, List<A>> work, Function<String, A> refusal) {
        return items.isEmpty() ? List.of() : each(items, work, refusal, MOST_HALVINGS);
    }

    private static <T, A> List<A> each(
            List<T> items, Function<List<T>, List<A>> work, Function<String, A> refusal, int halvings) {
        try {
            return work.apply(items);
        } catch (RefusedByDatabase e) {
            return items.size() == 1
                    ? List.of(refusal.apply("the database refused it: " + e.getMessage()))
                    : halves(items, some -> each(some, work, refusal, halvings));
        } catch (TooSlow e) {
            if (items.size() == 1 || halvings == 0) {
                throw StoreException.transientFailure(String.valueOf(e.getMessage()), e.getCause());
            }
            return halves(items, some -> each(some, work, refusal, halvings - 1));
        }
    }

    private static <T, A> List<A> halves(List<T> items, Function<List<T>, List<A>> work) {
        int half = items.size() / 2;
        List<A> answers = new ArrayList<>(work.apply(items.subList(0, half)));
        answers.addAll(after(() -> work.apply(items.subList(half, items.size()))));
        return answers;
    }

    /** What fails after a part was committed is in doubt as a whole, whatever it is: nobody may think nothing was written. */
    private static <T> T after(Supplier<T> rest) {
        try {
            return rest.get();
        } catch (StoreException e) {
            throw e.isInDoubt() ? e : StoreException.inDoubt("a part was done, then " + e.getMessage(), e);
        }
    }
}
