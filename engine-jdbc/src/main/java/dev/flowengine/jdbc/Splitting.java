package dev.flowengine.jdbc;

import dev.flowengine.persistence.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Finds the one among many that the database refuses, so that it does not harm the others. */
final class Splitting {

    private Splitting() {}

    /**
     * Does something with a list in one transaction, and, if the database refuses something in it, with each of its halves.
     *
     * @param work gives an answer for each item
     * @param refusal the answer for an item that is refused by itself
     */
    static <T, A> List<A> each(List<T> items, Function<List<T>, List<A>> work, Function<String, A> refusal) {
        if (items.isEmpty()) {
            return List.of();
        }
        try {
            return work.apply(items);
        } catch (RefusedByDatabase e) {
            if (items.size() == 1) {
                return List.of(refusal.apply("the database refused it: " + e.getMessage()));
            }
            int half = items.size() / 2;
            List<A> answers = new ArrayList<>(each(items.subList(0, half), work, refusal));
            answers.addAll(after(() -> each(items.subList(half, items.size()), work, refusal)));
            return answers;
        }
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
