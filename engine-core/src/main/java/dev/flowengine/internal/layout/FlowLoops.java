package dev.flowengine.internal.layout;

import dev.flowengine.flow.Flow;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.DependencyResolver;
import dev.flowengine.graph.LoopRegion;
import dev.flowengine.graph.NodeKind;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The loops of a flow by number. Immutable. */
final class FlowLoops {
    private final List<LoopRegion> regions;
    private final Map<String, Integer> numbers;
    private final BitSet backEdges = new BitSet();
    private final int[] around;

    private FlowLoops(List<LoopRegion> regions, Map<String, Integer> numbers, List<Connection> connections) {
        this.regions = regions;
        this.numbers = numbers;
        this.around = new int[regions.isEmpty() ? 0 : numbers.size()];
        Arrays.fill(around, -1);
        Set<Connection> back = new HashSet<>();
        for (LoopRegion region : regions) {
            int loop = number(region.loop());
            region.nodes().forEach(id -> around[number(id)] = loop);
            back.addAll(region.back());
        }
        for (int edge = 0; !back.isEmpty() && edge < connections.size(); edge++) {
            backEdges.set(edge, back.contains(connections.get(edge)));
        }
    }

    static FlowLoops of(Flow flow, Map<String, Integer> numbers) {
        boolean any = flow.nodes().stream().anyMatch(node -> node.shape().kind() == NodeKind.LOOP);
        List<LoopRegion> regions = any ? DependencyResolver.of(flow.graph()).loops() : List.of();
        return new FlowLoops(regions, numbers, flow.graph().connections());
    }

    /** The loops, outer ones before inner ones. */
    List<LoopRegion> regions() {
        return regions;
    }

    int number(String nodeId) {
        return numbers.getOrDefault(nodeId, -1);
    }

    /** Whether a connection leads from the body of a loop back to it. */
    boolean isBack(int edge) {
        return backEdges.get(edge);
    }

    /** The innermost loop in whose body a node lies, or -1. */
    int around(int node) {
        return around.length == 0 ? -1 : around[node];
    }

    /** The outermost loop in whose body a node lies, or the node if it lies in none. */
    int outermost(int node) {
        int at = node;
        while (around(at) >= 0) {
            at = around(at);
        }
        return at;
    }

    /** Takes the body of a loop, if the node is one, from some nodes. */
    void clearBody(int loop, BitSet nodes) {
        regions.stream()
                .filter(region -> number(region.loop()) == loop)
                .flatMap(this::inside)
                .forEach(id -> nodes.clear(number(id)));
    }

    /** The ids of all nodes in the body of a loop, those in the bodies of inner loops included. */
    Stream<String> inside(LoopRegion loop) {
        Set<String> loops = new HashSet<>();
        Stream.Builder<String> inside = Stream.builder();
        for (LoopRegion region : regions) {
            boolean inner = region.within().filter(loops::contains).isPresent();
            // Outer ones come first.
            if (inner || region.loop().equals(loop.loop())) {
                loops.add(region.loop());
                region.nodes().forEach(inside);
            }
        }
        return inside.build();
    }

    /** What the loops wait for because it feeds their bodies: pairs of the numbers of source and loop. */
    int[][] waits() {
        return regions.stream()
                .flatMap(region -> region.waitsFor().stream().map(id -> new int[] {number(id), number(region.loop())}))
                .toArray(int[][]::new);
    }

    /** Adds the bodies of those loops that are among some nodes; true if there were any that were not. */
    boolean addBodies(BitSet nodes) {
        int before = nodes.cardinality();
        regions.stream()
                .filter(region -> nodes.get(number(region.loop())))
                .forEach(region -> region.nodes().forEach(id -> nodes.set(number(id))));
        return nodes.cardinality() > before;
    }
}
