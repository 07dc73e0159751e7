package dev.flowengine.internal.digraph;

import java.util.Random;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/**
 * Runs a property with one seed after the other. A failure names its seed; {@code -Dflowengine.test.seed=…} runs that
 * one alone, {@code -Dflowengine.test.seeds=…} sets how many there are.
 */
public final class Seeds {
    private static final int FEWEST = 1;

    private Seeds() {}

    /** Checks a property with a share of the seeds: the greater the divisor, the fewer. */
    public static void check(int divisor, Consumer<RandomGenerator> property) {
        Long only = Long.getLong("flowengine.test.seed");
        int seeds = Math.max(FEWEST, Integer.getInteger("flowengine.test.seeds", 20_000) / divisor);
        LongStream run = only == null ? LongStream.range(0, seeds) : LongStream.of(only);
        run.forEach(seed -> check(seed, property));
    }

    private static void check(long seed, Consumer<RandomGenerator> property) {
        try {
            property.accept(new Random(seed * 0x9E3779B97F4A7C15L));
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError(
                    "seed " + seed + " (repeat with -Dflowengine.test.seed=" + seed + "): " + failure.getMessage(),
                    failure);
        }
    }
}
