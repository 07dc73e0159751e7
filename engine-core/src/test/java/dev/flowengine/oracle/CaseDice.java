package dev.flowengine.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The random choices of one case; the same seed makes the same choices. */
final class CaseDice {
    private final SplittableRandom random;

    CaseDice(long seed) {
        random = new SplittableRandom(seed);
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** From low to high, both inclusive. */
    int between(int low, int high) {
        return random.nextInt(low, high + 1);
    }

    double oneOf(double... values) {
        return values[random.nextInt(values.length)];
    }

    <T> T pick(List<T> items) {
        return items.get(random.nextInt(items.size()));
    }

    /** An index, with a probability in proportion to its weight. */
    int weighted(int... weights) {
        int total = 0;
        for (int weight : weights) {
            total += weight;
        }
        int point = random.nextInt(total);
        int index = 0;
        while (point >= weights[index]) {
            point -= weights[index];
            index++;
        }
        return index;
    }

    <T> List<T> subset(List<T> items) {
        return items.stream().filter(item -> chance(0.5)).toList();
    }

    <T> List<T> nonEmptySubset(List<T> items) {
        List<T> chosen = subset(items);
        return chosen.isEmpty() ? List.of(pick(items)) : chosen;
    }

    <T> List<T> shuffled(List<T> items) {
        List<T> shuffled = new ArrayList<>(items);
        for (int i = shuffled.size() - 1; i > 0; i--) {
            shuffled.set(i, shuffled.set(between(0, i), shuffled.get(i)));
        }
        return shuffled;
    }
}
