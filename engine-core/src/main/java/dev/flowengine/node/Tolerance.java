package dev.flowengine.node;

/**
 * How many items of a map may fail before the map does: as a number, or as a share of all items.
 *
 * @param failures how many may fail, 0 or more
 * @param percent how many of a hundred may fail, from 0 to 100; of a map whose width is not known, judged at its end
 */
public record Tolerance(int failures, double percent) {

    /** No item may fail. */
    public static final Tolerance NONE = new Tolerance(0, 0);

    /** Refuses what is no number of failures, and no share. */
    public Tolerance {
        if (failures < 0) {
            throw new IllegalArgumentException(failures + " failures cannot be tolerated; give 0 or more");
        }
        if (!(percent >= 0 && percent <= 100)) {
            throw new IllegalArgumentException(percent + " percent cannot be tolerated; give 0 to 100");
        }
    }

    /**
     * So many items may fail.
     *
     * @param failures 0 or more
     * @return the tolerance
     */
    public static Tolerance ofFailures(int failures) {
        return new Tolerance(failures, 0);
    }

    /**
     * So large a part of the items may fail.
     *
     * @param percent 0 to 100
     * @return the tolerance
     */
    public static Tolerance ofPercent(double percent) {
        return new Tolerance(0, percent);
    }

    /**
     * Whether no item may fail.
     *
     * @return true if the first failure is one too many
     */
    public boolean isNone() {
        return failures == 0 && percent == 0;
    }

    /**
     * Whether so many failures are still accepted.
     *
     * @param failed how many items have failed
     * @param items how many items there are
     * @return false if there are too many
     */
    public boolean accepts(int failed, int items) {
        return failed <= failures || failed * 100.0 <= percent * items;
    }
}
