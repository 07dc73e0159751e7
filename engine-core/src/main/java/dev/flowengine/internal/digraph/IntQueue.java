package dev.flowengine.internal.digraph;

/**
 * A set of ints below a bound that gives its lowest element first. Each bit of a level says whether a word of the level
 * below is not empty, so every operation touches one word per level: at most six, whatever the bound.
 */
final class IntQueue {
    private static final int WORD_BITS = 6;

    private final long[][] levels;

    IntQueue(int bound) {
        int height = 1;
        for (int words = words(bound); words > 1; words = words(words)) {
            height++;
        }
        levels = new long[height][];
        int size = bound;
        for (int level = 0; level < height; level++) {
            size = words(size);
            levels[level] = new long[size];
        }
    }

    private static int words(int bits) {
        return Math.max(1, (bits + 63) >>> WORD_BITS);
    }

    boolean isEmpty() {
        return levels[levels.length - 1][0] == 0;
    }

    void add(int element) {
        int bit = element;
        for (long[] level : levels) {
            level[bit >>> WORD_BITS] |= 1L << bit;
            bit >>>= WORD_BITS;
        }
    }

    int removeLowest() {
        int word = 0;
        for (int level = levels.length - 1; level >= 0; level--) {
            word = (word << WORD_BITS) + Long.numberOfTrailingZeros(levels[level][word]);
        }
        remove(word);
        return word;
    }

    private void remove(int element) {
        int bit = element;
        for (long[] level : levels) {
            level[bit >>> WORD_BITS] &= ~(1L << bit);
            if (level[bit >>> WORD_BITS] != 0) {
                return;
            }
            bit >>>= WORD_BITS;
        }
    }
}
