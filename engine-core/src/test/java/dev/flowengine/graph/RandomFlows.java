package dev.flowengine.graph;

import java.util.List;
import java.util.random.RandomGenerator;

/** Small random flows: every shape of mistake has a fair chance in them. */
final class RandomFlows {
    private RandomFlows() {}

    /** A trigger {@code n0}, nodes, LOOPs with a chance of one in so many, and dependencies in any direction. */
    static FlowGraph any(RandomGenerator random, int loopsOneIn) {
        int nodes = 2 + random.nextInt(6);
        FlowGraph.Builder flow = FlowGraph.builder().trigger("n0");
        boolean[] loops = new boolean[nodes];
        for (int i = 1; i < nodes; i++) {
            loops[i] = loopsOneIn > 0 && random.nextInt(loopsOneIn) == 0;
            flow.add(loops[i] ? GraphNode.loop("n" + i) : GraphNode.node("n" + i));
        }
        int edges = nodes - 1 + random.nextInt(4);
        for (int i = 0; i < edges; i++) {
            int from = random.nextInt(nodes);
            int to = 1 + random.nextInt(nodes - 1);
            boolean forward = random.nextInt(4) > 0;
            addEdge(flow, random, forward ? Math.min(from, to) : from, forward ? Math.max(from, to) : to, loops);
        }
        return flow.build();
    }

    private static void addEdge(FlowGraph.Builder flow, RandomGenerator random, int from, int to, boolean[] loops) {
        if (from == to && random.nextInt(10) > 0) {
            return;
        }
        if (random.nextInt(12) == 0) {
            flow.after("n" + to, "n" + from);
            return;
        }
        String port = Ports.MAIN;
        if (loops[from]) {
            port = random.nextInt(3) > 0
                    ? Ports.LOOP
                    : List.of(Ports.DONE, Ports.ERROR).get(random.nextInt(2));
        }
        flow.connect(new Connection("n" + from, port, "n" + to, Ports.MAIN));
    }
}
