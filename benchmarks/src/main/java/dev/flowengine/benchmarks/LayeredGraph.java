package dev.flowengine.benchmarks;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A graph in layers of 100 nodes, always the same for the same size: one root feeds the first layer, every other node is
 * fed by the layers before its own. There are exactly three edges for each node but the root: what the first layer has
 * too few, the second has more. Numbers are in topological order.
 */
final class LayeredGraph {
    /** The node every other one descends from. */
    static final int ROOT = 0;

    private static final int WIDTH = 100;
    private static final int REACH = 3;
    private static final int SEED = 20_260_101;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final int nodes;
    private final int[] sourceStarts;
    private final int[] sources;
    private final int[] targetStarts;
    private final int[] targets;

    private LayeredGraph(int nodes) {
        this.nodes = nodes;
        this.sourceStarts = new int[nodes + 2];
        this.sources = new int[3 * nodes];
        for (int node = 1; node <= nodes; node++) {
            sourceStarts[node + 1] = sourceStarts[node] + drawSources(node);
        }
        this.targetStarts = new int[nodes + 2];
        this.targets = new int[sources.length];
        invert();
    }

    /** A graph of so many nodes and its root. */
    static LayeredGraph of(int nodes) {
        if (nodes < 2 * WIDTH || nodes % WIDTH != 0) {
            throw new IllegalArgumentException(
                    "nodes is " + nodes + ", but must be a multiple of " + WIDTH + " and at least " + 2 * WIDTH);
        }
        return new LayeredGraph(nodes);
    }

    /** How many nodes there are, the root included. */
    int size() {
        return nodes + 1;
    }

    /** For each node how many nodes feed it. */
    int[] sourceCounts() {
        int[] counts = new int[size()];
        Arrays.setAll(counts, node -> sourceStarts[node + 1] - sourceStarts[node]);
        return counts;
    }

    /** The nodes that feed a node. */
    int[] sources(int node) {
        return Arrays.copyOfRange(sources, sourceStarts[node], sourceStarts[node + 1]);
    }

    /** Where the targets of a node begin; those of the next node follow them. */
    int targetsFrom(int node) {
        return targetStarts[node];
    }

    /** Where the targets of a node end. */
    int targetsTo(int node) {
        return targetStarts[node + 1];
    }

    /** A node fed by the one in whose range the position lies. */
    int target(int position) {
        return targets[position];
    }

    private int drawSources(int node) {
        int from = sourceStarts[node];
        int layer = (node - 1) / WIDTH;
        if (layer == 0) {
            sources[from] = ROOT;
            return 1;
        }
        int layerStart = layer * WIDTH + 1;
        int count = layer == 1 ? 5 : 3;
        // The layer before gives at least one, so that the graph is as deep as it has layers.
        sources[from] = random.nextInt(layerStart - WIDTH, layerStart);
        for (int i = 1; i < count; i++) {
            sources[from + i] = drawOther(from, from + i, Math.max(1, layerStart - REACH * WIDTH), layerStart);
        }
        return count;
    }

    private int drawOther(int from, int to, int lowest, int bound) {
        while (true) {
            int drawn = random.nextInt(lowest, bound);
            if (Arrays.stream(sources, from, to).noneMatch(source -> source == drawn)) {
                return drawn;
            }
        }
    }

    private void invert() {
        for (int source : sources) {
            targetStarts[source + 1]++;
        }
        Arrays.parallelPrefix(targetStarts, Integer::sum);
        int[] next = targetStarts.clone();
        for (int node = 1; node <= nodes; node++) {
            for (int i = sourceStarts[node]; i < sourceStarts[node + 1]; i++) {
                targets[next[sources[i]]++] = node;
            }
        }
    }
}
