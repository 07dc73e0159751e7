package dev.flowengine.graph;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How many connections can be taken together when each branch fires one of its ports. Connections that come from one
 * source through single-input nodes form a tree. Only its joints matter, where ways begin or part: at a branch the best
 * port counts, elsewhere the sum. O(k · log(nodes)) for k connections.
 */
final class ExclusiveWays {
    private final GraphIndex index;
    private final SingleInputs inputs;
    private final AncestorTree tree;

    ExclusiveWays(GraphIndex index, SingleInputs inputs) {
        this.index = index;
        this.inputs = inputs;
        this.tree = inputs.tree();
    }

    /**
     * Counts what can be had together. The count is exact if every group is one connection. For larger groups it is an
     * upper bound: of their own choices only that at the node where their ways part is looked at.
     *
     * @param groups connections by edge number; of each group one is enough
     * @return how many groups at most, and a branch that costs the others
     */
    Most mostTogether(List<int[]> groups) {
        int[] places = joints(groups.stream().mapToInt(this::place).toArray());
        Joint[] joints = IntStream.of(places).mapToObj(this::joint).toArray(Joint[]::new);
        for (int[] group : groups) {
            int place = place(group);
            joints[Arrays.binarySearch(places, place)].add(1, portsAt(place, group));
        }
        Joint lossy = joints[0];
        for (int i = joints.length - 1; i > 0; i--) {
            int parent = tree.commonAncestor(places[i - 1], places[i]);
            joints[Arrays.binarySearch(places, parent)].add(joints[i].most(), exits(parent, places[i]));
            lossy = joints[i].isLossy() ? joints[i] : lossy;
        }
        return new Most(joints[0].most(), lossy.flowNode, ports(lossy));
    }

    /** The ports groups leave a branch by, as the branch declares them. */
    private List<String> ports(Joint joint) {
        return Stream.concat(
                        joint.flowNode < 0 ? Stream.of() : index.node(joint.flowNode).outputs().stream(),
                        Stream.of(Ports.ERROR))
                .filter(joint.byPort::containsKey)
                .toList();
    }

    /** Where connections come from, where their ways part, and the root; in preorder, so that the root is first. */
    private int[] joints(int[] places) {
        int[] sorted = IntStream.concat(IntStream.of(AncestorTree.ROOT), IntStream.of(places))
                .sorted()
                .toArray();
        IntStream parting = IntStream.range(1, sorted.length).map(i -> tree.commonAncestor(sorted[i - 1], sorted[i]));
        return IntStream.concat(IntStream.of(sorted), parting)
                .sorted()
                .distinct()
                .toArray();
    }

    private Joint joint(int place) {
        int flowNode = inputs.flowNode(place);
        return new Joint(flowNode, flowNode >= 0 && index.node(flowNode).kind() == NodeKind.BRANCH);
    }

    /** The deepest tree node all connections of a group come through. */
    private int place(int[] group) {
        return IntStream.of(group)
                .map(edge -> inputs.treeNode(index.digraph().source(edge)))
                .reduce(tree::commonAncestor)
                .orElseThrow();
    }

    /** The ports of a tree node by which the connections of a group leave it. */
    private Set<String> portsAt(int place, int[] group) {
        if (place == AncestorTree.ROOT) {
            return Set.of();
        }
        return IntStream.of(group)
                .mapToObj(edge -> {
                    int source = inputs.treeNode(index.digraph().source(edge));
                    return source == place ? index.connection(edge).fromPort() : exitPort(place, source);
                })
                .collect(Collectors.toUnmodifiableSet());
    }

    private Set<String> exits(int ancestor, int below) {
        return ancestor == AncestorTree.ROOT ? Set.of() : Set.of(exitPort(ancestor, below));
    }

    private String exitPort(int ancestor, int below) {
        return index.connection(inputs.exit(ancestor, below)).fromPort();
    }

    /**
     * What can be taken together.
     *
     * @param count how many groups
     * @param branch a branch that fires one port where groups come from several; -1 if nothing is lost
     * @param ports the ports of that branch the groups come from
     */
    record Most(int count, int branch, List<String> ports) {}

    /** A place where ways begin or part. */
    private static final class Joint {
        private final int flowNode;
        private final boolean isBranch;
        private final Map<String, Integer> byPort = new HashMap<>();
        private int offered;
        private int best;

        Joint(int flowNode, boolean isBranch) {
            this.flowNode = flowNode;
            this.isBranch = isBranch;
        }

        /** Adds what can be had by any of some ports. */
        void add(int count, Set<String> ports) {
            offered += count;
            for (String port : isBranch ? ports : Set.<String>of()) {
                best = Math.max(best, byPort.merge(port, count, Integer::sum));
            }
        }

        int most() {
            return isBranch ? best : offered;
        }

        boolean isLossy() {
            return most() < offered;
        }
    }
}
