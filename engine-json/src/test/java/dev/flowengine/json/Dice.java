package dev.flowengine.json;

import java.util.List;
import java.util.Random;

/** Random choices that a seed repeats. */
final class Dice {
    private final Random random;

    Dice(long seed) {
        // Neighbouring seeds would begin alike.
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
    }

    /** From 0, below the bound. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean chance(double share) {
        return random.nextDouble() < share;
    }

    <T> T pick(List<? extends T> among) {
        return among.get(below(among.size()));
    }
}
